//! A request as the operations see it, and reading its body.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::{BodyExt as _, Limited};

use crate::auth::{Access, Gate, ScopeOrder};
use crate::protocol::error::ApiError;
use crate::protocol::query::Query;
use crate::response::Refusal;
use crate::service::Service;

/// PATCH and form bodies are small.
const SMALL_BODY: u64 = 256 * 1024;

/// A request without its body.
pub(crate) struct Call<'a> {
    pub(crate) service: &'a Service,
    pub(crate) gate: Gate<'a>,
    pub(crate) method: Method,
    /// The path as sent.
    pub(crate) path: &'a str,
    pub(crate) query: Query,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) host: &'a str,
}

impl Call<'_> {
    /// Checks that the caller may make this call.
    pub(super) fn allow(&self, needed: Vec<Access>) -> Result<(), Refusal> {
        self.allow_in_order(needed, ScopeOrder::default())
    }

    /// Checks that the caller may make this call, with a challenge whose newest recorded order is `order`.
    pub(super) fn allow_in_order(&self, needed: Vec<Access>, order: ScopeOrder) -> Result<(), Refusal> {
        Ok(self.gate.check(self.headers, needed, self.service.scope_order(order))?)
    }

    pub(super) fn reads(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }

    /// The name that answers call the registry by.
    pub(super) fn registry_name(&self) -> &str {
        &self.gate.site.login_server
    }

    pub(super) fn header(&self, name: http::header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Why a body was not read.
pub(super) enum ReadError {
    TooLarge,
    Interrupted,
}

pub(super) async fn read(call: &Call<'_>, body: &mut Body, limit: u64) -> Result<Bytes, ReadError> {
    let announced = call.header(http::header::CONTENT_LENGTH).and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(ReadError::TooLarge);
    }
    let body = std::mem::take(body);
    match Limited::new(body, usize::try_from(limit).unwrap_or(usize::MAX)).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(ReadError::TooLarge),
        Err(_) => Err(ReadError::Interrupted),
    }
}

/// A small body, of a PATCH or a form.
pub(super) async fn read_small(call: &Call<'_>, body: &mut Body) -> Result<Bytes, ApiError> {
    read(call, body, SMALL_BODY).await.map_err(|error| match error {
        ReadError::TooLarge => ApiError::body_too_large(SMALL_BODY),
        ReadError::Interrupted => ApiError::attributes_invalid("the body ended early".to_owned()),
    })
}
