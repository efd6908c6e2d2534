//! Blobs as the registry knows them: a size, where the bytes are, and who holds them.

use std::sync::Arc;

use bytes::Bytes;

use super::memory::Reservation;
use crate::protocol::time::Time;

/// A blob that at least one repository has.
#[derive(Clone, Debug)]
pub(crate) struct Blob {
    /// Bytes.
    pub(crate) size: u64,
    pub(crate) content: BlobContent,
    /// How many repositories have it.
    pub(crate) repositories: u32,
    /// When it came.
    pub(crate) since: Time,
    /// Whether an import copied it, which its storage shows.
    pub(crate) imported: bool,
}

impl Blob {
    pub(crate) fn new(size: u64, content: BlobContent, since: Time, imported: bool) -> Self {
        Self { size, content, repositories: 0, since, imported }
    }
}

/// Where a blob's bytes are.
#[derive(Clone, Debug)]
pub(crate) enum BlobContent {
    /// In memory, in pieces.
    Memory(Arc<MemoryBlob>),
    /// In the data folder, under their digest.
    Disk,
}

/// The pieces of a blob, and the room that they take.
#[derive(Debug)]
pub(crate) struct MemoryBlob {
    pub(crate) pieces: Vec<Bytes>,
    pub(crate) reservation: Reservation,
}

/// A repository's hold on a blob.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    /// How many of the repository's manifests name the blob.
    pub(crate) references: u32,
    /// Whether the repository has it: one that manifests name may have been deleted from under them.
    pub(crate) present: bool,
    /// When it was uploaded last or, if later, the last manifest that named it was deleted.
    pub(crate) since: Time,
}
