//! The storage listener: serves the addresses that blobs are redirected to, as Azure storage does.

use axum::body::Body;
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method, Request, StatusCode, header};
use uuid::Uuid;

use crate::operation::{Validator, read_blob};
use crate::protocol::query::Query;
use crate::protocol::time::Time;
use crate::registry::blob::Blob;
use crate::response::{Response, bytes, set};
use crate::service::Service;
use crate::storage::address::{AddressError, verify};

/// The range of storage clients, which wins over the one of HTTP.
const RANGE: HeaderName = HeaderName::from_static("x-ms-range");

/// Answers a request to the storage listener.
pub(crate) async fn answer(service: &Service, request: Request<Body>) -> Response {
    // Bodies cannot be shared between threads, and this one is not wanted.
    let (request, _) = request.into_parts();
    let mut response = match read(service, &request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    };
    let headers = response.headers_mut();
    set(headers, header::SERVER, "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0");
    set(headers, HeaderName::from_static("x-ms-request-id"), &Uuid::new_v4().to_string());
    set(headers, HeaderName::from_static("x-ms-version"), "2018-03-28");
    response
}

/// A refusal of storage: a status and an XML body.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    /// The size of the blob, for a range that it cannot satisfy.
    size: Option<u64>,
}

impl Refusal {
    fn into_response(self) -> Response {
        let Self { status, code, message, size } = self;
        let xml = format!(
            "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
        );
        let mut response = bytes(status, "application/xml", xml);
        set(response.headers_mut(), HeaderName::from_static("x-ms-error-code"), code);
        if let Some(size) = size {
            set(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{size}"));
        }
        response
    }
}

async fn read(service: &Service, request: &Parts) -> Result<Response, Refusal> {
    if request.headers.contains_key(header::AUTHORIZATION) {
        return Err(INVALID_AUTHENTICATION);
    }
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return Err(UNSUPPORTED_VERB);
    }
    let query = Query::parse(request.uri.query().unwrap_or_default());
    let digest =
        verify(&service.signer, request.uri.path(), &query, service.now()).map_err(|error| match error {
            AddressError::NoSuchPath => RESOURCE_NOT_FOUND,
            AddressError::Signature | AddressError::Expired => AUTHENTICATION_FAILED,
        })?;
    let blob = service.registry().any_blob(&digest).cloned().ok_or(BLOB_NOT_FOUND)?;
    let range = request.headers.get(RANGE).or_else(|| request.headers.get(header::RANGE));
    let range = range.and_then(|value| value.to_str().ok());
    let etag = format!("\"0x8D{}\"", digest.hex().get(..13).unwrap_or_default().to_uppercase());
    let last_modified = blob.since.to_http_date();
    let if_range = request.headers.get(header::IF_RANGE).and_then(|value| value.to_str().ok());
    let validator = Validator { if_range, etag: &etag, last_modified: &last_modified };
    let mut response =
        read_blob(service, &digest, &blob, range, validator).await.map_err(|error| match error.status {
            StatusCode::RANGE_NOT_SATISFIABLE => Refusal { size: Some(blob.size), ..INVALID_RANGE },
            StatusCode::NOT_FOUND => BLOB_NOT_FOUND,
            _ => INTERNAL_ERROR,
        })?;
    let headers = response.headers_mut();
    set(headers, header::ETAG, &etag);
    set(headers, header::LAST_MODIFIED, &last_modified);
    for (name, value) in BLOB_HEADERS {
        set(headers, HeaderName::from_static(name), value);
    }
    if blob.imported {
        add_copy(headers, &blob);
    }
    Ok(response)
}

/// What storage shows of a blob that was copied from another account.
fn add_copy(headers: &mut HeaderMap, blob: &Blob) {
    let size = blob.size;
    // The copy is complete before the registry writes to it for the last time.
    let copied = blob.since.unix_seconds().saturating_sub(1);
    let time = Time::from_unix_seconds(copied).to_http_date();
    for (name, value) in [
        ("x-ms-copy-completion-time", time.as_str()),
        ("x-ms-copy-id", &Uuid::new_v4().to_string()),
        ("x-ms-copy-progress", &format!("{size}/{size}")),
        ("x-ms-copy-source", "https://source.blob.core.windows.net/import"),
        ("x-ms-copy-status", "success"),
        ("x-ms-creation-time", time.as_str()),
    ] {
        set(headers, HeaderName::from_static(name), value);
    }
}

/// What storage says of every blob that a registry keeps.
const BLOB_HEADERS: [(&str, &str); 5] = [
    ("x-ms-blob-committed-block-count", "1"),
    ("x-ms-blob-type", "AppendBlob"),
    ("x-ms-lease-state", "available"),
    ("x-ms-lease-status", "unlocked"),
    ("x-ms-server-encrypted", "true"),
];

const INVALID_AUTHENTICATION: Refusal = Refusal {
    status: StatusCode::BAD_REQUEST,
    code: "InvalidAuthenticationInfo",
    message: "Authentication information is not given in the correct format. Check the value of Authorization header.",
    size: None,
};
const UNSUPPORTED_VERB: Refusal = Refusal {
    status: StatusCode::METHOD_NOT_ALLOWED,
    code: "UnsupportedHttpVerb",
    message: "The resource doesn't support specified Http Verb.",
    size: None,
};
const RESOURCE_NOT_FOUND: Refusal = Refusal {
    status: StatusCode::NOT_FOUND,
    code: "ResourceNotFound",
    message: "The specified resource does not exist.",
    size: None,
};
const BLOB_NOT_FOUND: Refusal = Refusal {
    status: StatusCode::NOT_FOUND,
    code: "BlobNotFound",
    message: "The specified blob does not exist.",
    size: None,
};
const AUTHENTICATION_FAILED: Refusal = Refusal {
    status: StatusCode::FORBIDDEN,
    code: "AuthenticationFailed",
    message: "Server failed to authenticate the request. Make sure the value of Authorization header is formed \
              correctly including the signature.",
    size: None,
};
const INVALID_RANGE: Refusal = Refusal {
    status: StatusCode::RANGE_NOT_SATISFIABLE,
    code: "InvalidRange",
    message: "The range specified is invalid for the current size of the resource.",
    size: None,
};
const INTERNAL_ERROR: Refusal = Refusal {
    status: StatusCode::INTERNAL_SERVER_ERROR,
    code: "InternalError",
    message: "The server encountered an internal error.",
    size: None,
};
