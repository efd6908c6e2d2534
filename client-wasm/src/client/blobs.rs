//! Operations on blobs that are there. Downloads are told in `download`, uploads in `upload`.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;

use super::RegistryClient;
use super::download::BlobDownload;
use super::upload::Upload;
use crate::error::{Error, ErrorKind};
use crate::http::{Answer, Call, Pipeline, Proof, Take, headers};
use crate::name::{Digest, RepositoryName};
use crate::operation::{blobs as operation, uploads};

/// The blobs of a registry.
#[derive(Debug, Clone)]
pub struct Blobs(pub(super) RegistryClient);

/// What the registry says of a blob without sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobProperties {
    /// Bytes.
    pub size: u64,
    /// The blob's digest.
    pub digest: Digest,
}

/// What came of the wish to mount a blob.
#[derive(Debug)]
pub enum Mount {
    /// The blob is there.
    Mounted,
    /// The registry opened an upload instead, as Azure Container Registry does: send the blob through it, or cancel it.
    Upload(Upload),
}

impl Blobs {
    /// Blob_Get: the blob as a stream, hashed as it passes. It fails at its end where the bytes are not the blob asked for, and goes on
    /// by itself where the connection breaks. Needs `pull`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such blob.
    pub async fn get(&self, repository: &RepositoryName, digest: &Digest) -> Result<BlobDownload, Error> {
        let answer = self.0.pipeline.answer(&BlobDownload::call(repository, digest)?).await?;
        Ok(BlobDownload::of(self.0.pipeline.clone(), repository, digest, *answer))
    }

    /// Blob_Get, all at once: for configurations and other small blobs.
    ///
    /// # Errors
    /// As [`Blobs::get`]; [`ErrorKind::DigestMismatch`] where the bytes are not the blob asked for, [`ErrorKind::InvalidInput`] where it is
    /// larger than `max_bytes`.
    pub async fn get_bytes(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        max_bytes: u64,
    ) -> Result<Bytes, Error> {
        let mut download = self.get(repository, digest).await?;
        let too_large = || {
            Error::invalid_input(
                operation::GET,
                format!("the blob is larger than the {max_bytes} bytes allowed here"),
            )
        };
        if download.size().is_some_and(|size| size > max_bytes) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = download.chunk().await? {
            if (bytes.len() as u64).saturating_add(chunk.len() as u64) > max_bytes {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.into())
    }

    /// Blob_GetChunk: bytes `start` to `end`, both included; fewer where the blob ends before. A part cannot be checked against the
    /// digest. Needs `pull`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] where the range lies outside the blob, [`ErrorKind::NotFound`] where there is no such blob.
    pub async fn get_chunk(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        start: u64,
        end: u64,
    ) -> Result<Bytes, Error> {
        let call = call_for_chunk(repository, digest, start, end)?;
        chunk_of(start, end, *self.0.pipeline.answer(&call).await?)
    }

    /// Blob_Check: whether there is such a blob, and its size; `None` where there is none. Needs `pull`.
    ///
    /// # Errors
    /// Whatever [`Error`] a request can end in, but for [`ErrorKind::NotFound`].
    pub async fn check(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<BlobProperties>, Error> {
        let answer = self.0.pipeline.answer(&operation::check(repository, digest)).await;
        properties(operation::CHECK, digest, answer)
    }

    /// Blob_CheckChunk: as [`Blobs::check`] with a range. The service ignores the range and tells the size of the whole. Needs `pull`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] where the range ends before it starts.
    pub async fn check_chunk(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        start: u64,
        end: u64,
    ) -> Result<Option<u64>, Error> {
        let answer = self.0.pipeline.answer(&operation::check_chunk(repository, digest, start, end)?).await;
        Ok(properties(operation::CHECK_CHUNK, digest, answer)?.map(|found| found.size))
    }

    /// Blob_Delete. Needs `delete`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such blob, [`ErrorKind::Locked`] where a lock forbids it.
    pub async fn delete(&self, repository: &RepositoryName, digest: &Digest) -> Result<(), Error> {
        let probe = operation::check(repository, digest);
        self.0.pipeline.once(&operation::delete(repository, digest), &probe, &Proof::Gone).await.map(|_| ())
    }

    /// Blob_Mount: takes a blob over from another repository without sending it. Needs `pull` and `push` here and `pull` there.
    ///
    /// # Errors
    /// Whatever [`Error`] a request can end in. A blob that the other repository does not have ends in an upload.
    pub async fn mount(
        &self,
        repository: &RepositoryName,
        from: &RepositoryName,
        digest: &Digest,
    ) -> Result<Mount, Error> {
        let answer = self.0.pipeline.answer(&operation::mount(repository, from, digest)).await?;
        Mount::of(self.0.pipeline.clone(), repository, &answer)
    }

    /// Blob_StartUpload: opens an upload for those who send the chunks themselves; [`Blobs::upload`] does it all. Needs `pull` and `push`.
    ///
    /// # Errors
    /// Whatever [`Error`] a request can end in.
    pub async fn start_upload(&self, repository: &RepositoryName) -> Result<Upload, Error> {
        let answer = self.0.pipeline.answer(&uploads::start(repository)).await?;
        Upload::opened(self.0.pipeline.clone(), repository, uploads::START, &answer)
    }
}

impl Mount {
    /// What the answer to a mount says came of it.
    pub(crate) fn of(
        pipeline: Arc<Pipeline>,
        repository: &RepositoryName,
        answer: &Answer,
    ) -> Result<Self, Error> {
        if answer.status == StatusCode::CREATED {
            return Ok(Self::Mounted);
        }
        Upload::opened(pipeline, repository, operation::MOUNT, answer).map(Self::Upload)
    }
}

/// The call for a part of a blob, whose answer [`chunk_of`] reads.
pub(crate) fn call_for_chunk(
    repository: &RepositoryName,
    digest: &Digest,
    start: u64,
    end: u64,
) -> Result<Call, Error> {
    let call = operation::get_chunk(repository, digest, start, end)?;
    let too_long = || Error::invalid_input(operation::GET_CHUNK, "the range is longer than memory");
    length(start, end).ok_or_else(too_long)?;
    // A server that ignores the range sends the whole: its part up to the end of the range is read.
    let most = length(0, end).unwrap_or(usize::MAX);
    Ok(call.take(Take::Bytes(most)))
}

/// The bytes of the range in an answer.
pub(crate) fn chunk_of(start: u64, end: u64, answer: Answer) -> Result<Bytes, Error> {
    let body = answer.body;
    if answer.status == StatusCode::PARTIAL_CONTENT {
        return match headers::content_range(&answer.headers) {
            Some((first, ..)) if first != start => Err(Error::protocol(
                operation::GET_CHUNK,
                "the registry answered with another range than the one asked for",
            )),
            _ => Ok(body.slice(..length(start, end).unwrap_or(usize::MAX).min(body.len()))),
        };
    }
    match usize::try_from(start) {
        Ok(start) if start < body.len() => Ok(body.slice(start..)),
        _ => Err(Error::invalid_input(operation::GET_CHUNK, "the range starts behind the end of the blob")),
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
    let size = headers::content_length(&headers)
        .ok_or_else(|| Error::protocol(operation, "the registry does not say how large the blob is"))?;
    let digest = headers::content_digest(&headers).unwrap_or_else(|| digest.clone());
    Ok(Some(BlobProperties { size, digest }))
}
