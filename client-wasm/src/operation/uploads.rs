//! Blobs on their way in: start, status, chunks, end, cancellation. Each answer names the location to use next.

use bytes::Bytes;
use http::Method;

use super::call::{Call, Operation};
use crate::error::Error;
use crate::http::url::encode;
use crate::name::{Digest, RepositoryName};

pub(crate) const START: &str = "Blob_StartUpload";
pub(crate) const STATUS: &str = "Blob_GetStatus";
pub(crate) const APPEND: &str = "Blob_Upload";
pub(crate) const END: &str = "Blob_EndUpload";
pub(crate) const CANCEL: &str = "Blob_CancelUpload";

// An unused upload times out at the registry, so starting one twice does no harm.
static STARTING: Operation =
    Operation { repeatable: true, ..Operation::writing(START, &Method::POST, &["pull", "push"], &[202]) };
static ASKING: Operation = Operation { expected: &[204], ..Operation::reading(STATUS, &["pull", "push"]) };
static APPENDING: Operation = Operation::writing(APPEND, &Method::PATCH, &["pull", "push"], &[202]);
static ENDING: Operation = Operation::writing(END, &Method::PUT, &["pull", "push"], &[201]);
// The registry wants the delete action for it.
static CANCELLING: Operation = Operation {
    repeatable: true,
    ..Operation::writing(CANCEL, &Method::DELETE, &["delete"], &[200, 202, 204])
};

/// Blob_StartUpload
pub(crate) fn start(name: &RepositoryName) -> Call {
    Call::on(&STARTING, name, &["/v2/", name.as_str(), "/blobs/uploads/"])
}

/// Blob_GetStatus
pub(crate) fn status(name: &RepositoryName, location: &str) -> Call {
    Call::on(&ASKING, name, &[location])
}

/// Blob_Upload: the bytes that follow the `offset` bytes the registry holds.
pub(crate) fn append(
    name: &RepositoryName,
    location: &str,
    offset: u64,
    chunk: Bytes,
) -> Result<Call, Error> {
    if chunk.is_empty() {
        return Err(Error::invalid_input(APPEND, "a chunk must hold at least one byte"));
    }
    Ok(Call::on(&APPENDING, name, &[location]).chunk(offset, chunk))
}

/// Blob_EndUpload, with the bytes that follow the `offset` bytes the registry holds, if any.
pub(crate) fn end(
    name: &RepositoryName,
    location: &str,
    digest: &Digest,
    offset: u64,
    last_chunk: Bytes,
) -> Call {
    let separator = if location.contains('?') { "&" } else { "?" };
    let call = Call::on(&ENDING, name, &[location, separator, "digest=", &encode(digest.as_str())]);
    if last_chunk.is_empty() { call } else { call.chunk(offset, last_chunk) }
}

/// Blob_CancelUpload
pub(crate) fn cancel(name: &RepositoryName, location: &str) -> Call {
    Call::on(&CANCELLING, name, &[location])
}

impl Call {
    /// Carries bytes that follow the `offset` bytes the registry holds: one at least.
    fn chunk(mut self, offset: u64, chunk: Bytes) -> Self {
        let last = offset.saturating_add(chunk.len() as u64).saturating_sub(1);
        self.headers.set("content-range", [offset.to_string(), last.to_string()].join("-"));
        self.body("application/octet-stream", chunk)
    }
}
