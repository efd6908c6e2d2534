//! A blob on its way in. The registry knows what it holds: after a lost connection it is asked, and the upload goes on from there.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use super::Blobs;
use crate::error::{Error, ErrorKind};
use crate::http::{Answer, Pipeline, headers};
use crate::name::{Digest, DigestHasher, RepositoryName};
use crate::operation::{blobs, uploads as operation};

/// An upload that the registry has opened. Chunks go one after the other; the registry forgets it after a while if nobody ends it.
#[derive(Clone)]
pub struct Upload {
    pipeline: Arc<Pipeline>,
    repository: RepositoryName,
    location: String,
    offset: u64,
}

impl Upload {
    /// The upload that an answer opened.
    pub(crate) fn opened(
        pipeline: Arc<Pipeline>,
        repository: &RepositoryName,
        operation: &'static str,
        answer: &Answer,
    ) -> Result<Self, Error> {
        let mut upload =
            Self { pipeline, repository: repository.clone(), location: String::new(), offset: 0 };
        upload.take_location(operation, answer)?;
        if upload.location.is_empty() {
            return Err(Error::protocol(operation, "the registry opened an upload and does not say where"));
        }
        Ok(upload)
    }

    /// Path and query of the upload, as the registry last gave it (`nextBlobUuidLink`).
    #[must_use]
    pub fn location(&self) -> &str {
        &self.location
    }

    /// Bytes the registry holds.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Blob_GetStatus: asks the registry how many bytes it holds.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where the registry no longer knows the upload.
    pub async fn status(&mut self) -> Result<u64, Error> {
        let answer = self.pipeline.answer(&operation::status(&self.repository, &self.location)).await?;
        self.take_location(operation::STATUS, &answer)?;
        let offset = headers::upload_offset(&answer.headers);
        self.offset = offset.ok_or_else(|| {
            Error::protocol(operation::STATUS, "the registry does not say how much of the upload it holds")
        })?;
        Ok(self.offset)
    }

    /// Blob_Upload: sends the next bytes, goes on from the registry's own offset where the connection breaks, and gives the offset.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where the registry no longer knows the upload, [`ErrorKind::InvalidInput`] where the chunk is empty.
    pub async fn append(&mut self, chunk: Bytes) -> Result<u64, Error> {
        let start = self.offset;
        let target = start.saturating_add(chunk.len() as u64);
        let mut retries = 0;
        loop {
            let sent = usize::try_from(self.offset - start).unwrap_or(usize::MAX);
            let rest = chunk.slice(sent.min(chunk.len())..);
            let call = operation::append(&self.repository, &self.location, self.offset, rest)?;
            let error = match self.pipeline.answer(&call).await {
                Ok(answer) => {
                    self.take_location(operation::APPEND, &answer)?;
                    // `0-0` says one byte as well as none; an accepted chunk is at least one.
                    self.offset =
                        headers::upload_offset(&answer.headers).unwrap_or(target).max(self.offset + 1);
                    None
                }
                Err(error) if error.outcome_unknown() => Some(error),
                Err(error) => return Err(error),
            };
            if self.offset == target {
                return Ok(target);
            }
            let why = error.unwrap_or_else(|| {
                Error::protocol(operation::APPEND, "the registry took a part of the chunk only")
            });
            if self.pipeline.sender.back_off(retries, why.retry_after()).await.is_none() {
                return Err(why);
            }
            retries += 1;
            self.status().await.map_err(|_| why)?;
            if !(start..=target).contains(&self.offset) {
                return Err(Error::protocol(
                    operation::APPEND,
                    "the registry holds other bytes of this upload than were sent",
                ));
            }
            if self.offset == target {
                return Ok(target);
            }
        }
    }

    /// Blob_EndUpload: makes the upload a blob. The registry checks the digest. Where the connection breaks, it is asked whether the blob
    /// is there before anything is sent again.
    ///
    /// # Errors
    /// [`ErrorKind::DigestMismatch`] where the bytes sent do not have the digest, [`ErrorKind::NotFound`] where the registry no longer knows
    /// the upload.
    pub async fn end(&mut self, digest: &Digest, last_chunk: Bytes) -> Result<Digest, Error> {
        let target = self.offset.saturating_add(last_chunk.len() as u64);
        let mut rest = last_chunk;
        let mut retries = 0;
        loop {
            let call = operation::end(&self.repository, &self.location, digest, self.offset, rest.clone());
            let error = match self.pipeline.answer(&call).await {
                Ok(answer) => {
                    self.offset = target;
                    return match headers::content_digest(&answer.headers) {
                        Some(stored) if stored != *digest => {
                            Err(Error::digest_mismatch(operation::END, digest.as_str(), stored.as_str()))
                        }
                        _ => Ok(digest.clone()),
                    };
                }
                Err(error) if error.outcome_unknown() => error,
                Err(error) => return Err(error),
            };
            if self.pipeline.sender.back_off(retries, error.retry_after()).await.is_none() {
                return Err(error);
            }
            retries += 1;
            match self.pipeline.answer(&blobs::check(&self.repository, digest)).await {
                Ok(_) => return Ok(digest.clone()),
                Err(answer) if answer.kind() == ErrorKind::NotFound => {}
                Err(_) => return Err(error),
            }
            let before = self.offset;
            let held = self.status().await.map_err(|_| error)?;
            let arrived = held.checked_sub(before).and_then(|arrived| usize::try_from(arrived).ok());
            rest = match arrived {
                Some(arrived) if arrived <= rest.len() => rest.slice(arrived..),
                _ => {
                    return Err(Error::protocol(
                        operation::END,
                        "the registry holds other bytes of this upload than were sent",
                    ));
                }
            };
        }
    }

    /// Blob_CancelUpload: the registry forgets the upload. Needs `delete`. One that it no longer knows is cancelled.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] where the credential lacks the action.
    pub async fn cancel(&self) -> Result<(), Error> {
        match self.pipeline.answer(&operation::cancel(&self.repository, &self.location)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Takes the location to use next from an answer; one that a browser hides leaves the old one. It must be of this repository's uploads.
    fn take_location(&mut self, operation: &'static str, answer: &Answer) -> Result<(), Error> {
        let Some(location) = answer.headers.get("location") else { return Ok(()) };
        let uploads = format!("/v2/{}/blobs/uploads/", self.repository);
        let (path, query) = self
            .pipeline
            .sender
            .endpoint
            .rebase(location)
            .filter(|(path, _)| {
                percent_encoding::percent_decode_str(path).take(uploads.len()).eq(uploads.bytes())
            })
            .ok_or_else(|| {
                Error::protocol(
                    operation,
                    "the registry's location of the upload leads out of this repository's uploads",
                )
            })?;
        self.location = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        Ok(())
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("repository", &self.repository)
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes the registry holds.
    pub loaded_bytes: u64,
    /// Bytes of the whole, where known.
    pub total_bytes: Option<u64>,
}

/// How to upload.
#[derive(Default)]
pub struct UploadOptions {
    /// Bytes a chunk, 1 or more. Default: 4 MiB. Two of them are in memory at a time.
    pub chunk_size: Option<usize>,
    /// Bytes of the whole, where known: reported with progress, and the upload fails where the content has more or fewer.
    pub total_bytes: Option<u64>,
    /// Is told of each chunk the registry took.
    pub progress: Option<Box<dyn FnMut(Progress)>>,
}

impl fmt::Debug for UploadOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadOptions")
            .field("chunk_size", &self.chunk_size)
            .field("total_bytes", &self.total_bytes)
            .finish_non_exhaustive()
    }
}

/// A blob that the registry has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedBlob {
    /// Its digest.
    pub digest: Digest,
    /// Its bytes.
    pub size: u64,
}

/// Cancels the upload at the registry unless it came to its end: on an error, and where the caller's future is dropped.
struct CancelOnDrop(Option<Upload>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(upload) = self.0.take() {
            let environment = upload.pipeline.sender.environment.clone();
            environment.spawn(Box::pin(async move {
                // Nobody is left to tell; the registry forgets the upload by itself in the end.
                let _ = upload.cancel().await;
            }));
        }
    }
}

impl Blobs {
    /// Blob_StartUpload, Blob_Upload in chunks and Blob_EndUpload: hashed as it streams, resumed from the registry's own offset after a
    /// lost connection, cancelled at the registry (Blob_CancelUpload) on an error or when the future is dropped. Needs `pull` and `push`,
    /// and `delete` to cancel.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] where the content cannot be read, or is not as long as `total_bytes` says.
    pub async fn upload<E: fmt::Display>(
        &self,
        repository: &RepositoryName,
        content: impl Stream<Item = Result<Bytes, E>>,
        mut options: UploadOptions,
    ) -> Result<UploadedBlob, Error> {
        const DEFAULT_CHUNK: usize = 4 * 1024 * 1024;
        let chunk_size = options.chunk_size.unwrap_or(DEFAULT_CHUNK);
        if chunk_size == 0 {
            return Err(Error::invalid_input(operation::APPEND, "a chunk must hold at least one byte"));
        }
        let mut content = std::pin::pin!(content);
        let mut guard = CancelOnDrop(None);
        let upload = guard.0.insert(self.start_upload(repository).await?);
        let mut hasher = DigestHasher::default();
        let mut buffer = Vec::new();
        loop {
            let piece = content.next().await.transpose();
            let piece = piece.map_err(|error| {
                Error::invalid_input(operation::APPEND, format!("the content cannot be read: {error}"))
            })?;
            let at_end = piece.is_none();
            buffer.extend_from_slice(&piece.unwrap_or_default());
            while buffer.len() >= chunk_size || (at_end && !buffer.is_empty()) {
                let rest = buffer.split_off(chunk_size.min(buffer.len()));
                let chunk = Bytes::from(std::mem::replace(&mut buffer, rest));
                check_length(options.total_bytes, upload.offset.saturating_add(chunk.len() as u64), false)?;
                hasher.update(&chunk);
                let loaded_bytes = upload.append(chunk).await?;
                if let Some(progress) = &mut options.progress {
                    progress(Progress { loaded_bytes, total_bytes: options.total_bytes });
                }
            }
            if at_end {
                break;
            }
        }
        check_length(options.total_bytes, upload.offset, true)?;
        let digest = upload.end(&hasher.finish(), Bytes::new()).await?;
        let size = upload.offset;
        guard.0 = None;
        Ok(UploadedBlob { digest, size })
    }
}

fn check_length(total: Option<u64>, so_far: u64, at_end: bool) -> Result<(), Error> {
    match total {
        Some(total) if so_far > total || (at_end && so_far < total) => {
            let relation = if at_end { "fewer" } else { "more" };
            Err(Error::invalid_input(
                operation::APPEND,
                format!("the content has {relation} bytes than the {total} announced"),
            ))
        }
        _ => Ok(()),
    }
}
