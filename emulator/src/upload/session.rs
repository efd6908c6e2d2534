//! An upload session: bytes that gather piece by piece until they become a blob. A piece counts only once all of it has
//! arrived; a client that goes away in the middle leaves the session as it was before.

use std::io;

use axum::body::Body;
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};
use tokio::fs::OpenOptions;
use uuid::Uuid;

use super::store::{Sink, UploadStore};
use crate::protocol::time::Time;

/// One session.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) id: Uuid,
    pub(crate) started: Time,
    /// Bytes that have arrived for good.
    pub(crate) size: u64,
    pub(crate) hash: Sha256,
    pub(crate) store: UploadStore,
}

/// A place in an upload.
pub(crate) struct Mark {
    size: u64,
    hash: Sha256,
    pieces: usize,
}

/// Why a piece was not taken. The session stays as it was.
#[derive(Debug)]
pub(crate) enum AppendError {
    /// More bytes than are allowed.
    TooLarge,
    /// The body ended early or could not be read.
    Interrupted,
    /// Fewer or more bytes than its range announced.
    WrongLength,
    /// The disk refused.
    Storage(io::Error),
}

impl Upload {
    /// Appends a body, completely or not at all. `expected` is the length it announced, `limit` the size of the blob.
    pub(crate) async fn append(
        &mut self,
        body: Body,
        expected: Option<u64>,
        limit: u64,
    ) -> Result<(), AppendError> {
        let mut sink = Sink::open(&self.store, self.size).await.map_err(AppendError::Storage)?;
        let mut hash = self.hash.clone();
        let added = match self.receive(body, expected, limit, &mut sink, &mut hash).await {
            Ok(added) => added,
            Err(error) => {
                sink.settle().await;
                return Err(error);
            }
        };
        let pieces = sink.finish().await.map_err(AppendError::Storage)?;
        if let UploadStore::Memory(all) = &mut self.store {
            all.extend(pieces);
        }
        self.hash = hash;
        self.size += added;
        Ok(())
    }

    /// Reads a body to its end; answers how long it was.
    async fn receive(
        &self,
        mut body: Body,
        expected: Option<u64>,
        limit: u64,
        sink: &mut Sink,
        hash: &mut Sha256,
    ) -> Result<u64, AppendError> {
        let mut added = 0u64;
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| AppendError::Interrupted)?.into_data() else {
                continue;
            };
            added = added.saturating_add(data.len() as u64);
            if self.size.saturating_add(added) > limit {
                return Err(AppendError::TooLarge);
            }
            if expected.is_some_and(|expected| added > expected) {
                return Err(AppendError::WrongLength);
            }
            hash.update(&data);
            sink.write(&data).await.map_err(AppendError::Storage)?;
        }
        if expected.is_some_and(|expected| added != expected) {
            return Err(AppendError::WrongLength);
        }
        Ok(added)
    }

    /// Where the upload stands, to come back to.
    pub(crate) fn mark(&self) -> Mark {
        let pieces = match &self.store {
            UploadStore::Memory(pieces) => pieces.len(),
            UploadStore::File(_) => 0,
        };
        Mark { size: self.size, hash: self.hash.clone(), pieces }
    }

    /// Undoes what came after `mark`.
    pub(crate) fn rewind(&mut self, mark: Mark) {
        self.size = mark.size;
        self.hash = mark.hash;
        if let UploadStore::Memory(pieces) = &mut self.store {
            pieces.truncate(mark.pieces);
        }
    }

    /// Cuts off what an interrupted piece left and puts the rest on disk for good.
    pub(crate) async fn sync(&self) -> io::Result<()> {
        if let UploadStore::File(path) = &self.store {
            let file = OpenOptions::new().write(true).create(true).truncate(false).open(path).await?;
            file.set_len(self.size).await?;
            file.sync_all().await?;
        }
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let UploadStore::File(path) = &self.store {
            // Gone already when the upload became a blob.
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::protocol::name::Digest;

    fn upload() -> Upload {
        let (id, started) = (Uuid::nil(), Time::default());
        Upload { id, started, size: 0, hash: Sha256::new(), store: UploadStore::Memory(Vec::new()) }
    }

    #[tokio::test]
    async fn a_piece_that_is_refused_leaves_the_session_as_it_was() {
        let mut upload = upload();
        upload.append(Body::from("abc"), None, 10).await.unwrap();
        assert!(matches!(upload.append(Body::from("defghijkl"), None, 10).await, Err(AppendError::TooLarge)));
        assert!(matches!(upload.append(Body::from("de"), Some(3), 10).await, Err(AppendError::WrongLength)));
        let broken =
            futures_util::stream::iter([Ok(Bytes::from_static(b"d")), Err(io::Error::other("gone"))]);
        let interrupted = upload.append(Body::from_stream(broken), None, 10).await;
        assert!(matches!(interrupted, Err(AppendError::Interrupted)));
        upload.append(Body::from("def"), Some(3), 10).await.unwrap();
        assert_eq!(Digest::from_hash(upload.hash.clone()), Digest::of(b"abcdef"));
    }
}
