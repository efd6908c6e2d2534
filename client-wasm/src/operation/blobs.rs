//! Blobs that are there: download, whole or in part, existence, deletion, mounting from another repository.

use http::Method;

use crate::auth::Scope;
use crate::endpoint::encode;
use crate::error::Error;
use crate::http::{Auth, Call, Operation, Take};
use crate::name::{Digest, RepositoryName};

pub(crate) const GET: &str = "Blob_Get";
pub(crate) const GET_CHUNK: &str = "Blob_GetChunk";
pub(crate) const CHECK: &str = "Blob_Check";
pub(crate) const CHECK_CHUNK: &str = "Blob_CheckChunk";
pub(crate) const DELETE: &str = "Blob_Delete";
pub(crate) const MOUNT: &str = "Blob_Mount";

static GETTING: Operation = Operation::reading(GET, &["pull"]);
static GETTING_THE_REST: Operation = Operation { expected: &[206], ..Operation::reading(GET, &["pull"]) };
static GETTING_A_CHUNK: Operation =
    Operation { expected: &[200, 206], ..Operation::reading(GET_CHUNK, &["pull"]) };
static CHECKING: Operation = Operation { method: &Method::HEAD, ..Operation::reading(CHECK, &["pull"]) };
static CHECKING_A_CHUNK: Operation =
    Operation { method: &Method::HEAD, expected: &[200, 206], ..Operation::reading(CHECK_CHUNK, &["pull"]) };
static DELETING: Operation = Operation::writing(DELETE, &Method::DELETE, &["delete"], &[200, 202]);
// Asking twice does no harm: the blob is there, or an upload that nobody uses times out.
static MOUNTING: Operation = Operation {
    repeatable: true,
    ..Operation::writing(MOUNT, &Method::POST, &["pull", "push"], &[201, 202])
};

/// Blob_Get. The redirect to storage is followed by the browser or the gateway.
pub(crate) fn get(name: &RepositoryName, digest: &Digest) -> Call {
    call(&GETTING, name, digest).take(Take::Stream)
}

/// Blob_Get from an offset on: how a download that broke off goes on.
pub(crate) fn get_from(name: &RepositoryName, digest: &Digest, offset: u64) -> Call {
    let mut call = call(&GETTING_THE_REST, name, digest).take(Take::Stream);
    call.headers.set("range", ["bytes=", &offset.to_string(), "-"].concat());
    call
}

/// Blob_GetChunk: bytes `start` to `end`, both included.
pub(crate) fn get_chunk(name: &RepositoryName, digest: &Digest, start: u64, end: u64) -> Result<Call, Error> {
    call_for_range(&GETTING_A_CHUNK, name, digest, start, end)
}

/// Blob_Check
pub(crate) fn check(name: &RepositoryName, digest: &Digest) -> Call {
    call(&CHECKING, name, digest)
}

/// Blob_CheckChunk. The service ignores the range and tells the length of the whole.
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
