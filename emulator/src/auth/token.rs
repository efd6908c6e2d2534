//! The token service: `/oauth2/exchange` and `/oauth2/token`, in every grant. Returns tokens; `operation/tokens.rs`
//! makes responses of them.

use std::time::Duration;

use http::HeaderMap;

use super::credentials::Credentials;
use super::gate::Gate;
use super::identity::{Identity, TOKEN_USER};
use super::scope::Scope;
use super::secret::Secret;
use super::several_scopes::SeveralScopes;
use crate::protocol::query::Query;

/// How long an anonymous caller's access token lives at most.
const ANONYMOUS_LIFETIME: Duration = Duration::from_secs(1_200);

/// Why the token service issues no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenRefusal {
    /// The form lacks a field or has one with an unknown value.
    FormInvalid(&'static str),
    /// The tenant or the refresh token that was sent is not accepted.
    TokenNotAccepted,
    /// The Entra token that was sent is not accepted, with the message that says so.
    EntraTokenRejected(&'static str),
    /// The user name or the password is wrong.
    CredentialsWrong,
}

/// `POST /oauth2/exchange`: an Entra token (or, deprecated, a refresh token) for a refresh token of the registry.
///
/// Which Entra tokens are accepted is decided in `entra.rs`.
pub(crate) fn exchange(gate: &Gate<'_>, form: &Query, lifetime: Duration) -> Result<String, TokenRefusal> {
    let foreign = match form.get("grant_type") {
        Some("access_token" | "access_token_refresh_token") => form.get("access_token"),
        Some("refresh_token") => form.get("refresh_token"),
        _ => {
            return Err(TokenRefusal::FormInvalid(
                "grant_type must be access_token, access_token_refresh_token or refresh_token",
            ));
        }
    };
    if form.get("service").is_none_or(str::is_empty) {
        return Err(TokenRefusal::FormInvalid("service must name the registry"));
    }
    let tenant = form.get("tenant").filter(|tenant| !tenant.is_empty());
    if tenant.is_some_and(|tenant| !is_tenant(tenant)) {
        return Err(TokenRefusal::TokenNotAccepted);
    }
    let claims = foreign.and_then(|token| gate.entra.accept(token, gate.now));
    let claims = claims.ok_or(TokenRefusal::EntraTokenRejected(gate.entra.rejection))?;
    let subject = claims.subject.unwrap_or_else(|| TOKEN_USER.to_owned());
    let identity = gate.authority.entra(subject, claims.application, tenant.map(str::to_owned));
    Ok(gate.signer.refresh(&identity, &gate.site.login_server, gate.now, lifetime))
}

/// `POST /oauth2/token`: a refresh token, a password, or nothing at all, for an access token.
pub(crate) fn token_by_post(
    gate: &Gate<'_>,
    form: &Query,
    lifetime: Duration,
) -> Result<String, TokenRefusal> {
    let refresh_token = form.get("refresh_token").unwrap_or_default();
    let username = form.get("username").unwrap_or_default();
    let identity = match form.get("grant_type") {
        Some("refresh_token") => gate.authority.by_refresh_token(gate.signer, refresh_token, gate.now),
        Some("password") if !username.is_empty() => {
            let password = Secret::new(form.get("password").unwrap_or_default());
            match gate.authority.sign_in(gate.signer, username, &password, gate.now) {
                Some(identity) => Some(identity),
                None => return Err(TokenRefusal::CredentialsWrong),
            }
        }
        Some("password") if !refresh_token.is_empty() => {
            gate.authority.by_refresh_token(gate.signer, refresh_token, gate.now)
        }
        Some("password") => gate.authority.anonymous(),
        _ => return Err(TokenRefusal::FormInvalid("grant_type must be refresh_token or password")),
    };
    let identity = identity.ok_or(TokenRefusal::TokenNotAccepted)?;
    grant(gate, &identity, form, lifetime)
}

/// `GET /oauth2/token`: Basic credentials, or none, for an access token.
pub(crate) fn token_by_get(
    gate: &Gate<'_>,
    headers: &HeaderMap,
    query: &Query,
    lifetime: Duration,
) -> Result<String, TokenRefusal> {
    let identity = match Credentials::from_headers(headers) {
        Some(Credentials::Basic { username, password }) => {
            if username.is_empty() && password.is_empty() {
                gate.authority.anonymous()
            } else {
                gate.authority.sign_in(gate.signer, &username, &password, gate.now)
            }
        }
        Some(Credentials::Bearer(token)) => gate.authority.by_refresh_token(gate.signer, &token, gate.now),
        None => gate.authority.anonymous(),
    };
    match identity {
        Some(identity) => grant(gate, &identity, query, lifetime),
        None => Err(TokenRefusal::CredentialsWrong),
    }
}

/// A token with what of the scopes the identity has: a weaker one rather than a refusal.
fn grant(
    gate: &Gate<'_>,
    identity: &Identity,
    asked: &Query,
    lifetime: Duration,
) -> Result<String, TokenRefusal> {
    let lifetime =
        if matches!(identity, Identity::Anonymous) { lifetime.min(ANONYMOUS_LIFETIME) } else { lifetime };
    let mut scope = Scope::parse(asked.all("scope"));
    match gate.several_scopes {
        SeveralScopes::Grant => {}
        SeveralScopes::Narrow => scope.0.truncate(1),
        SeveralScopes::Refuse if scope.0.len() > 1 => return Err(TokenRefusal::TokenNotAccepted),
        SeveralScopes::Refuse => {}
    }
    let granted: Vec<_> = scope.0.iter().filter_map(|access| identity.grant(access)).collect();
    Ok(gate.signer.access(identity, &gate.site.login_server, gate.now, lifetime, &granted))
}

fn is_tenant(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}
