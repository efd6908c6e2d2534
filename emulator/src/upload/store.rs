//! Where the bytes of an upload gather, and of one piece until it is complete.

use std::io::{self, SeekFrom};
use std::path::PathBuf;

use bytes::{Bytes, BytesMut};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

const PIECE: usize = 1024 * 1024;

/// Where a session's bytes gather.
#[derive(Debug)]
pub(crate) enum UploadStore {
    Memory(Vec<Bytes>),
    File(PathBuf),
}

/// Where the bytes of one piece go until it is complete.
pub(super) enum Sink {
    Memory { pieces: Vec<Bytes>, open: BytesMut },
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
            UploadStore::Memory(_) => Ok(Self::Memory { pieces: Vec::new(), open: BytesMut::new() }),
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

    /// Waits for a write that is under way, so that nothing is written after the undoing.
    pub(super) async fn settle(&mut self) {
        if let Self::File { file, .. } = self {
            // Whatever it says, the bytes are cut off next.
            let _ = file.flush().await;
        }
    }

    pub(super) async fn finish(self) -> io::Result<Vec<Bytes>> {
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
