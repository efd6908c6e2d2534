//! Downloading a blob: hashed as it streams, resumed after a lost connection, and failing at its end if it is not the blob asked for.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::error::Error;
use crate::http::{Body, TransportError, field};
use crate::name::{Digest, DigestHasher, RepositoryName};
use crate::operation::{Answer, blobs as operation};
use crate::pipeline::Pipeline;

/// A blob being downloaded. Dropping it ends the download.
pub struct BlobDownload {
    pipeline: Arc<Pipeline>,
    repository: RepositoryName,
    digest: Digest,
    /// First and last byte, if a part was asked for.
    range: Option<(u64, u64)>,
    size: Option<u64>,
    body: Body,
    /// `None` where nothing is verified.
    hasher: Option<DigestHasher>,
    received: u64,
    /// How much had been received when the connection broke last, and how often it has broken since without more.
    received_before: u64,
    retries: u32,
    end: Option<Result<(), Error>>,
}

impl BlobDownload {
    /// Blob_Get, of the entire blob or of the bytes from the first to the last of a range.
    pub(super) async fn start(
        pipeline: Arc<Pipeline>,
        repository: &RepositoryName,
        digest: &Digest,
        range: Option<(u64, u64)>,
    ) -> Result<Self, Error> {
        let call = match range {
            Some((start, end)) if start > end => {
                return Err(Error::invalid_input(operation::GET, "the range ends before it starts"));
            }
            Some((start, end)) => operation::get_part(repository, digest, start, Some(end)),
            None => operation::get(repository, digest),
        };
        let answer = pipeline.answer(&call).await?;
        let size = match (range, field::content_range(&answer.headers)) {
            (Some((start, _)), Some((first, ..))) if first != start => {
                let message = "the registry answered with another range than the one asked for";
                return Err(Error::protocol(operation::GET, message));
            }
            (Some(_), Some((first, last, _))) => Some((last - first).saturating_add(1)),
            _ => field::content_length(&answer.headers),
        };
        Ok(Self {
            repository: repository.clone(),
            digest: digest.clone(),
            range,
            size,
            body: body_of(*answer),
            // A part of a blob has no digest.
            hasher: range.is_none().then(|| DigestHasher::like(digest)),
            received: 0,
            received_before: 0,
            retries: 0,
            end: None,
            pipeline,
        })
    }

    /// The same download without being hashed as it passes, for a caller that verifies the bytes itself, for instance in a worker.
    #[must_use]
    pub fn without_verification(mut self) -> Self {
        self.hasher = None;
        self
    }

    /// The digest asked for.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Bytes of the blob, or of the part asked for, if the registry says.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// Bytes received so far.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The next bytes; `None` at the end, when all of them have been verified. A part of a blob cannot be verified, and nothing is after
    /// [`BlobDownload::without_verification`].
    ///
    /// # Errors
    /// [`crate::ErrorKind::DigestMismatch`] at the end where the bytes were not the blob asked for, [`crate::ErrorKind::Network`] where the
    /// connection broke and could not be taken up again, or what the registry answered to the request for the rest.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(end) = &self.end {
                return end.clone().map(|()| None);
            }
            let broken = match self.body.next_chunk().await {
                Ok(Some(bytes)) => {
                    self.pass(&bytes);
                    return Ok(Some(bytes));
                }
                Ok(None) => None,
                Err(error) => Some(error),
            };
            self.ended(broken).await?;
        }
    }

    /// The body to read from, for a caller that reads it itself: each chunk goes through [`BlobDownload::pass`], and its end to
    /// [`BlobDownload::ended`].
    #[must_use]
    pub fn take_body(&mut self) -> Body {
        std::mem::replace(&mut self.body, Body::from_bytes(Bytes::new()))
    }

    /// Hashes and counts bytes of the body.
    pub fn pass(&mut self, bytes: &[u8]) {
        if let Some(hasher) = &mut self.hasher {
            hasher.update(bytes);
        }
        self.received = self.received.saturating_add(bytes.len() as u64);
    }

    /// To be called when the body ended or broke off. `true` at the end of the blob, which is then verified; else there is another body to
    /// read.
    ///
    /// # Errors
    /// As [`BlobDownload::chunk`].
    pub async fn ended(&mut self, broken: Option<TransportError>) -> Result<bool, Error> {
        if self.is_complete() {
            return self.finish().map(|()| true);
        }
        let early = || TransportError::new("the download ended before the blob did");
        let short = self.size.is_some_and(|size| self.received < size);
        let Some(broken) = broken.or_else(|| short.then(early)) else {
            return self.finish().map(|()| true);
        };
        match self.take_up_again(Error::network(operation::GET, &broken)).await {
            Ok(true) => Ok(false),
            Ok(false) => self.finish().map(|()| true),
            Err(error) => {
                self.end = Some(Err(error.clone()));
                Err(error)
            }
        }
    }

    /// Whether everything has been received, whatever became of the connection: by the size, by the range, or by the digest where the
    /// registry said no size.
    fn is_complete(&self) -> bool {
        let asked = self.range.map(|(start, end)| (end - start).saturating_add(1));
        match self.size.or(asked) {
            Some(size) => self.received >= size,
            None => self.hasher.clone().is_some_and(|hasher| hasher.finish() == self.digest),
        }
    }

    fn finish(&mut self) -> Result<(), Error> {
        let end = match self.hasher.take().map(DigestHasher::finish).filter(|actual| *actual != self.digest) {
            None => Ok(()),
            Some(actual) => {
                Err(Error::digest_mismatch(operation::GET, self.digest.as_str(), actual.as_str()))
            }
        };
        self.end = Some(end.clone());
        end
    }

    /// Asks for the rest of the blob. What was received stays received and hashed. `false` where there is no rest.
    async fn take_up_again(&mut self, broken: Error) -> Result<bool, Error> {
        if self.received > self.received_before {
            (self.received_before, self.retries) = (self.received, 0);
        }
        if self.pipeline.sender.back_off(self.retries, None).await.is_none() {
            return Err(broken);
        }
        self.retries += 1;
        let (start, end) = self.range.map_or((0, None), |(start, end)| (start, Some(end)));
        let offset = start.saturating_add(self.received);
        let call = operation::get_part(&self.repository, &self.digest, offset, end);
        let answer = match self.pipeline.answer(&call).await {
            Ok(answer) => answer,
            // The blob has no byte there.
            Err(error) if error.status() == Some(416) && self.size.is_none() => return Ok(false),
            // No refusal: the server knows no ranges, and what ended the download is that it broke off.
            Err(error) if error.status() == Some(200) => return Err(broken),
            Err(error) => return Err(error),
        };
        let first = field::content_range(&answer.headers).map(|(first, ..)| first);
        if first.is_some_and(|first| first != offset) {
            return Err(broken);
        }
        self.body = body_of(*answer);
        Ok(true)
    }
}

fn body_of(answer: Answer) -> Body {
    answer.stream.unwrap_or_else(|| Body::from_bytes(Bytes::new()))
}

impl fmt::Debug for BlobDownload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlobDownload")
            .field("digest", &self.digest)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}
