//! Building responses: bodies as the service writes them, refusals, and the headers common to each plane.

use axum::body::Body;
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use serde::Serialize;
use uuid::Uuid;

use crate::error::{ApiError, Detail, Refusal};
use crate::route::Route;

/// A response of the emulator.
pub type Response = http::Response<Body>;

/// Go answers bodies above this size chunked, without `Content-Length`; so does the service.
const LENGTH_KNOWN_UP_TO: usize = 2048;

const JSON: &str = "application/json; charset=utf-8";
pub(crate) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
pub(crate) const UPLOAD_UUID: HeaderName = HeaderName::from_static("docker-upload-uuid");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-ms-correlation-request-id");
const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");
const REMAINING_CALLS: HeaderName = HeaderName::from_static("x-ms-ratelimit-remaining-calls-per-second");
const EXPOSED: [&str; 4] =
    ["Docker-Content-Digest", "WWW-Authenticate", "Link", "X-Ms-Correlation-Request-Id"];
const TRANSPORT_SECURITY: &str = "max-age=31536000; includeSubDomains";

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

impl ApiError {
    /// The refusal as a response.
    #[must_use]
    pub(crate) fn into_response(self) -> Response {
        bytes(self.status, JSON, self.to_body())
    }
}

impl Refusal {
    /// The refusal as a response.
    #[must_use]
    pub(crate) fn into_response(self) -> Response {
        match self {
            Self::Api(error) => error.into_response(),
            Self::Unauthorized(challenge) => {
                let detail = challenge.detail();
                let mut response = ApiError::unauthorized(detail).into_response();
                set(response.headers_mut(), header::WWW_AUTHENTICATE, &challenge.to_string());
                response
            }
            Self::TokenRefused => {
                let mut response = empty(StatusCode::UNAUTHORIZED);
                response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
                response
            }
            Self::PageNotFound => {
                bytes(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", "404 page not found\n")
            }
            Self::HostInvalid => {
                let text = "the Host header is missing or names no host\n";
                bytes(StatusCode::BAD_REQUEST, "text/plain; charset=utf-8", text)
            }
            Self::UnknownRoute => bytes(StatusCode::NOT_FOUND, "application/octet-stream", "Not found"),
            Self::MethodNotAllowed(allow) => {
                let mut response = ApiError::unsupported().into_response();
                set(response.headers_mut(), header::ALLOW, allow);
                response
            }
        }
    }
}

/// The 401 of the token service that has a body: wrong credentials, rather than a wrong token.
pub(crate) fn credentials_refused() -> Response {
    ApiError::unauthorized(Detail::Null).into_response()
}

/// What of a request the common headers depend on.
pub(crate) struct Asked {
    pub(crate) method: Method,
    /// Whether the connection may serve another request, which HTTP/1.1 then says.
    pub(crate) keeps_alive: bool,
    pub(crate) client_request_id: Option<HeaderValue>,
    pub(crate) correlation_id: String,
}

/// Adds the headers that every answer of the route's plane carries.
pub(crate) fn finish(response: &mut Response, route: &Route, asked: &Asked) {
    let status = response.status();
    let headers = response.headers_mut();
    headers.insert(header::SERVER, HeaderValue::from_static("openresty"));
    if asked.keeps_alive {
        headers.insert(header::CONNECTION, HeaderValue::from_static("keep-alive"));
    }
    let security = HeaderValue::from_static(TRANSPORT_SECURITY);
    headers.append(header::STRICT_TRANSPORT_SECURITY, security.clone());
    match route {
        Route::Unknown => return,
        Route::Exchange | Route::Token => {
            set(headers, CORRELATION_ID, &asked.correlation_id);
            set(headers, REMAINING_CALLS, "166.650000");
            return;
        }
        _ => {}
    }
    headers.append(header::STRICT_TRANSPORT_SECURITY, security);
    set(headers, CORRELATION_ID, &asked.correlation_id);
    headers.insert(API_VERSION, HeaderValue::from_static("registry/2.0"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if *route != Route::Malformed {
        for name in EXPOSED {
            headers.append(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(name));
        }
    }
    let deletes = asked.method == Method::DELETE;
    let has_ids = (route.is_v2() || deletes) && *route != Route::Malformed;
    if has_ids && status != StatusCode::UNAUTHORIZED {
        let id = asked.client_request_id.clone().unwrap_or_else(|| HeaderValue::from_static(""));
        headers.insert(CLIENT_REQUEST_ID, id);
        set(headers, REQUEST_ID, &Uuid::new_v4().to_string());
    }
    if deletes && matches!(route, Route::Repository(_) | Route::Tag(..)) && status != StatusCode::UNAUTHORIZED
    {
        set(headers, REMAINING_CALLS, "8.000000");
    }
    let bodyless = matches!(status, StatusCode::CREATED | StatusCode::ACCEPTED);
    if bodyless
        && !headers.contains_key(header::CONTENT_LENGTH)
        && !headers.contains_key(header::CONTENT_TYPE)
    {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}
