//! An upload session: bytes that gather piece by piece until they become a blob. A piece counts only once all of it has
//! arrived; a client that goes away in the middle leaves the session as it was before.

use std::io;

use axum::body::Body;
use bytes::BytesMut;
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256, Sha512};
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

use super::store::{Sink, UploadStore};
use crate::protocol::name::{Digest, SHA512};
use crate::protocol::time::Time;

const READ: usize = 256 * 1024;

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
    /// There is no room left, in memory or on the disk.
    Full,
    /// The disk refused.
    Storage(io::Error),
}

impl AppendError {
    fn of(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull { Self::Full } else { Self::Storage(error) }
    }
}

impl Upload {
    /// Appends a body, completely or not at all. `expected` is the length it announced, `limit` the size of the blob.
    pub(crate) async fn append(
        &mut self,
        body: Body,
        expected: Option<u64>,
        limit: u64,
    ) -> Result<(), AppendError> {
        let mut sink = Sink::open(&self.store, self.size).await.map_err(AppendError::of)?;
        let mut hash = self.hash.clone();
        let added = match self.receive(body, expected, limit, &mut sink, &mut hash).await {
            Ok(added) => added,
            Err(error) => {
                sink.settle().await;
                return Err(error);
            }
        };
        sink.finish(&mut self.store).await.map_err(AppendError::of)?;
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
            sink.write(&data).await.map_err(AppendError::of)?;
        }
        if expected.is_some_and(|expected| added != expected) {
            return Err(AppendError::WrongLength);
        }
        Ok(added)
    }

    /// The digest of what has arrived, by the algorithm of `like`.
    pub(crate) async fn digest(&self, like: &Digest) -> io::Result<Digest> {
        if like.algorithm() != SHA512 {
            return Ok(Digest::from_hash(self.hash.clone()));
        }
        let mut hash = Sha512::new();
        match &self.store {
            UploadStore::Memory(kept) => kept.pieces.iter().for_each(|piece| hash.update(piece)),
            UploadStore::File(path) => {
                let mut file = File::open(path).await?.take(self.size);
                let mut buffer = BytesMut::with_capacity(READ);
                while file.read_buf(&mut buffer).await? > 0 {
                    hash.update(&buffer);
                    buffer.clear();
                }
            }
        }
        Ok(Digest::from_sha512(hash))
    }

    /// Where the upload stands, to come back to.
    pub(crate) fn mark(&self) -> Mark {
        let pieces = match &self.store {
            UploadStore::Memory(kept) => kept.pieces.len(),
            UploadStore::File(_) => 0,
        };
        Mark { size: self.size, hash: self.hash.clone(), pieces }
    }

    /// Undoes what came after `mark`.
    pub(crate) fn rewind(&mut self, mark: Mark) {
        self.size = mark.size;
        self.hash = mark.hash;
        if let UploadStore::Memory(kept) = &mut self.store {
            kept.pieces.truncate(mark.pieces);
            kept.reservation.shrink_to(mark.size);
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
    use crate::registry::memory::Memory;

    fn upload() -> Upload {
        let (id, started) = (Uuid::nil(), Time::default());
        Upload {
            id,
            started,
            size: 0,
            hash: Sha256::new(),
            store: UploadStore::in_memory(&Memory::new(1 << 20)),
        }
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

    #[tokio::test]
    async fn a_piece_without_room_is_refused_and_frees_what_it_took() {
        let memory = Memory::new(5);
        let mut upload = upload();
        upload.store = UploadStore::in_memory(&memory);
        upload.append(Body::from("abc"), None, 10).await.unwrap();
        let frames =
            futures_util::stream::iter(["de", "f"].map(|text| Ok::<_, io::Error>(Bytes::from(text))));
        let refused = upload.append(Body::from_stream(frames), None, 10).await;
        assert!(matches!(refused, Err(AppendError::Full)));
        assert_eq!(memory.used(), 3);
        let mark = upload.mark();
        upload.append(Body::from("de"), None, 10).await.unwrap();
        upload.rewind(mark);
        assert_eq!(memory.used(), 3);
        drop(upload);
        assert_eq!(memory.used(), 0);
    }
}
