//! The rows of an inventory's tables.

use std::collections::BTreeMap;

use crate::chain::{Chain, Listing};
use crate::digest::DigestKey;
use crate::id::{DigestId, ManifestId, RepositoryId, TagId};
use crate::instant::Instant;
use crate::locks::Locks;
use crate::record::{Kind, RepositoryRow};

/// A repository. What is not listed any longer stays, so that ids stay valid.
#[derive(Debug, Clone)]
pub(crate) struct RepositoryEntry {
    pub(crate) name: Box<str>,
    pub(crate) listing: Listing,
    /// Its attributes, where they were read.
    pub(crate) row: Option<RepositoryRow>,
    pub(crate) tags: BTreeMap<Box<str>, TagId>,
    pub(crate) manifests: BTreeMap<DigestKey, ManifestId>,
    pub(crate) tag_pages: Chain,
    pub(crate) manifest_pages: Chain,
}

impl RepositoryEntry {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            listing: Listing::ABSENT,
            row: None,
            tags: BTreeMap::new(),
            manifests: BTreeMap::new(),
            tag_pages: Chain::default(),
            manifest_pages: Chain::default(),
        }
    }

    /// Its locks; open where its attributes were not read.
    pub(crate) fn locks(&self) -> Locks {
        self.row.as_ref().map_or(Locks::OPEN, |row| row.locks)
    }
}

/// A tag.
#[derive(Debug, Clone)]
pub(crate) struct TagEntry {
    pub(crate) repository: RepositoryId,
    pub(crate) name: Box<str>,
    pub(crate) digest: DigestId,
    pub(crate) created: Option<Instant>,
    pub(crate) updated: Option<Instant>,
    pub(crate) locks: Locks,
    pub(crate) listing: Listing,
}

/// A manifest in a repository.
#[derive(Debug, Clone)]
pub(crate) struct ManifestEntry {
    pub(crate) repository: RepositoryId,
    pub(crate) digest: DigestId,
    pub(crate) image_size: Option<u64>,
    pub(crate) created: Option<Instant>,
    pub(crate) updated: Option<Instant>,
    pub(crate) locks: Locks,
    pub(crate) kind: Kind,
    pub(crate) listing: Listing,
}

/// The content of a manifest; its references lie in one table for all.
#[derive(Debug, Clone)]
pub(crate) struct ContentEntry {
    pub(crate) digest: DigestId,
    pub(crate) size: u64,
    pub(crate) kind: Kind,
    pub(crate) has_config: bool,
    pub(crate) start: u32,
    pub(crate) blobs: u32,
    pub(crate) children: u32,
    pub(crate) subject: Option<DigestId>,
    /// The number of the base image's name, and the base's digest.
    pub(crate) base: Option<(u32, DigestId)>,
}
