//! What the gateway itself answers when it cannot or may not forward: a status, a stable code and a sentence that says what to
//! do. The shape is the registry's own `{"errors":[…]}`, so that a client needs one decoder. Nothing here knows why.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

/// A refusal or failure of the gateway, as opposed to one that a registry answered.
///
/// Its code always starts with `GATEWAY_`, which no registry sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    allow: Option<&'static str>,
    cause: Option<String>,
}

impl Problem {
    /// A problem with a status, a code of the form `GATEWAY_…` and a sentence for the person who reads it.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), allow: None, cause: None }
    }

    /// The status it is answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The sentence, for people.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// With what caused it, for the gateway's operator: it is not part of the answer.
    #[must_use]
    pub(crate) fn with_cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// 400: the request itself is malformed or hostile.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "GATEWAY_BAD_REQUEST", message)
    }

    /// 400: a path that could mean something else to a program that decodes it again.
    pub fn hostile_path(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "GATEWAY_HOSTILE_PATH", message)
    }

    /// 403: understood, and not permitted by the gateway's configuration.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "GATEWAY_FORBIDDEN", message)
    }

    /// 404: nothing is served under this path.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "GATEWAY_NOT_FOUND", message)
    }

    /// 405: this path does not take this method, but those that are listed.
    pub fn method_not_allowed(allow: &'static str, message: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, "GATEWAY_METHOD_NOT_ALLOWED", message);
        Self { allow: Some(allow), ..problem }
    }

    /// 413: a body over its limit.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "GATEWAY_TOO_LARGE", message)
    }

    /// 502: the registry cannot be reached, or answered what cannot be passed on.
    pub fn bad_upstream(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, code, message)
    }

    /// 504: the registry took too long.
    pub fn upstream_timeout(message: impl Into<String>) -> Self {
        Self::new(StatusCode::GATEWAY_TIMEOUT, "GATEWAY_UPSTREAM_TIMEOUT", message)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "errors": [{ "code": self.code, "message": self.message }] });
        let mut response = Response::new(axum::body::Body::from(format!("{body}\n")));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        if self.status == StatusCode::TOO_MANY_REQUESTS || self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        // Metrics and logs read the code from here rather than from the body.
        response.extensions_mut().insert(ProblemCode(self.code));
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(ProblemCause(cause));
        }
        response
    }
}

/// The code of the [`Problem`] a response was made from, kept in the response's extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProblemCode(pub(crate) &'static str);

/// What caused the [`Problem`] a response was made from, for the gateway's operator.
#[derive(Debug, Clone)]
pub(crate) struct ProblemCause(pub(crate) String);
