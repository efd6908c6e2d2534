//! Blobs that are there: download, whole or in part, existence, deletion, mounting from another repository.

use http::Method;

use crate::auth::Scope;
use crate::endpoint::encode;
use crate::error::Error;
use crate::http::{Auth, Call};
use crate::name::{Digest, RepositoryName};

pub(crate) const GET: &str = "Blob_Get";
pub(crate) const GET_CHUNK: &str = "Blob_GetChunk";
pub(crate) const CHECK: &str = "Blob_Check";
pub(crate) const CHECK_CHUNK: &str = "Blob_CheckChunk";

/// Blob_Get. The redirect to storage is followed by the browser or the gateway.
pub(crate) fn get(name: &RepositoryName, digest: &Digest) -> Call {
    Call::get(GET, path(name, digest), pull(name))
}

/// Blob_Get from an offset on: how a download that broke off goes on.
pub(crate) fn get_from(name: &RepositoryName, digest: &Digest, offset: u64) -> Result<Call, Error> {
    let mut call =
        Call::get(GET, path(name, digest), pull(name)).header("range", &format!("bytes={offset}-"))?;
    call.expected = &[206];
    Ok(call)
}

/// Blob_GetChunk: bytes `start` to `end`, both included.
pub(crate) fn get_chunk(name: &RepositoryName, digest: &Digest, start: u64, end: u64) -> Result<Call, Error> {
    check_range(GET_CHUNK, start, end)?;
    let mut call = Call::get(GET_CHUNK, path(name, digest), pull(name))
        .header("range", &format!("bytes={start}-{end}"))?;
    call.expected = &[200, 206];
    Ok(call)
}

/// Blob_Check
pub(crate) fn check(name: &RepositoryName, digest: &Digest) -> Call {
    Call::new(CHECK, Method::HEAD, path(name, digest), Auth::Scope(pull(name)), &[200])
}

/// Blob_CheckChunk. The service ignores the range and tells the length of the whole.
pub(crate) fn check_chunk(
    name: &RepositoryName,
    digest: &Digest,
    start: u64,
    end: u64,
) -> Result<Call, Error> {
    check_range(CHECK_CHUNK, start, end)?;
    let call = Call::new(CHECK_CHUNK, Method::HEAD, path(name, digest), Auth::Scope(pull(name)), &[200, 206]);
    call.header("range", &format!("bytes={start}-{end}"))
}

/// Blob_Delete
pub(crate) fn delete(name: &RepositoryName, digest: &Digest) -> Call {
    let scope = Auth::Scope(Scope::repository(name.as_str(), &["delete"]));
    Call::new("Blob_Delete", Method::DELETE, path(name, digest), scope, &[200, 202])
}

/// Blob_Mount: 201 where the registry mounted it, 202 where it opened an upload instead. Asking twice
/// does no harm: the blob is there, or an upload that nobody uses times out.
pub(crate) fn mount(name: &RepositoryName, from: &RepositoryName, digest: &Digest) -> Call {
    let path =
        format!("/v2/{name}/blobs/uploads/?from={}&mount={}", encode(from.as_str()), encode(digest.as_str()));
    let scope = Scope::repository(name.as_str(), &["pull", "push"]).and(pull(from));
    Call::new("Blob_Mount", Method::POST, path, Auth::Scope(scope), &[201, 202]).repeatable()
}

fn check_range(operation: &'static str, start: u64, end: u64) -> Result<(), Error> {
    if start > end {
        return Err(Error::invalid_input(
            operation,
            format!("the range {start}-{end} ends before it starts"),
        ));
    }
    Ok(())
}

fn pull(name: &RepositoryName) -> Scope {
    Scope::repository(name.as_str(), &["pull"])
}

fn path(name: &RepositoryName, digest: &Digest) -> String {
    format!("/v2/{name}/blobs/{digest}")
}
