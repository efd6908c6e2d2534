//! The operations, one file a resource. Each checks the method and the caller, asks or changes the state, and builds
//! the answer; what the answer has in common with others is added behind it.

pub(crate) mod blobs;
mod manifests;
mod referrers;
mod repositories;
mod tags;
mod tokens;
mod uploads;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::{BodyExt as _, Limited};

use crate::auth::{Access, Gate};
use crate::error::{ApiError, Refusal};
use crate::query::Query;
use crate::response::{Response, bytes};
use crate::route::Route;
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
    fn allow(&self, needed: Vec<Access>) -> Result<(), Refusal> {
        self.gate.check(self.headers, needed)
    }

    fn reads(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD)
    }

    /// The name that answers call the registry by.
    fn registry_name(&self) -> &str {
        &self.gate.site.login_server
    }

    fn header(&self, name: http::header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Answers a request. What is left of `body` was not needed.
pub(crate) async fn answer(call: &Call<'_>, route: &Route, body: &mut Body) -> Result<Response, Refusal> {
    match route {
        Route::Unknown => Err(Refusal::UnknownRoute),
        Route::Malformed => Err(Refusal::PageNotFound),
        Route::Health => Ok(bytes(StatusCode::OK, "text/plain; charset=utf-8", "ok\n")),
        Route::Support => repositories::support(call),
        Route::Exchange => tokens::exchange(call, body).await,
        Route::Token => tokens::token(call, body).await,
        Route::Catalog => repositories::catalog(call),
        Route::V2Catalog => repositories::catalog(call),
        Route::Repository(name) => repositories::attributes(call, name, body).await,
        Route::Tags(name) => tags::list(call, name),
        Route::V2Tags(name) => tags::list_v2(call, name),
        Route::Tag(name, tag) => tags::attributes(call, name, tag, body).await,
        Route::Manifests(name) => manifests::list(call, name),
        Route::ManifestAttributes(name, reference) => {
            manifests::attributes(call, name, reference, body).await
        }
        Route::Manifest(name, reference) => manifests::content(call, name, reference, body).await,
        Route::Blob(name, digest) => blobs::blob(call, name, digest).await,
        Route::Uploads(name) => uploads::start(call, name, body).await,
        Route::Upload(name, id) => uploads::session(call, name, id, body).await,
        Route::Referrers(name, digest) => referrers::list(call, name, digest),
    }
}

/// Why a body was not read.
enum ReadError {
    TooLarge,
    Interrupted,
}

async fn read(call: &Call<'_>, body: &mut Body, limit: u64) -> Result<Bytes, ReadError> {
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
async fn read_small(call: &Call<'_>, body: &mut Body) -> Result<Bytes, ApiError> {
    read(call, body, SMALL_BODY).await.map_err(|error| match error {
        ReadError::TooLarge => ApiError::body_too_large(SMALL_BODY),
        ReadError::Interrupted => ApiError::attributes_invalid("the body ended early".to_owned()),
    })
}
