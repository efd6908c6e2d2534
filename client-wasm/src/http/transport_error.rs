//! Why no response came, or why it broke off.

/// Why no answer came, or why it broke off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    message: String,
    unsendable: bool,
}

impl TransportError {
    /// An error with the reason that the browser, or another transport, gives.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), unsendable: false }
    }

    /// An error of a request that no transport could carry, and that was not sent: trying again is of no use.
    #[must_use]
    pub fn unsendable(message: impl Into<String>) -> Self {
        Self { message: message.into(), unsendable: true }
    }

    /// Whether the request itself is at fault, and was not sent.
    #[must_use]
    pub fn is_unsendable(&self) -> bool {
        self.unsendable
    }
}
