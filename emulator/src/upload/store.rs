//! Where the bytes of an upload gather, and of one piece until it is complete.

use std::io::{self, SeekFrom};
use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use crate::registry::blob::MemoryBlob;
use crate::registry::memory::Memory;

const PIECE: usize = 1024 * 1024;

/// Where a session's bytes gather.
#[derive(Debug)]
pub(crate) enum UploadStore {
    Memory(MemoryBlob),
    File(PathBuf),
}

impl UploadStore {
    /// A store in memory, without bytes.
    pub(crate) fn in_memory(memory: &Memory) -> Self {
        Self::Memory(MemoryBlob { pieces: Vec::new(), reservation: memory.reserve_none() })
    }
}

/// Where the bytes of one piece go until it is complete.
pub(super) enum Sink {
    Memory { gathered: MemoryBlob, open: BytesMut },
    File { file: File, undo: Undo },
}

/// Cuts a file back to what it was when a piece began, unless the piece was completed. Also when nothing awaits the
/// piece any longer, which is why it cannot be asynchronous.
pub(super) struct Undo {
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
    pub(super) async fn open(store: &UploadStore, at: u64) -> io::Result<Self> {
        match store {
            UploadStore::Memory(kept) => {
                let gathered =
                    MemoryBlob { pieces: Vec::new(), reservation: kept.reservation.reserve_none() };
                Ok(Self::Memory { gathered, open: BytesMut::new() })
            }
            UploadStore::File(path) => {
                let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path).await?;
                file.set_len(at).await?;
                file.seek(SeekFrom::Start(at)).await?;
                Ok(Self::File { file, undo: Undo { path: path.clone(), size: at, needed: true } })
            }
        }
    }

    pub(super) async fn write(&mut self, data: &[u8]) -> io::Result<()> {
        match self {
            Self::Memory { gathered, open } => {
                gathered.reservation.grow(data.len() as u64).map_err(|_| io::ErrorKind::StorageFull)?;
                let mut rest = data;
                while !rest.is_empty() {
                    let room = PIECE.saturating_sub(open.len()).min(rest.len());
                    let (fitting, later) = rest.split_at_checked(room).unwrap_or((rest, &[]));
                    open.extend_from_slice(fitting);
                    rest = later;
                    if open.len() >= PIECE {
                        let full = std::mem::replace(open, BytesMut::with_capacity(PIECE));
                        gathered.pieces.push(full.freeze());
                    }
                }
                Ok(())
            }
            Self::File { file, .. } => file.write_all(data).await,
        }
    }

    /// Waits for a write that is under way, so that nothing is written after the undoing.
    pub(super) async fn settle(&mut self) {
        if let Self::File { file, .. } = self {
            // Whatever it says, the bytes are cut off next.
            let _ = file.flush().await;
        }
    }

    /// Adds the piece to `store`.
    pub(super) async fn finish(self, store: &mut UploadStore) -> io::Result<()> {
        match self {
            Self::Memory { mut gathered, open } => {
                if !open.is_empty() {
                    // A copy, so that a small blob does not hold a large buffer.
                    gathered.pieces.push(Bytes::copy_from_slice(&open));
                }
                if let UploadStore::Memory(kept) = store {
                    kept.pieces.append(&mut gathered.pieces);
                    kept.reservation.absorb(gathered.reservation);
                }
                Ok(())
            }
            Self::File { mut file, mut undo } => {
                file.flush().await?;
                undo.needed = false;
                Ok(())
            }
        }
    }
}
