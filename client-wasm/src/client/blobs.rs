//! Operations on blobs that exist. Downloads are in `download`, uploads in `upload`.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use http::StatusCode;

use super::download::BlobDownload;
use super::request::Request;
use super::upload::Upload;
use super::upload_content::{self, UploadOptions, UploadedBlob};
use crate::error::Error;
use crate::name::{Digest, RepositoryName};
use crate::operation::blobs::{self as operation, BlobProperties};
use crate::operation::{Answer, uploads};
use crate::pipeline::{Pipeline, Proof};

/// The blobs of a registry.
#[derive(Clone)]
pub struct Blobs(Arc<Pipeline>);

/// What came of the wish to mount a blob.
#[derive(Debug)]
pub enum Mount {
    /// The blob is there.
    Mounted,
    /// The registry opened an upload instead, as Azure Container Registry does: send the blob through it, or cancel it.
    Upload(Upload),
}

impl Blobs {
    pub(super) fn new(pipeline: Arc<Pipeline>) -> Self {
        Self(pipeline)
    }

    /// Blob_Get: the blob as a stream, hashed as it passes. It fails at its end where the bytes are not the blob asked for, and goes on
    /// by itself where the connection breaks. Needs `pull`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where there is no such blob.
    pub async fn get(&self, repository: &RepositoryName, digest: &Digest) -> Result<BlobDownload, Error> {
        BlobDownload::start(self.0.clone(), repository, digest, None).await
    }

    /// Blob_Get of the bytes `start` to `end`, both included, as a stream that is resumed as [`Blobs::get`] is. A part cannot be verified.
    /// Needs `pull`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`] if the range lies outside the blob, [`crate::ErrorKind::NotFound`] if there is no such blob,
    /// [`crate::ErrorKind::Protocol`] if the server ignores the range.
    pub async fn get_range(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        start: u64,
        end: u64,
    ) -> Result<BlobDownload, Error> {
        BlobDownload::start(self.0.clone(), repository, digest, Some((start, end))).await
    }

    /// Blob_Get, all at once: for configurations and other small blobs.
    ///
    /// # Errors
    /// As [`Blobs::get`]; [`crate::ErrorKind::DigestMismatch`] where the bytes are not the blob asked for, [`crate::ErrorKind::InvalidInput`] where it is
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
    /// [`crate::ErrorKind::InvalidInput`] where the range lies outside the blob, [`crate::ErrorKind::NotFound`] where there is no such blob.
    pub async fn get_chunk(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        start: u64,
        end: u64,
    ) -> Result<Bytes, Error> {
        let request = self.chunk_request(repository, digest, start, end)?;
        operation::chunk(start, end, *request.answer().await?)
    }

    pub(crate) fn chunk_request(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        start: u64,
        end: u64,
    ) -> Result<Request, Error> {
        operation::get_chunk(repository, digest, start, end).map(|call| Request::new(&self.0, call))
    }

    /// Blob_Check: whether there is such a blob, and its size; `None` where there is none. Needs `pull`.
    ///
    /// # Errors
    /// Whatever [`Error`] a request can end in, but for [`crate::ErrorKind::NotFound`].
    pub async fn check(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
    ) -> Result<Option<BlobProperties>, Error> {
        let answer = self.check_request(repository, digest).answer().await;
        operation::properties(operation::CHECK, digest, answer)
    }

    pub(crate) fn check_request(&self, repository: &RepositoryName, digest: &Digest) -> Request {
        Request::new(&self.0, operation::check(repository, digest))
    }

    /// Blob_CheckChunk: as [`Blobs::check`] with a range. The service ignores the range and reports the size of the whole blob. Needs `pull`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`] where the range ends before it starts.
    pub async fn check_chunk(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        start: u64,
        end: u64,
    ) -> Result<Option<u64>, Error> {
        let answer = self.check_chunk_request(repository, digest, start, end)?.answer().await;
        Ok(operation::properties(operation::CHECK_CHUNK, digest, answer)?.map(|found| found.size))
    }

    pub(crate) fn check_chunk_request(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        start: u64,
        end: u64,
    ) -> Result<Request, Error> {
        operation::check_chunk(repository, digest, start, end).map(|call| Request::new(&self.0, call))
    }

    /// Blob_Delete. Needs `delete`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where there is no such blob, [`crate::ErrorKind::Locked`] where a lock forbids it.
    pub async fn delete(&self, repository: &RepositoryName, digest: &Digest) -> Result<(), Error> {
        self.delete_request(repository, digest).send().await.map(|_| ())
    }

    pub(crate) fn delete_request(&self, repository: &RepositoryName, digest: &Digest) -> Request {
        let probe = operation::check(repository, digest);
        Request::once(&self.0, operation::delete(repository, digest), probe, Proof::Gone)
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
        let answer = self.mount_request(repository, from, digest).answer().await?;
        self.mounted(repository, &answer)
    }

    pub(crate) fn mount_request(
        &self,
        repository: &RepositoryName,
        from: &RepositoryName,
        digest: &Digest,
    ) -> Request {
        Request::new(&self.0, operation::mount(repository, from, digest))
    }

    /// What the answer to a mount says.
    pub(crate) fn mounted(&self, repository: &RepositoryName, answer: &Answer) -> Result<Mount, Error> {
        if answer.status == StatusCode::CREATED {
            return Ok(Mount::Mounted);
        }
        Upload::opened(self.0.clone(), repository, answer).map(Mount::Upload)
    }

    /// Blob_StartUpload: opens an upload for those who send the chunks themselves; [`Blobs::upload`] does it all. Needs `pull` and `push`.
    ///
    /// # Errors
    /// Whatever [`Error`] a request can end in.
    pub async fn start_upload(&self, repository: &RepositoryName) -> Result<Upload, Error> {
        let answer = self.start_request(repository).answer().await?;
        self.opened(repository, &answer)
    }

    pub(crate) fn start_request(&self, repository: &RepositoryName) -> Request {
        Request::new(&self.0, uploads::start(repository))
    }

    /// The upload that an answer opened.
    pub(crate) fn opened(&self, repository: &RepositoryName, answer: &Answer) -> Result<Upload, Error> {
        Upload::opened(self.0.clone(), repository, answer)
    }

    /// Blob_StartUpload, Blob_Upload in chunks and Blob_EndUpload: hashed as it streams, resumed from the registry's own offset after a
    /// lost connection, cancelled at the registry (Blob_CancelUpload) on an error or when the future is dropped. Needs `pull` and `push`,
    /// and `delete` to cancel.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`] where the content cannot be read, or is not as long as `total_bytes` says.
    pub async fn upload<E: fmt::Display>(
        &self,
        repository: &RepositoryName,
        content: impl Stream<Item = Result<Bytes, E>>,
        options: UploadOptions,
    ) -> Result<UploadedBlob, Error> {
        upload_content::check(&options)?;
        upload_content::send(self.start_upload(repository).await?, content, options).await
    }
}

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blobs")
    }
}
