//! The headers that every answer of a plane carries.

use http::StatusCode;
use http::header::{self, HeaderName, HeaderValue};
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

/// What of a request and of the emulator these headers depend on.
pub(crate) struct Circumstances {
    /// Whether the connection may serve another request, which HTTP/1.1 then says.
    pub(crate) keeps_alive: bool,
    pub(crate) client_request_id: Option<HeaderValue>,
    pub(crate) correlation_id: String,
    /// The `Server` header.
    pub(crate) server: &'static str,
    /// What is left of the budget that the call draws on, if any.
    pub(crate) remaining_calls: Option<String>,
}

/// Marks the answer to a deletion below `/acr/v1` that removed a tag: only those carry request ids there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TagRemoved;

/// Adds the headers that every answer of the route's plane carries.
pub(crate) fn finish(response: &mut Response, route: &Route, circumstances: &Circumstances) {
    let status = response.status();
    let has_ids = has_request_ids(response, route);
    let headers = response.headers_mut();
    set(headers, header::SERVER, circumstances.server);
    if circumstances.keeps_alive {
        headers.insert(header::CONNECTION, HeaderValue::from_static("keep-alive"));
    }
    let security = HeaderValue::from_static(TRANSPORT_SECURITY);
    headers.append(header::STRICT_TRANSPORT_SECURITY, security.clone());
    if *route == Route::Unknown {
        return;
    }
    set(headers, CORRELATION_ID, &circumstances.correlation_id);
    if let Some(remaining) = &circumstances.remaining_calls {
        set(headers, REMAINING_CALLS, remaining);
    }
    if matches!(route, Route::Exchange | Route::Token) {
        return;
    }
    headers.append(header::STRICT_TRANSPORT_SECURITY, security);
    headers.insert(API_VERSION, HeaderValue::from_static("registry/2.0"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if *route != Route::Malformed {
        for name in EXPOSED {
            headers.append(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(name));
        }
    }
    if has_ids {
        let id = circumstances.client_request_id.clone().unwrap_or_else(|| HeaderValue::from_static(""));
        headers.insert(CLIENT_REQUEST_ID, id);
        set(headers, REQUEST_ID, &Uuid::new_v4().to_string());
    }
    let bodyless = matches!(status, StatusCode::CREATED | StatusCode::ACCEPTED);
    if bodyless
        && !headers.contains_key(header::CONTENT_LENGTH)
        && !headers.contains_key(header::CONTENT_TYPE)
    {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}

/// Whether an answer names the request: those of `/v2` except challenges, redirects and lists, and below `/acr/v1` the
/// deletions that removed a tag.
fn has_request_ids(response: &Response, route: &Route) -> bool {
    let unnamed = matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::TEMPORARY_REDIRECT);
    let removed_tag = response.extensions().get::<TagRemoved>().is_some();
    let is_list = matches!(route, Route::V2Catalog | Route::V2Tags(_) | Route::Referrers(..));
    (route.is_v2() && !unnamed && !is_list) || removed_tag
}
