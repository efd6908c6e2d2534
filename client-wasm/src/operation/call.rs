//! An operation's request before it has a host or a token. Pure data, made by `operation`.

use bytes::Bytes;
use http::Method;
use serde::Serialize;

use crate::error::Error;
use crate::http::Headers;
use crate::name::{RepositoryName, Scope};

pub(crate) const JSON: &str = "application/json";

/// What all requests of an operation have in common.
#[derive(Debug)]
pub(crate) struct Operation {
    /// As the API spells it.
    pub(crate) name: &'static str,
    pub(crate) method: &'static Method,
    /// The actions on the repository that its token is asked for.
    pub(crate) actions: &'static [&'static str],
    /// The statuses that are no error.
    pub(crate) expected: &'static [u16],
    /// Whether it may be sent again when it is unknown whether it arrived: it leads to the same state however often it does.
    pub(crate) repeatable: bool,
}

impl Operation {
    /// An operation that reads, and may be repeated.
    pub(crate) const fn reading(name: &'static str, actions: &'static [&'static str]) -> Self {
        Self { name, method: &Method::GET, actions, expected: &[200], repeatable: true }
    }

    /// An operation that changes something.
    pub(crate) const fn writing(
        name: &'static str,
        method: &'static Method,
        actions: &'static [&'static str],
        expected: &'static [u16],
    ) -> Self {
        Self { name, method, actions, expected, repeatable: false }
    }
}

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

/// What is made of the body of an answer, as long as a broken connection can still be mended by sending the call again.
#[derive(Clone, Copy)]
pub(crate) enum Take {
    /// Its bytes, up to so many.
    Bytes(usize),
    /// Nothing yet: it is read as it comes.
    Stream,
}

/// An operation's request.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) operation: &'static Operation,
    /// Path and query below the endpoint, encoded.
    pub(crate) path: String,
    pub(crate) headers: Headers,
    pub(crate) body: Bytes,
    pub(crate) auth: Auth,
    pub(crate) take: Take,
}

impl Call {
    /// A call to something of a repository, signed in for the operation's actions on it. The path comes in parts.
    pub(crate) fn on(operation: &'static Operation, repository: &RepositoryName, path: &[&str]) -> Self {
        let scope = Scope::repository(repository.as_str(), operation.actions);
        Self::new(operation, path.concat(), Auth::Scope(scope))
    }

    pub(crate) fn new(operation: &'static Operation, path: String, auth: Auth) -> Self {
        let (headers, body) = (Headers::new(), Bytes::new());
        Self { operation, path, headers, body, auth, take: Take::Bytes(usize::MAX) }
    }

    pub(crate) fn take(mut self, take: Take) -> Self {
        self.take = take;
        self
    }

    /// Adds a header field whose value came from outside.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Result<Self, Error> {
        if !Headers::is_value(value) {
            let message =
                ["the value of the header ", name, " holds characters that no header may hold"].concat();
            return Err(Error::invalid_input(self.operation.name, message));
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
        write!(f, "{} {}", self.operation.method, self.path)
    }
}

/// A value as the body of a request.
pub(crate) fn to_json(operation: &'static str, value: &impl Serialize) -> Result<Bytes, Error> {
    serde_json::to_vec(value).map(Bytes::from).map_err(|error| {
        Error::invalid_input(operation, format!("the value cannot be written as JSON: {error}"))
    })
}
