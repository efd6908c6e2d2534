//! Blobs: pull (by redirect or directly), check and removal.

use http::{Method, StatusCode, header};

use super::call::Call;
use super::download::{Validator, read_blob};
use crate::auth::Access;
use crate::protocol::error::ApiError;
use crate::protocol::name::{Digest, RepositoryName};
use crate::registry::blob::Blob;
use crate::response::{CONTENT_DIGEST, Refusal, Response, bytes, empty, set};

/// `Blob_Get`, `Blob_GetChunk`, `Blob_Check`, `Blob_CheckChunk`, `Blob_Delete`
pub(super) async fn blob(
    call: &Call<'_>,
    name: &RepositoryName,
    digest: &Digest,
) -> Result<Response, Refusal> {
    match call.method {
        Method::GET | Method::HEAD => {
            call.allow(vec![Access::repository(name, &["pull"])])?;
            let Some(found) = call.service.registry().blob(name, digest)?.cloned() else {
                return Ok(unknown(digest));
            };
            if call.method == Method::HEAD {
                return Ok(check(digest, found.size));
            }
            match call.service.storage_address(call.host, digest) {
                Some(address) => Ok(redirect(digest, &address.to_string())),
                None => direct(call, digest, &found).await,
            }
        }
        Method::DELETE => {
            call.allow(vec![Access::repository(name, &["delete"])])?;
            call.service.change(|registry| registry.delete_blob(name, digest)).await?;
            Ok(empty(StatusCode::ACCEPTED))
        }
        _ => Err(Refusal::MethodNotAllowed("GET, DELETE")),
    }
}

/// The answer to a pull of a blob that is not there, which nothing may cache: it may be uploaded next.
fn unknown(digest: &Digest) -> Response {
    let mut response = ApiError::blob_unknown_digest(digest).into_response();
    set(response.headers_mut(), header::CACHE_CONTROL, "no-cache");
    response
}

/// The answer to HEAD, which knows no ranges.
fn check(digest: &Digest, size: u64) -> Response {
    let mut response = empty(StatusCode::OK);
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, "application/octet-stream");
    headers.insert(header::CONTENT_LENGTH, size.into());
    set(headers, CONTENT_DIGEST, digest.as_str());
    response
}

/// The answer that sends the client to storage, with the body that Go writes for a redirect.
fn redirect(digest: &Digest, address: &str) -> Response {
    let escaped = address.replace('&', "&amp;");
    let body = format!("<a href=\"{escaped}\">Temporary Redirect</a>.\n\n");
    let mut response = bytes(StatusCode::TEMPORARY_REDIRECT, "text/html; charset=utf-8", body);
    set(response.headers_mut(), header::LOCATION, address);
    set(response.headers_mut(), CONTENT_DIGEST, digest.as_str());
    response
}

async fn direct(call: &Call<'_>, digest: &Digest, blob: &Blob) -> Result<Response, Refusal> {
    let etag = format!("\"{digest}\"");
    let validator = Validator { if_range: call.header(header::IF_RANGE), etag: &etag, last_modified: "" };
    let range = call.header(header::RANGE);
    let mut response = match read_blob(call.service, digest, blob, range, validator).await {
        Ok(response) => response,
        Err(error) if error.status == StatusCode::RANGE_NOT_SATISFIABLE => {
            let mut response = error.into_response();
            set(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{}", blob.size));
            return Ok(response);
        }
        Err(error) => return Err(error.into()),
    };
    set(response.headers_mut(), CONTENT_DIGEST, digest.as_str());
    set(response.headers_mut(), header::ETAG, &etag);
    Ok(response)
}
