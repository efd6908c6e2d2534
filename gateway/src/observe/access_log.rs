//! What is logged of a request: one access line for each, and two audit lines for each write. No query, header or token is logged.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};

use super::logging::{AUDIT, AUDIT_INTENT};
use crate::inbound::caller::Caller;
use crate::observe::reported::Passed;
use crate::problem::Problem;
use crate::route::operation::Call;

/// The header in which ACR takes a caller's id for a request and gives it back.
pub(crate) const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");
/// The header in which ACR gives its own id of an exchange.
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-ms-correlation-request-id");

/// The id of a request: the caller's own when it is one, else a new one. It is sent to the registry, so that its logs match.
pub(crate) fn request_id(headers: &HeaderMap) -> HeaderValue {
    let plain = |value: &&HeaderValue| {
        let bytes = value.as_bytes();
        (1..=64).contains(&bytes.len())
            && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    headers.get(CLIENT_REQUEST_ID).filter(plain).cloned().unwrap_or_else(|| {
        let mut buffer = uuid::Uuid::encode_buffer();
        let text: &str = uuid::Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
        HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("unknown"))
    })
}

/// What is known of a request once it is answered.
pub(crate) struct Entry<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) id: &'a HeaderValue,
    pub(crate) caller: &'a Caller,
    pub(crate) registry: &'a str,
    pub(crate) operation: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) code: Option<&'static str>,
    pub(crate) answer: &'a HeaderMap,
    pub(crate) took: Duration,
}

/// The access line of a request: made when its answer begins, written when that has ended.
pub(crate) struct AccessLine {
    id: HeaderValue,
    correlation_id: Option<HeaderValue>,
    client: IpAddr,
    method: Method,
    uri: Uri,
    registry: Arc<str>,
    operation: &'static str,
    status: StatusCode,
    code: Option<&'static str>,
    head: Duration,
}

impl AccessLine {
    pub(crate) fn new(entry: &Entry<'_>, registry: &Arc<str>) -> Self {
        Self {
            id: entry.id.clone(),
            correlation_id: entry.answer.get(CORRELATION_ID).cloned(),
            client: entry.caller.address,
            method: entry.parts.method.clone(),
            uri: entry.parts.uri.clone(),
            registry: Arc::clone(registry),
            operation: entry.operation,
            status: entry.status,
            code: entry.code,
            head: entry.took,
        }
    }

    /// Writes it: `took` is the whole time, to the end of the answer's body.
    pub(crate) fn write(&self, passed: Passed, took: Duration) {
        tracing::info!(
            target: "acr_gateway::access",
            request_id = text(&self.id),
            correlation_id = self.correlation_id.as_ref().map(text),
            client = %self.client,
            method = self.method.as_str(),
            path = self.uri.path(),
            registry = &*self.registry,
            operation = self.operation,
            status = self.status.as_u16(),
            code = self.code,
            head_ms = self.head.as_secs_f64() * 1e3,
            duration_ms = took.as_secs_f64() * 1e3,
            bytes = passed.bytes,
            aborted = passed.aborted,
            "request"
        );
    }
}

/// Writes the access line of a request that was refused before it was known what it is.
pub(crate) fn refused(parts: &Parts, id: &HeaderValue, client: IpAddr, problem: &Problem) {
    tracing::info!(
        target: "acr_gateway::access",
        request_id = text(id),
        client = %client,
        method = parts.method.as_str(),
        path = parts.uri.path(),
        status = problem.status().as_u16(),
        code = problem.code(),
        "refused"
    );
}

/// Writes the audit line that a write is about to be sent.
pub(crate) fn audit_intent(entry: &Entry<'_>, action: &'static str, call: &Call) {
    tracing::info!(
        target: AUDIT_INTENT,
        request_id = text(entry.id),
        user = entry.caller.user.as_deref(),
        client = %entry.caller.address,
        registry = entry.registry,
        action,
        operation = entry.operation,
        path = entry.parts.uri.path(),
        repository = call.repository.as_deref(),
        reference = call.reference.as_deref(),
        digest = call.digest.as_deref(),
        from = call.from.as_deref(),
        "sending"
    );
}

/// Writes the audit line of a write with its outcome.
pub(crate) fn audit(entry: &Entry<'_>, action: &'static str, call: &Call) {
    tracing::info!(
        target: AUDIT,
        request_id = text(entry.id),
        correlation_id = entry.answer.get(CORRELATION_ID).map(text),
        user = entry.caller.user.as_deref(),
        client = %entry.caller.address,
        registry = entry.registry,
        action,
        operation = entry.operation,
        path = entry.parts.uri.path(),
        repository = call.repository.as_deref(),
        reference = call.reference.as_deref(),
        digest = call.digest.as_deref(),
        from = call.from.as_deref(),
        status = entry.status.as_u16(),
        code = entry.code,
        "write"
    );
}

fn text(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or("unreadable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_id_is_kept_only_when_it_is_plain() {
        let mut headers = HeaderMap::new();
        headers.insert(CLIENT_REQUEST_ID, HeaderValue::from_static("6f9619ff-8b86-d011-b42d-00c04fc964ff"));
        assert_eq!(request_id(&headers), "6f9619ff-8b86-d011-b42d-00c04fc964ff");
        headers.insert(CLIENT_REQUEST_ID, HeaderValue::from_static("a b\"c"));
        assert_eq!(request_id(&headers).len(), 36);
    }
}
