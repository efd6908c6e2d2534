//! A failure as the page shows it: what failed, why, and what to do. Made from the client's errors; shown by `component/`.

use acr_client_wasm::{Error, ErrorKind};

use crate::text::failure as text;

/// What a failure is about, as far as the page treats failures differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// The session may not do this, or its credential was refused or has expired.
    SignIn,
    /// There is no such thing.
    NotFound,
    /// A lock forbids it.
    Locked,
    /// Too many requests; worth trying again later.
    Throttled,
    /// The proxy in front of the page asks for a sign-in.
    ProxySession,
    /// No answer: network, gateway or registry gone.
    Unreachable,
    /// It came, but is not what it says it is.
    Unreadable,
    /// Anything else.
    Other,
}

/// A failure in words for the person in front of the page. Holds no credential and no query string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Which of the few kinds it is.
    pub(crate) kind: FailureKind,
    /// What failed: "Repository team/app could not be opened".
    pub(crate) what: String,
    /// Why, in the registry's words where it gave any.
    pub(crate) why: String,
    /// What to do about it.
    pub(crate) remedy: String,
    /// The registry's error code, or the HTTP status.
    pub(crate) code: Option<Box<str>>,
    /// The registry's id of the request, for its support.
    pub(crate) request_id: Option<Box<str>>,
}

impl Failure {
    /// A failure that did not come from a request.
    pub(crate) fn local(what: impl Into<String>, why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Other,
            what: what.into(),
            why: why.into(),
            remedy: remedy.into(),
            code: None,
            request_id: None,
        }
    }

    /// An error of the client, met while doing `what`.
    pub(crate) fn of(what: impl Into<String>, error: &Error) -> Self {
        let first = error.errors().first();
        let denied = first.is_some_and(|info| info.code == "DENIED");
        let said = first.map(|info| info.message.trim()).filter(|message| !message.is_empty());
        let (kind, why, remedy) = match error.kind() {
            ErrorKind::InvalidInput => (FailureKind::Other, None, text::CHECK_INPUT.to_owned()),
            ErrorKind::Network if error.message().ends_with(text::PROXY_ENDED) => {
                (FailureKind::ProxySession, Some(text::PROXY_ENDED), text::RELOAD_PAGE_REMEDY.to_owned())
            }
            ErrorKind::Network => {
                (FailureKind::Unreachable, Some(text::NO_ANSWER), text::CHECK_GATEWAY.to_owned())
            }
            ErrorKind::Unauthorized => unauthorized(error),
            ErrorKind::Forbidden if denied => (FailureKind::SignIn, None, text::FIREWALL.to_owned()),
            ErrorKind::Forbidden => (FailureKind::SignIn, None, text::ASK_FOR_RIGHTS.to_owned()),
            ErrorKind::NotFound => (FailureKind::NotFound, None, text::CHECK_NAME.to_owned()),
            ErrorKind::Locked => (FailureKind::Locked, None, text::UNLOCK_FIRST.to_owned()),
            ErrorKind::Conflict => (FailureKind::Other, None, text::REFRESH.to_owned()),
            ErrorKind::RateLimited => {
                // Where the client itself delays requests, the registry has given no reason.
                let why = said.is_none().then_some(text::TOO_MANY);
                (FailureKind::Throttled, why, text::wait(error.retry_after()))
            }
            ErrorKind::DigestMismatch => (FailureKind::Other, None, text::DIGEST_MISMATCH.to_owned()),
            ErrorKind::Decode | ErrorKind::Protocol => {
                (FailureKind::Other, Some(text::NOT_A_REGISTRY), text::CHECK_UPSTREAM.to_owned())
            }
            ErrorKind::Server if matches!(error.status(), Some(502..=504)) => {
                (FailureKind::Unreachable, Some(text::REGISTRY_GONE), text::CHECK_REGISTRY.to_owned())
            }
            _ => (FailureKind::Other, None, text::TRY_AGAIN.to_owned()),
        };
        let why = reason(why, said, error.missing_action().is_some()).unwrap_or_else(|| error.to_string());
        Self {
            kind,
            what: what.into(),
            why,
            remedy,
            code: first
                .map(|info| info.code.clone())
                .filter(|code| !code.is_empty())
                .or_else(|| error.status().map(|status| format!("HTTP {status}")))
                .map(Into::into),
            request_id: error.request_id().map(Into::into),
        }
    }

    /// The failure in one or two sentences, for live regions and result lists.
    pub(crate) fn sentence(&self) -> String {
        format!("{}: {} {}", self.what, self.why.trim_end_matches('.').to_owned() + ".", self.remedy)
    }
}

/// Why it failed: in the page's words and the registry's. Where the missing permission is known the registry's are left
/// out: they ask for a sign-in ("authentication required"), and the credential is not what is wrong.
fn reason(own: Option<&str>, said: Option<&str>, missing: bool) -> Option<String> {
    match (own, said) {
        (Some(own), Some(said)) if !missing => Some(format!("{own} {said}")),
        (own, said) => own.or(said).map(str::to_owned),
    }
}

fn unauthorized(error: &Error) -> (FailureKind, Option<&'static str>, String) {
    match error.missing_action() {
        Some(action) => (FailureKind::SignIn, Some(text::MISSING_RIGHT), text::needs(&action.to_string())),
        None => (FailureKind::SignIn, Some(text::REFUSED), text::SIGN_IN_AGAIN.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_permission_is_not_shown_as_a_failed_sign_in() {
        let said = Some("authentication required");
        assert_eq!(reason(Some(text::MISSING_RIGHT), said, true).as_deref(), Some(text::MISSING_RIGHT));
        assert_eq!(
            reason(Some(text::REFUSED), said, false),
            Some(format!("{} authentication required", text::REFUSED))
        );
        assert_eq!(reason(None, said, true).as_deref(), said);
        assert_eq!(reason(None, None, false), None);
    }
}
