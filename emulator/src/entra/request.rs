//! An authorization request (RFC 6749, section 4.1.1; RFC 7636, section 4.3), parsed and checked. Pure.

use crate::auth::{EntraAccount, EntraSettings};
use crate::protocol::query::{Query, encode};

use super::error::EntraError;
use super::scopes::Scopes;

/// How the answer gets to the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseMode {
    Query,
    Fragment,
}

/// Which interaction the request wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompt {
    /// None, if the session allows.
    WhereNeeded,
    /// None at all: an error instead.
    Never,
    /// The choice of an account.
    SelectAccount,
}

impl Prompt {
    /// What a request asks for; `None` for a value that is not known.
    fn parse(query: &Query) -> Option<Self> {
        match query.get("prompt").unwrap_or_default() {
            "" => Some(Self::WhereNeeded),
            "none" => Some(Self::Never),
            "login" | "select_account" | "consent" => Some(Self::SelectAccount),
            _ => None,
        }
    }
}

/// What `login_hint` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    Account(EntraAccount),
    /// None of the tenant's accounts.
    Stranger,
}

/// A request that can be answered to its redirect URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AuthorizationRequest {
    pub(super) redirect_uri: String,
    pub(super) response_mode: ResponseMode,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) scopes: Scopes,
    pub(super) challenge: String,
    pub(super) prompt: Prompt,
    pub(super) hint: Option<Hint>,
}

/// Why a request is refused: on a page of the authority, or by a redirect to the application.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RequestRefusal {
    /// Where the redirect leads to cannot be trusted.
    OnPage(EntraError),
    /// The application receives the error.
    ByRedirect(Box<AuthorizationRequest>, EntraError),
}

impl AuthorizationRequest {
    /// Reads the parameters, and checks them against what is registered.
    pub(super) fn read(query: &Query, settings: &EntraSettings) -> Result<Self, RequestRefusal> {
        let client_id = query.get("client_id").unwrap_or_default();
        if client_id != settings.client_id {
            let message =
                format!("Application with identifier '{client_id}' was not found in the directory.");
            return Err(RequestRefusal::OnPage(EntraError::new("unauthorized_client", 700_016, message)));
        }
        let redirect_uri = query.get("redirect_uri").unwrap_or_default().to_owned();
        if !settings.redirect_uris.contains(&redirect_uri) {
            return Err(RequestRefusal::OnPage(redirect_uri_unknown(&redirect_uri, client_id)));
        }
        let text = |name: &str| query.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let request = Self {
            redirect_uri,
            response_mode: match query.get("response_mode") {
                Some("fragment") => ResponseMode::Fragment,
                _ => ResponseMode::Query,
            },
            state: text("state"),
            nonce: text("nonce"),
            scopes: Scopes::parse(query.get("scope").unwrap_or_default()),
            challenge: text("code_challenge").unwrap_or_default(),
            prompt: Prompt::parse(query).unwrap_or(Prompt::WhereNeeded),
            hint: text("login_hint")
                .map(|name| EntraAccount::from_username(&name).map_or(Hint::Stranger, Hint::Account)),
        };
        match request.flaw(query) {
            Some(error) => Err(RequestRefusal::ByRedirect(Box::new(request), error)),
            None => Ok(request),
        }
    }

    fn flaw(&self, query: &Query) -> Option<EntraError> {
        let refuse = |error, code, message: &str| Some(EntraError::new(error, code, message));
        if query.get("response_type") != Some("code") {
            return refuse("unsupported_response_type", 700_051, "response_type must be 'code'.");
        }
        if !matches!(query.get("response_mode"), None | Some("query" | "fragment")) {
            return refuse("invalid_request", 90_014, "response_mode must be 'query' or 'fragment'.");
        }
        // 43 characters are SHA-256 in base64url (RFC 7636, section 4.2).
        if query.get("code_challenge_method") != Some("S256") || self.challenge.len() != 43 {
            let message =
                "Proof Key for Code Exchange is required for cross-origin authorization code redemption.";
            return refuse("invalid_request", 9_002_325, message);
        }
        if self.scopes.is_empty() {
            return refuse("invalid_request", 900_144, "The request must contain the parameter 'scope'.");
        }
        if Prompt::parse(query).is_none() {
            return refuse("invalid_request", 90_023, "Unsupported 'prompt' value.");
        }
        self.scopes.resource().err()
    }

    /// The address that answers the request with `parameters`, to which its state is added.
    pub(super) fn answer(&self, parameters: &[(&str, &str)], state: Option<&str>) -> String {
        let state = state.map(|state| ("state", state));
        let pairs: Vec<String> = parameters
            .iter()
            .copied()
            .chain(state)
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        let separator = match self.response_mode {
            ResponseMode::Fragment => '#',
            ResponseMode::Query if self.redirect_uri.contains('?') => '&',
            ResponseMode::Query => '?',
        };
        format!("{}{separator}{}", self.redirect_uri, pairs.join("&"))
    }
}

/// The refusal of a redirect URI that is not registered, which the user reads on a page of the authority.
pub(super) fn redirect_uri_unknown(redirect_uri: &str, client_id: &str) -> EntraError {
    let message = format!(
        "The redirect URI '{redirect_uri}' specified in the request does not match the redirect URIs configured for the \
         application '{client_id}'."
    );
    EntraError::new("invalid_request", 50_011, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn settings() -> EntraSettings {
        EntraSettings {
            client_id: "app".into(),
            redirect_uris: vec!["https://a.example/x".into()],
            ..EntraSettings::default()
        }
    }

    fn query(replaced: &[(&str, &str)]) -> Query {
        let mut pairs = vec![
            ("client_id", "app"),
            ("redirect_uri", "https://a.example/x"),
            ("response_type", "code"),
            ("response_mode", "fragment"),
            ("scope", "openid https://containerregistry.azure.net/.default"),
            ("state", "s t"),
            ("code_challenge_method", "S256"),
            ("code_challenge", CHALLENGE),
        ];
        pairs.retain(|(name, _)| !replaced.iter().any(|(other, _)| other == name));
        pairs.extend(replaced);
        let text: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        Query::parse(&text.join("&"))
    }

    fn read(replaced: &[(&str, &str)]) -> Result<AuthorizationRequest, RequestRefusal> {
        AuthorizationRequest::read(&query(replaced), &settings())
    }

    #[test]
    fn a_request_is_answered_where_it_says() {
        let request = read(&[]).unwrap();
        assert_eq!(
            request.answer(&[("code", "c")], request.state.as_deref()),
            "https://a.example/x#code=c&state=s%20t"
        );
        let request = read(&[("response_mode", "query")]).unwrap();
        assert_eq!(request.answer(&[("code", "c")], None), "https://a.example/x?code=c");
    }

    #[test]
    fn what_cannot_be_trusted_is_refused_on_a_page() {
        for (name, value, code) in [
            ("client_id", "other", 700_016),
            ("redirect_uri", "https://a.example/", 50_011),
            ("redirect_uri", "https://a.example/x?y", 50_011),
            ("redirect_uri", "", 50_011),
        ] {
            let Err(RequestRefusal::OnPage(error)) = read(&[(name, value)]) else { panic!("{name}={value}") };
            assert_eq!(error.code, code);
        }
    }

    #[test]
    fn every_other_flaw_is_reported_to_the_application() {
        for (name, value, code) in [
            ("response_type", "token", 700_051),
            ("response_mode", "form_post", 90_014),
            ("code_challenge_method", "plain", 9_002_325),
            ("code_challenge", "short", 9_002_325),
            ("scope", "", 900_144),
            ("scope", "openid https://graph.microsoft.com/.default", 500_011),
            ("scope", "openid profile", 500_011),
            ("prompt", "bogus", 90_023),
            ("prompt", "none login", 90_023),
        ] {
            let Err(RequestRefusal::ByRedirect(_, error)) = read(&[(name, value)]) else {
                panic!("{name}={value}")
            };
            assert_eq!(error.code, code);
        }
    }

    #[test]
    fn prompt_and_hint_are_read() {
        let request = read(&[("prompt", "none"), ("login_hint", "Owner@contoso.example")]).unwrap();
        assert_eq!((request.prompt, request.hint), (Prompt::Never, Some(Hint::Account(EntraAccount::Owner))));
        assert_eq!(read(&[("login_hint", "other@contoso.example")]).unwrap().hint, Some(Hint::Stranger));
        assert_eq!(read(&[("login_hint", "")]).unwrap().hint, None);
        assert_eq!(read(&[("prompt", "select_account")]).unwrap().prompt, Prompt::SelectAccount);
    }
}
