//! Building responses: bodies as the service writes them.

use axum::body::Body;
use bytes::Bytes;
use http::StatusCode;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http_body_util::{BodyExt as _, Collected};
use serde::Serialize;

/// A response of the emulator.
pub type Response = http::Response<Body>;

/// Go answers bodies above this size chunked, without `Content-Length`; so does the service.
const LENGTH_KNOWN_UP_TO: usize = 2048;

pub(crate) const JSON: &str = "application/json; charset=utf-8";
pub(crate) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
pub(crate) const UPLOAD_UUID: HeaderName = HeaderName::from_static("docker-upload-uuid");

/// A response without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    with_body(status, Body::empty())
}

/// A response with any body.
pub(crate) fn with_body(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

/// A response with bytes of one content type and their length.
pub(crate) fn bytes(status: StatusCode, content_type: &str, bytes: impl Into<Bytes>) -> Response {
    let bytes = bytes.into();
    let length = bytes.len();
    let mut response = with_body(status, Body::from(bytes));
    set(response.headers_mut(), header::CONTENT_TYPE, content_type);
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// Compact JSON and a newline; larger bodies are chunked.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let Ok(mut text) = serde_json::to_string(value) else {
        return empty(StatusCode::INTERNAL_SERVER_ERROR);
    };
    text.push('\n');
    if text.len() <= LENGTH_KNOWN_UP_TO { bytes(status, JSON, text) } else { chunked_json(status, text) }
}

/// JSON without a length, as the token service writes it.
pub(crate) fn chunked_json(status: StatusCode, text: String) -> Response {
    let stream = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(Bytes::from(text))]);
    let mut response = with_body(status, Body::from_stream(stream));
    set(response.headers_mut(), header::CONTENT_TYPE, JSON);
    response
}

/// Sets a header to text; text that cannot be a header value is left out.
pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Adds the `Link` to the next page, if there is one.
pub(crate) fn with_link(mut response: Response, link: Option<String>) -> Response {
    if let Some(link) = link {
        set(response.headers_mut(), header::LINK, &link);
    }
    response
}

/// Takes the closing newline off a JSON document, as it was in May 2021.
pub(crate) async fn without_closing_newline(response: Response) -> Response {
    let is_json =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes() == JSON.as_bytes());
    if !is_json {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let text = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let text = text.strip_suffix(b"\n").map_or(text.clone(), |shorter| text.slice_ref(shorter));
    if parts.headers.contains_key(header::CONTENT_LENGTH) {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    }
    Response::from_parts(parts, Body::from(text))
}
