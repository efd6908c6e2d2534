//! The headers that every answer of a plane carries.

use http::header::{self, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use uuid::Uuid;

use super::build::{Response, set};
use crate::protocol::route::Route;

const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-client-request-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-ms-request-id");
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-ms-correlation-request-id");
const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");
const REMAINING_CALLS: HeaderName = HeaderName::from_static("x-ms-ratelimit-remaining-calls-per-second");
const EXPOSED: [&str; 4] =
    ["Docker-Content-Digest", "WWW-Authenticate", "Link", "X-Ms-Correlation-Request-Id"];
const TRANSPORT_SECURITY: &str = "max-age=31536000; includeSubDomains";

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
