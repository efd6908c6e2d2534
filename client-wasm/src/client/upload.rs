//! A blob on its way in. The registry knows what it holds: after a lost connection it is asked, and the upload goes on from there.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::error::{Error, ErrorKind};
use crate::http::field;
use crate::name::{Digest, RepositoryName};
use crate::operation::{Answer, blobs, uploads as operation};
use crate::pipeline::{Environment, Pipeline};

/// An upload that the registry has opened. Chunks go one after the other; the registry drops it after a while if it is not ended.
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
        answer: &Answer,
    ) -> Result<Self, Error> {
        let operation = answer.operation;
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

    pub(super) fn environment(&self) -> Arc<dyn Environment> {
        self.pipeline.sender.environment.clone()
    }

    /// Blob_GetStatus: asks the registry how many bytes it holds.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where the registry no longer knows the upload.
    pub async fn status(&mut self) -> Result<u64, Error> {
        let answer = self.pipeline.answer(&operation::status(&self.repository, &self.location)).await?;
        self.take_location(operation::STATUS, &answer)?;
        let offset = field::upload_offset(&answer.headers);
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
                        field::upload_offset(&answer.headers).unwrap_or(target).max(self.offset + 1);
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
                    return match field::content_digest(&answer.headers) {
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
