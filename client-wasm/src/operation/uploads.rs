//! Blobs on their way in: start, status, chunks, end, cancellation. Each answer names the location to use next.

use bytes::Bytes;
use http::Method;

use crate::auth::Scope;
use crate::endpoint::encode;
use crate::error::Error;
use crate::http::{Auth, Call};
use crate::name::{Digest, RepositoryName};

pub(crate) const START: &str = "Blob_StartUpload";
pub(crate) const STATUS: &str = "Blob_GetStatus";
pub(crate) const APPEND: &str = "Blob_Upload";
pub(crate) const END: &str = "Blob_EndUpload";
pub(crate) const CANCEL: &str = "Blob_CancelUpload";

const OCTETS: &str = "application/octet-stream";

/// Blob_StartUpload. An upload that nobody uses times out at the registry, so starting one twice does no harm.
pub(crate) fn start(name: &RepositoryName) -> Call {
    Call::new(START, Method::POST, format!("/v2/{name}/blobs/uploads/"), push(name), &[202]).repeatable()
}

/// Blob_GetStatus
pub(crate) fn status(name: &RepositoryName, location: &str) -> Call {
    Call::new(STATUS, Method::GET, location.to_owned(), push(name), &[204])
}

/// Blob_Upload: the bytes that follow the `offset` bytes the registry holds.
pub(crate) fn append(
    name: &RepositoryName,
    location: &str,
    offset: u64,
    chunk: Bytes,
) -> Result<Call, Error> {
    let last = (chunk.len() as u64).checked_sub(1).and_then(|length| offset.checked_add(length));
    let Some(last) = last else {
        return Err(Error::invalid_input(APPEND, "a chunk must hold at least one byte"));
    };
    let call = Call::new(APPEND, Method::PATCH, location.to_owned(), push(name), &[202]).body(OCTETS, chunk);
    call.header("content-range", &format!("{offset}-{last}"))
}

/// Blob_EndUpload
pub(crate) fn end(name: &RepositoryName, location: &str, digest: &Digest, last_chunk: Bytes) -> Call {
    let separator = if location.contains('?') { '&' } else { '?' };
    let path = format!("{location}{separator}digest={}", encode(digest.as_str()));
    let call = Call::new(END, Method::PUT, path, push(name), &[201]);
    if last_chunk.is_empty() { call } else { call.body(OCTETS, last_chunk) }
}

/// Blob_CancelUpload. The registry wants the delete action for it.
pub(crate) fn cancel(name: &RepositoryName, location: &str) -> Call {
    let scope = Auth::Scope(Scope::repository(name.as_str(), &["delete"]));
    Call::new(CANCEL, Method::DELETE, location.to_owned(), scope, &[200, 202, 204]).repeatable()
}

fn push(name: &RepositoryName) -> Auth {
    Auth::Scope(Scope::repository(name.as_str(), &["pull", "push"]))
}
