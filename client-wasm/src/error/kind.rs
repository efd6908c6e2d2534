//! The kinds of failure.

use std::fmt;

/// What kind of failure it is: what a caller decides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request could not be made from the arguments, or the registry says that it makes no sense.
    InvalidInput,
    /// No answer came: no connection, no such host, CORS, or the connection broke.
    Network,
    /// The credential is missing, refused, or lacks the action (which [`Error::missing_action`] names).
    Unauthorized,
    /// The registry's firewall or policy refuses this caller.
    Forbidden,
    /// The registry does not know it.
    NotFound,
    /// A lock forbids it.
    Locked,
    /// Another change got in the way.
    Conflict,
    /// Too many requests; [`Error::retry_after`] says how long to wait.
    RateLimited,
    /// The bytes are not the content that the digest names.
    DigestMismatch,
    /// The answer is not in the form it should have.
    Decode,
    /// The answer breaks a rule of the protocol.
    Protocol,
    /// The registry failed.
    Server,
}

impl ErrorKind {
    /// The spelling that JavaScript callers see.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid-input",
            Self::Network => "network",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Locked => "locked",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate-limited",
            Self::DigestMismatch => "digest-mismatch",
            Self::Decode => "decode",
            Self::Protocol => "protocol",
            Self::Server => "server",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
