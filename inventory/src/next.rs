//! What an error means for the request that met it and for those after it, where many are sent in a row. Pure.

use std::time::Duration;

use acr_client_wasm::{Error, ErrorKind};

/// How to go on after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The registry asked to wait: the request is sent again afterwards.
    Wait(Duration),
    /// Every further request would fail for the same reason.
    Pause,
    /// The registry failed: the request may succeed when it is sent again.
    Retry,
    /// This request failed for good; others may succeed.
    Fail,
}

impl Next {
    /// How to go on after this error. The client has sent again what it may by then.
    #[must_use]
    pub fn after(error: &Error) -> Self {
        let is_refused = error.missing_action().is_none();
        Self::decide(error.kind(), error.status(), is_refused, error.retry_after())
    }

    /// `is_refused`: whether a refusal is of the credential, and not of a permission that it lacks.
    fn decide(kind: ErrorKind, status: Option<u16>, is_refused: bool, wait: Option<Duration>) -> Self {
        /// Where the registry asked to wait without stating how long.
        const PAUSE: Duration = Duration::from_secs(10);
        /// No registry asks for more; a field that states years is not a reason to do nothing.
        const LONGEST: Duration = Duration::from_secs(60 * 60);
        match kind {
            ErrorKind::RateLimited => Self::Wait(wait.unwrap_or(PAUSE).min(LONGEST)),
            ErrorKind::Network => Self::Pause,
            // A missing permission concerns one repository, a refused credential all of them.
            ErrorKind::Unauthorized if is_refused => Self::Pause,
            // The gateway's answers where the registry does not answer.
            ErrorKind::Server if matches!(status, Some(502..=504)) => Self::Pause,
            ErrorKind::Server => Self::Retry,
            _ => Self::Fail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_concerns_every_request_pauses_and_what_concerns_one_fails() {
        let wait = Some(Duration::from_secs(3));
        for (kind, status, is_refused, next) in [
            (ErrorKind::RateLimited, Some(429), true, Next::Wait(Duration::from_secs(3))),
            (ErrorKind::Network, None, true, Next::Pause),
            (ErrorKind::Unauthorized, Some(401), true, Next::Pause),
            (ErrorKind::Unauthorized, Some(401), false, Next::Fail),
            (ErrorKind::Server, Some(502), true, Next::Pause),
            (ErrorKind::Server, Some(504), true, Next::Pause),
            (ErrorKind::Server, Some(500), true, Next::Retry),
            (ErrorKind::Forbidden, Some(403), true, Next::Fail),
            (ErrorKind::Locked, Some(405), true, Next::Fail),
            (ErrorKind::NotFound, Some(404), true, Next::Fail),
        ] {
            assert_eq!(Next::decide(kind, status, is_refused, wait), next, "{kind:?} {status:?}");
        }
        let ages = Some(Duration::from_secs(u64::MAX));
        let held = Next::decide(ErrorKind::RateLimited, Some(429), true, ages);
        assert_eq!(held, Next::Wait(Duration::from_secs(3600)));
        let unstated = Next::decide(ErrorKind::RateLimited, Some(429), true, None);
        assert_eq!(unstated, Next::Wait(Duration::from_secs(10)));
    }
}
