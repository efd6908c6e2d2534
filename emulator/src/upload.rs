//! Upload sessions: bytes that gather piece by piece until they become a blob. A piece counts only once all of it
//! has arrived; a client that goes away in the middle leaves the session as it was before.

use std::collections::HashMap;
use std::io::{self, SeekFrom};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use sha2::{Digest as _, Sha256};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use uuid::Uuid;

use crate::clock::Time;
use crate::name::RepositoryName;

const PIECE: usize = 1024 * 1024;

/// Every open session.
#[derive(Debug, Default)]
pub(crate) struct Uploads {
    sessions: Mutex<HashMap<Uuid, Entry>>,
}

#[derive(Debug)]
struct Entry {
    repository: RepositoryName,
    touched: Time,
    session: Arc<tokio::sync::Mutex<Upload>>,
}

impl Entry {
    /// Whether it was touched within `age`, or somebody works on it.
    fn is_alive(&self, now: Time, age: Duration) -> bool {
        now.since(self.touched) < age || Arc::strong_count(&self.session) > 1
    }
}

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

/// Where a session's bytes gather.
#[derive(Debug)]
pub(crate) enum UploadStore {
    Memory(Vec<Bytes>),
    File(PathBuf),
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

impl Uploads {
    /// Opens a session.
    pub(crate) fn start(&self, repository: &RepositoryName, id: Uuid, store: UploadStore, now: Time) {
        let session = Upload { id, started: now, size: 0, hash: Sha256::new(), store };
        let session = Arc::new(tokio::sync::Mutex::new(session));
        self.lock().insert(id, Entry { repository: repository.clone(), touched: now, session });
    }

    /// The session of a repository, kept alive by the call unless nothing had touched it for `age`.
    pub(crate) fn get(
        &self,
        repository: &RepositoryName,
        id: &Uuid,
        now: Time,
        age: Duration,
    ) -> Option<Arc<tokio::sync::Mutex<Upload>>> {
        let mut sessions = self.lock();
        let entry = sessions.get_mut(id).filter(|entry| entry.repository == *repository)?;
        if !entry.is_alive(now, age) {
            sessions.remove(id);
            return None;
        }
        entry.touched = now;
        Some(entry.session.clone())
    }

    /// Keeps a session alive that a piece took its time to reach.
    pub(crate) fn touch(&self, id: &Uuid, now: Time) {
        if let Some(entry) = self.lock().get_mut(id) {
            entry.touched = now;
        }
    }

    /// Closes a session; `false` when it is closed already. Its bytes go with its last user.
    pub(crate) fn close(&self, id: &Uuid) -> bool {
        self.lock().remove(id).is_some()
    }

    /// Closes the sessions that nothing has touched for `age`.
    pub(crate) fn expire(&self, now: Time, age: Duration) {
        self.lock().retain(|_, entry| entry.is_alive(now, age));
    }

    /// How many sessions are open.
    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Entry>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Upload {
    /// Takes a body, all of it or nothing. `expected` is the length it announced, `limit` the size of the whole.
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

/// Where the bytes of one piece go until it is whole.
enum Sink {
    Memory { pieces: Vec<Bytes>, open: BytesMut },
    File { file: File, undo: Undo },
}

/// Cuts a file back to what it was when a piece began, unless the piece became whole. Also when nobody waits for the
/// piece any longer, which is why it cannot be asynchronous.
struct Undo {
    path: PathBuf,
    size: u64,
    needed: bool,
}

impl Drop for Undo {
    fn drop(&mut self) {
        if !self.needed {
            return;
        }
        let cut = match self.size {
            0 => std::fs::remove_file(&self.path),
            size => {
                std::fs::OpenOptions::new().write(true).open(&self.path).and_then(|file| file.set_len(size))
            }
        };
        if let Err(error) = cut {
            tracing::debug!(%error, "what an interrupted piece left stays until the upload goes on or expires");
        }
    }
}

impl Sink {
    async fn open(store: &UploadStore, at: u64) -> io::Result<Self> {
        match store {
            UploadStore::Memory(_) => Ok(Self::Memory { pieces: Vec::new(), open: BytesMut::new() }),
            UploadStore::File(path) => {
                let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path).await?;
                file.set_len(at).await?;
                file.seek(SeekFrom::Start(at)).await?;
                Ok(Self::File { file, undo: Undo { path: path.clone(), size: at, needed: true } })
            }
        }
    }

    async fn write(&mut self, data: &[u8]) -> io::Result<()> {
        match self {
            Self::Memory { pieces, open } => {
                open.extend_from_slice(data);
                if open.len() >= PIECE {
                    pieces.push(open.split().freeze());
                    open.reserve(PIECE);
                }
                Ok(())
            }
            Self::File { file, .. } => file.write_all(data).await,
        }
    }

    /// Waits for a write that is under way, so that nothing comes behind the undoing.
    async fn settle(&mut self) {
        if let Self::File { file, .. } = self {
            // Whatever it says, the bytes are cut off next.
            let _ = file.flush().await;
        }
    }

    async fn finish(self) -> io::Result<Vec<Bytes>> {
        match self {
            Self::Memory { mut pieces, open } => {
                if !open.is_empty() {
                    // A copy, so that a small blob does not hold a large buffer.
                    pieces.push(Bytes::copy_from_slice(&open));
                }
                Ok(pieces)
            }
            Self::File { mut file, mut undo } => {
                file.flush().await?;
                undo.needed = false;
                Ok(Vec::new())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Digest;

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

    #[test]
    fn sessions_nobody_touches_expire() {
        let uploads = Uploads::default();
        let name = RepositoryName::parse("a").unwrap();
        uploads.start(&name, Uuid::nil(), UploadStore::Memory(Vec::new()), Time::from_unix_seconds(1));
        uploads.expire(Time::from_unix_seconds(10), Duration::from_secs(60));
        let age = Duration::from_secs(60);
        assert!(uploads.get(&name, &Uuid::nil(), Time::from_unix_seconds(50), age).is_some());
        uploads.expire(Time::from_unix_seconds(100), Duration::from_secs(60));
        assert_eq!(uploads.len(), 1);
        uploads.expire(Time::from_unix_seconds(111), Duration::from_secs(60));
        assert_eq!(uploads.len(), 0);
    }
}
