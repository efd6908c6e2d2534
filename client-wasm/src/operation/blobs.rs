//! Blobs that are there: download, whole or in part, existence, deletion, mounting from another repository.

use bytes::Bytes;
use http::{Method, StatusCode};

use super::answer::Answer;
use super::call::{Auth, Call, Operation, Take};
use crate::error::{Error, ErrorKind};
use crate::http::field;
use crate::http::url::encode;
use crate::name::{Digest, RepositoryName, Scope};

pub(crate) const GET: &str = "Blob_Get";
pub(crate) const GET_CHUNK: &str = "Blob_GetChunk";
pub(crate) const CHECK: &str = "Blob_Check";
pub(crate) const CHECK_CHUNK: &str = "Blob_CheckChunk";
pub(crate) const DELETE: &str = "Blob_Delete";
pub(crate) const MOUNT: &str = "Blob_Mount";

static GETTING: Operation = Operation::reading(GET, &["pull"]);
static GETTING_A_PART: Operation = Operation { expected: &[206], ..Operation::reading(GET, &["pull"]) };
static GETTING_A_CHUNK: Operation =
    Operation { expected: &[200, 206], ..Operation::reading(GET_CHUNK, &["pull"]) };
static CHECKING: Operation = Operation { method: &Method::HEAD, ..Operation::reading(CHECK, &["pull"]) };
static CHECKING_A_CHUNK: Operation =
    Operation { method: &Method::HEAD, expected: &[200, 206], ..Operation::reading(CHECK_CHUNK, &["pull"]) };
static DELETING: Operation = Operation::writing(DELETE, &Method::DELETE, &["delete"], &[200, 202]);
// Asking twice does no harm: the blob exists, or an unused upload times out.
static MOUNTING: Operation = Operation {
    repeatable: true,
    ..Operation::writing(MOUNT, &Method::POST, &["pull", "push"], &[201, 202])
};

/// Blob_Get. The redirect to storage is followed by the browser or the gateway.
pub(crate) fn get(name: &RepositoryName, digest: &Digest) -> Call {
    call(&GETTING, name, digest).take(Take::Stream)
}

/// Blob_Get from an offset on, to a last byte or the end: a part of a blob, or the rest of one whose download broke off.
pub(crate) fn get_part(name: &RepositoryName, digest: &Digest, start: u64, end: Option<u64>) -> Call {
    let mut call = call(&GETTING_A_PART, name, digest).take(Take::Stream);
    let end = end.map(|end| end.to_string()).unwrap_or_default();
    call.headers.set("range", ["bytes=", &start.to_string(), "-", &end].concat());
    call
}

/// Blob_GetChunk: bytes `start` to `end`, both included.
pub(crate) fn get_chunk(name: &RepositoryName, digest: &Digest, start: u64, end: u64) -> Result<Call, Error> {
    let call = call_for_range(&GETTING_A_CHUNK, name, digest, start, end)?;
    let too_long = || Error::invalid_input(GET_CHUNK, "the range is longer than memory");
    length(start, end).ok_or_else(too_long)?;
    // A server that ignores the range sends the entire blob: it is read up to the end of the range.
    let limit = length(0, end).unwrap_or(usize::MAX);
    Ok(call.take(Take::Bytes(limit)))
}

/// Blob_Check
pub(crate) fn check(name: &RepositoryName, digest: &Digest) -> Call {
    call(&CHECKING, name, digest)
}

/// Blob_CheckChunk. The service ignores the range and reports the length of the whole blob.
pub(crate) fn check_chunk(
    name: &RepositoryName,
    digest: &Digest,
    start: u64,
    end: u64,
) -> Result<Call, Error> {
    call_for_range(&CHECKING_A_CHUNK, name, digest, start, end)
}

/// Blob_Delete
pub(crate) fn delete(name: &RepositoryName, digest: &Digest) -> Call {
    call(&DELETING, name, digest)
}

/// Blob_Mount: 201 where the registry mounted it, 202 where it opened an upload instead.
pub(crate) fn mount(name: &RepositoryName, from: &RepositoryName, digest: &Digest) -> Call {
    let (source, mount) = (encode(from.as_str()), encode(digest.as_str()));
    let path = ["/v2/", name.as_str(), "/blobs/uploads/?from=", &source, "&mount=", &mount].concat();
    let scope = Scope::repository(name.as_str(), MOUNTING.actions);
    let scope = scope.and(Scope::repository(from.as_str(), &["pull"]));
    Call::new(&MOUNTING, path, Auth::Scope(scope))
}

fn call(operation: &'static Operation, name: &RepositoryName, digest: &Digest) -> Call {
    Call::on(operation, name, &["/v2/", name.as_str(), "/blobs/", digest.as_str()])
}

fn call_for_range(
    operation: &'static Operation,
    name: &RepositoryName,
    digest: &Digest,
    start: u64,
    end: u64,
) -> Result<Call, Error> {
    if start > end {
        return Err(Error::invalid_input(operation.name, "the range ends before it starts"));
    }
    let mut call = call(operation, name, digest);
    call.headers.set("range", ["bytes=", &start.to_string(), "-", &end.to_string()].concat());
    Ok(call)
}

/// What the registry says of a blob without sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobProperties {
    /// Bytes.
    pub size: u64,
    /// The blob's digest.
    pub digest: Digest,
}

/// The bytes of the range in an answer.
pub(crate) fn chunk(start: u64, end: u64, answer: Answer) -> Result<Bytes, Error> {
    let body = answer.body;
    if answer.status == StatusCode::PARTIAL_CONTENT {
        return match field::content_range(&answer.headers) {
            Some((first, ..)) if first != start => Err(Error::protocol(
                GET_CHUNK,
                "the registry answered with another range than the one asked for",
            )),
            _ => Ok(body.slice(..length(start, end).unwrap_or(usize::MAX).min(body.len()))),
        };
    }
    match usize::try_from(start) {
        Ok(start) if start < body.len() => Ok(body.slice(start..)),
        _ => Err(Error::invalid_input(GET_CHUNK, "the range starts past the end of the blob")),
    }
}

/// How many bytes a range holds, where memory could.
fn length(start: u64, end: u64) -> Option<usize> {
    usize::try_from(end.checked_sub(start)?).ok()?.checked_add(1)
}

/// What the answer to a check says of a blob, `None` where there is none.
pub(crate) fn properties(
    operation: &'static str,
    digest: &Digest,
    answer: Result<Box<Answer>, Error>,
) -> Result<Option<BlobProperties>, Error> {
    let headers = match answer {
        Ok(answer) => answer.headers,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let size = field::content_length(&headers)
        .ok_or_else(|| Error::protocol(operation, "the registry does not say how large the blob is"))?;
    let digest = field::content_digest(&headers).unwrap_or_else(|| digest.clone());
    Ok(Some(BlobProperties { size, digest }))
}
