//! An operation's request before it is anybody's: no host, no token. Pure data, made by `operation`.

use bytes::Bytes;
use http::Method;

use crate::auth::Scope;
use crate::error::Error;
use crate::transport::Headers;

/// How a call signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Auth {
    /// Not at all: the calls of the token service itself.
    None,
    /// As the registry asks: nothing is known beforehand.
    Challenge,
    /// With a token for this scope, sent along from the start.
    Scope(Scope),
}

/// An operation's request.
#[derive(Clone)]
pub(crate) struct Call {
    /// The operation, as the API spells it.
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    /// Path and query below the endpoint, encoded.
    pub(crate) path: String,
    pub(crate) headers: Headers,
    pub(crate) body: Bytes,
    pub(crate) auth: Auth,
    /// The statuses that are no error.
    pub(crate) expected: &'static [u16],
    /// Whether it may be sent again when nobody knows whether it arrived.
    pub(crate) repeatable: bool,
}

impl Call {
    /// A call that reads and may be repeated.
    pub(crate) fn get(operation: &'static str, path: String, scope: Scope) -> Self {
        Self::new(operation, Method::GET, path, Auth::Scope(scope), &[200])
    }

    pub(crate) fn new(
        operation: &'static str,
        method: Method,
        path: String,
        auth: Auth,
        expected: &'static [u16],
    ) -> Self {
        let repeatable = matches!(method, Method::GET | Method::HEAD);
        Self {
            operation,
            method,
            path,
            headers: Headers::new(),
            body: Bytes::new(),
            auth,
            expected,
            repeatable,
        }
    }

    /// Marks a call as safe to repeat although its method is not: it leads to the same state however often it arrives.
    pub(crate) fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Adds a header field whose value came from outside.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Result<Self, Error> {
        if !Headers::is_value(value) {
            let message = format!("the value of the header {name} holds characters that no header may hold");
            return Err(Error::invalid_input(self.operation, message));
        }
        self.headers.set(name, value);
        Ok(self)
    }

    /// Adds a header field whose value is this crate's own.
    pub(crate) fn fixed_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.set(name, value);
        self
    }

    pub(crate) fn body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.fixed_header("content-type", content_type)
    }
}

/// Without header fields and body, which may hold a credential.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
