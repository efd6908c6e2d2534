//! Operations on blobs that are there. Downloads are told in `download`, uploads in `upload`.

use bytes::Bytes;
use http::StatusCode;

use super::RegistryClient;
use super::download::BlobDownload;
use super::upload::Upload;
use crate::error::{Error, ErrorKind};
use crate::http::{Call, Take, headers};
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
        BlobDownload::open(self.0.pipeline.clone(), repository, digest).await
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
        let call = operation::get_chunk(repository, digest, start, end)?;
        let too_long = || Error::invalid_input(operation::GET_CHUNK, "the range is longer than memory");
        let length = usize::try_from(end - start)
            .ok()
            .and_then(|length| length.checked_add(1))
            .ok_or_else(too_long)?;
        // A server that ignores the range sends the whole: its part up to the end of the range is read.
        let most =
            usize::try_from(start).ok().and_then(|start| start.checked_add(length)).unwrap_or(usize::MAX);
        let answer = self.0.pipeline.answer(&call.take(Take::Bytes(most))).await?;
        if answer.status == StatusCode::PARTIAL_CONTENT {
            return match headers::content_range(&answer.headers) {
                Some((first, ..)) if first != start => Err(Error::protocol(
                    operation::GET_CHUNK,
                    "the registry answered with another range than the one asked for",
                )),
                _ => Ok(answer.body.slice(..length.min(answer.body.len()))),
            };
        }
        match usize::try_from(start) {
            Ok(start) if start < answer.body.len() => Ok(answer.body.slice(start..)),
            _ => {
                Err(Error::invalid_input(operation::GET_CHUNK, "the range starts behind the end of the blob"))
            }
        }
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
        self.properties(&operation::check(repository, digest), digest).await
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
        let call = operation::check_chunk(repository, digest, start, end)?;
        Ok(self.properties(&call, digest).await?.map(|found| found.size))
    }

    /// What the answer to a check says of a blob, `None` where there is none.
    pub(crate) async fn properties(
        &self,
        call: &Call,
        digest: &Digest,
    ) -> Result<Option<BlobProperties>, Error> {
        let headers = match self.0.pipeline.answer(call).await {
            Ok(answer) => answer.headers,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let size = headers::content_length(&headers).ok_or_else(|| {
            Error::protocol(call.operation.name, "the registry does not say how large the blob is")
        })?;
        let digest = headers::content_digest(&headers).unwrap_or_else(|| digest.clone());
        Ok(Some(BlobProperties { size, digest }))
    }

    /// Blob_Delete. Needs `delete`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where there is no such blob, [`ErrorKind::Locked`] where a lock forbids it.
    pub async fn delete(&self, repository: &RepositoryName, digest: &Digest) -> Result<(), Error> {
        let probe = operation::check(repository, digest);
        self.0.pipeline.delete(&operation::delete(repository, digest), &probe).await.map(|_| ())
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
        let call = operation::mount(repository, from, digest);
        let answer = self.0.pipeline.answer(&call).await?;
        if answer.status == StatusCode::CREATED {
            return Ok(Mount::Mounted);
        }
        Upload::opened(self.0.pipeline.clone(), repository, call.operation.name, &answer).map(Mount::Upload)
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
