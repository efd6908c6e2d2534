//! The one error type of this crate. No JavaScript value, token, credential or query string is ever in it.

use std::fmt;
use std::time::Duration;

use super::kind::ErrorKind;
use super::registry::AcrErrorInfo;
use crate::http::TransportError;
use crate::name::{Access, NameError, Scope};

/// Why an operation failed. Cheap to clone and to move: callers that waited for the same token share one.
#[derive(Clone, PartialEq)]
pub struct Error(pub(super) Box<Inner>);

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Inner {
    pub(super) kind: ErrorKind,
    pub(super) operation: &'static str,
    pub(super) message: String,
    pub(super) status: Option<u16>,
    pub(super) errors: Vec<AcrErrorInfo>,
    pub(super) request_id: Option<String>,
    pub(super) retry_after: Option<Duration>,
    pub(super) missing: Option<Scope>,
    pub(super) outcome_unknown: bool,
}

impl Error {
    /// The error of an [`crate::EntraTokenSource`] that has no token to give: why, in words without any part of a token.
    #[must_use]
    pub fn no_token(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unauthorized, "RefreshTokens_GetFromExchange", message)
    }

    pub(crate) fn new(kind: ErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation,
            message: message.into(),
            status: None,
            errors: Vec::new(),
            request_id: None,
            retry_after: None,
            missing: None,
            outcome_unknown: false,
        }))
    }

    pub(crate) fn invalid_input(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, operation, message)
    }

    pub(crate) fn protocol(operation: &'static str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Protocol, operation, message)
    }

    pub(crate) fn decode(operation: &'static str, error: &serde_json::Error) -> Self {
        Self::new(ErrorKind::Decode, operation, format!("the registry's answer cannot be read: {error}"))
    }

    pub(crate) fn network(operation: &'static str, error: &TransportError) -> Self {
        if error.is_unsendable() {
            return Self::invalid_input(operation, format!("the request cannot be sent: {error}"));
        }
        Self::new(ErrorKind::Network, operation, format!("no answer from the registry: {error}"))
    }

    pub(crate) fn digest_mismatch(operation: &'static str, expected: &str, actual: &str) -> Self {
        let message = format!("the bytes are not the content asked for: expected {expected}, got {actual}");
        Self::new(ErrorKind::DigestMismatch, operation, message)
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed, as the API spells it, for instance `Tag_Delete`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The status of the answer, where one came.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// What failed and what to do, without the operation's name.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The registry's own errors. Hostile text, cut to a readable length.
    #[must_use]
    pub fn errors(&self) -> &[AcrErrorInfo] {
        &self.0.errors
    }

    /// The id under which the registry's operators find the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the registry asks to wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The permission that the credential lacks, where the registry named one: the first of them.
    #[must_use]
    pub fn missing_action(&self) -> Option<&Access> {
        self.0.missing.as_ref()?.accesses().first()
    }

    pub(crate) fn missing_scope(&self) -> Option<&Scope> {
        self.0.missing.as_ref()
    }

    /// Whether the registry may have done what was asked although no good answer came.
    pub(crate) fn outcome_unknown(&self) -> bool {
        self.0.outcome_unknown
    }

    pub(crate) fn with_outcome_unknown(mut self) -> Self {
        self.0.outcome_unknown = true;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    pub(crate) fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    pub(crate) fn with_missing(mut self, missing: Option<Scope>) -> Self {
        self.0.missing = missing;
        self
    }

    /// The same failure, as one of the operation that needed it: signing in, for instance, is part of every operation.
    pub(crate) fn in_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = operation;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.operation {
            "" => f.write_str(&self.0.message),
            operation => write!(f, "{operation} failed: {}", self.0.message),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Error {}

impl From<NameError> for Error {
    fn from(error: NameError) -> Self {
        Self::invalid_input("", error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_which_operation_failed_and_why() {
        let error = Error::invalid_input("Tag_Delete", "no such thing");
        assert_eq!(error.to_string(), "Tag_Delete failed: no such thing");
        assert_eq!(error.kind().as_str(), "invalid-input");
    }
}
