//! The registry's state: repositories, manifests, tags and which blobs belong where.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::blob::{Blob, Link};
use super::content::Content;
use super::record::Record;
use super::repository::Repository;
use crate::protocol::name::{Digest, RepositoryName};

/// Everything a registry holds.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    pub(super) repositories: BTreeMap<RepositoryName, Box<Repository>>,
    /// Which blobs each repository has, also before its first manifest.
    pub(super) links: HashMap<RepositoryName, HashMap<Digest, Link>>,
    pub(super) blobs: HashMap<Digest, Blob>,
    /// Manifests are content-addressed: one copy, however many repositories have it.
    pub(super) contents: HashMap<Digest, Arc<Content>>,
    /// Changes not yet taken by a journal; `None` where there is no journal.
    pub(super) outbox: Option<Vec<Record>>,
    /// Blobs that no repository has any longer, whose bytes may go.
    pub(super) reclaimable: Vec<Digest>,
}

impl Registry {
    /// Starts collecting changes for a journal.
    pub(crate) fn keep_records(&mut self) {
        self.outbox = Some(Vec::new());
    }

    /// The changes since the last call.
    pub(crate) fn take_records(&mut self) -> Vec<Record> {
        self.outbox.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The blobs that lost their last repository since the last call.
    pub(crate) fn take_reclaimable(&mut self) -> Vec<Digest> {
        std::mem::take(&mut self.reclaimable)
    }

    /// Whether any repository has the blob.
    pub(crate) fn has_blob(&self, digest: &Digest) -> bool {
        self.blobs.contains_key(digest)
    }

    /// A blob, whichever repository has it.
    pub(crate) fn any_blob(&self, digest: &Digest) -> Option<&Blob> {
        self.blobs.get(digest)
    }

    /// Bytes of every blob and every manifest, each once.
    pub(crate) fn stored_bytes(&self) -> u64 {
        let blobs: u64 = self.blobs.values().map(|blob| blob.size).sum();
        let manifests: u64 = self.contents.values().map(|content| content.bytes.len() as u64).sum();
        blobs + manifests
    }

    /// How many blobs there are.
    #[cfg(test)]
    pub(crate) fn blob_total(&self) -> usize {
        self.blobs.len()
    }
}
