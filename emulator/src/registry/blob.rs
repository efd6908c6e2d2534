//! Blobs as the registry knows them: a size, where the bytes are, and who holds them.

use std::sync::Arc;

use bytes::Bytes;

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
}

impl Blob {
    pub(crate) fn new(size: u64, content: BlobContent, since: Time) -> Self {
        Self { size, content, repositories: 0, since }
    }
}

/// Where a blob's bytes are.
#[derive(Clone, Debug)]
pub(crate) enum BlobContent {
    /// In memory, in the pieces they came in.
    Memory(Arc<[Bytes]>),
    /// In the data folder, under their digest.
    Disk,
}

/// A repository's hold on a blob.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    /// How many of the repository's manifests name the blob.
    pub(crate) references: u32,
    /// Whether the repository has it: one that manifests name may have been deleted from under them.
    pub(crate) present: bool,
    pub(crate) since: Time,
}
