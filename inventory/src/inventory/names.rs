//! From names to ids and back, and what a row says.

use super::Inventory;
use crate::id::{DigestId, ManifestId, RepositoryId, TagId};
use crate::instant::Instant;
use crate::locks::Locks;
use crate::record::Kind;

impl Inventory {
    /// A repository by its name, where the registry lists it.
    #[must_use]
    pub fn find_repository(&self, name: &str) -> Option<RepositoryId> {
        let id = *self.repository_ids.get(name)?;
        self.repository(id).filter(|entry| entry.listing.is_listed()).map(|_| id)
    }

    /// A tag by its repository's name and its own.
    #[must_use]
    pub fn find_tag(&self, repository: &str, name: &str) -> Option<TagId> {
        let id = *self.repository(self.find_repository(repository)?)?.tags.get(name)?;
        self.tag(id).filter(|tag| tag.listing.is_listed()).map(|_| id)
    }

    /// A manifest by its repository's name and its digest.
    #[must_use]
    pub fn find_manifest(&self, repository: &str, digest: &str) -> Option<ManifestId> {
        self.place(self.find_repository(repository)?, self.digests.find(digest)?)
    }

    /// A digest that any list or manifest named.
    #[must_use]
    pub fn find_digest(&self, digest: &str) -> Option<DigestId> {
        self.digests.find(digest)
    }

    /// The name of a repository.
    #[must_use]
    pub fn repository_name(&self, id: RepositoryId) -> &str {
        self.repository(id).map_or("", |entry| &entry.name)
    }

    /// The locks of a repository; open where its attributes were not read.
    #[must_use]
    pub fn repository_locks(&self, id: RepositoryId) -> Locks {
        self.repository(id).map_or(Locks::OPEN, |entry| entry.locks())
    }

    /// Whether all pages of a repository's tags and manifests were read.
    #[must_use]
    pub fn are_lists_complete(&self, id: RepositoryId) -> bool {
        self.repository(id)
            .is_some_and(|entry| entry.tag_pages.is_complete() && entry.manifest_pages.is_complete())
    }

    /// The name of a tag.
    #[must_use]
    pub fn tag_name(&self, id: TagId) -> &str {
        self.tag(id).map_or("", |tag| &tag.name)
    }

    /// The repository of a tag.
    #[must_use]
    pub fn tag_repository(&self, id: TagId) -> Option<RepositoryId> {
        self.tag(id).map(|tag| tag.repository)
    }

    /// The digest that a tag points to.
    #[must_use]
    pub fn tag_digest(&self, id: TagId) -> Option<DigestId> {
        self.tag(id).map(|tag| tag.digest)
    }

    /// When a tag was last moved.
    #[must_use]
    pub fn tag_updated(&self, id: TagId) -> Option<Instant> {
        self.tag(id).and_then(|tag| tag.updated)
    }

    /// The locks of a tag.
    #[must_use]
    pub fn tag_locks(&self, id: TagId) -> Locks {
        self.tag(id).map_or(Locks::OPEN, |tag| tag.locks)
    }

    /// The repository of a manifest.
    #[must_use]
    pub fn manifest_repository(&self, id: ManifestId) -> Option<RepositoryId> {
        self.manifest(id).map(|manifest| manifest.repository)
    }

    /// The digest of a manifest.
    #[must_use]
    pub fn manifest_digest(&self, id: ManifestId) -> Option<DigestId> {
        self.manifest(id).map(|manifest| manifest.digest)
    }

    /// When a manifest was last pushed.
    #[must_use]
    pub fn manifest_updated(&self, id: ManifestId) -> Option<Instant> {
        self.manifest(id).and_then(|manifest| manifest.updated)
    }

    /// The locks of a manifest.
    #[must_use]
    pub fn manifest_locks(&self, id: ManifestId) -> Locks {
        self.manifest(id).map_or(Locks::OPEN, |manifest| manifest.locks)
    }

    /// What a manifest is: by its content where it was read, else by its media type.
    #[must_use]
    pub fn manifest_kind(&self, id: ManifestId) -> Kind {
        let Some(manifest) = self.manifest(id) else { return Kind::Unknown };
        let content = self.content_of(manifest.digest).and_then(|content| self.content(content));
        content.map_or(manifest.kind, |content| content.kind)
    }

    /// Whether the content of a manifest was read.
    #[must_use]
    pub fn is_read(&self, id: ManifestId) -> bool {
        self.manifest(id).is_some_and(|manifest| self.content_of(manifest.digest).is_some())
    }

    /// A digest as text; empty where the id is of another inventory.
    #[must_use]
    pub fn digest_text(&self, id: DigestId) -> String {
        self.key(id).map(ToString::to_string).unwrap_or_default()
    }

    /// `repository:tag`.
    #[must_use]
    pub fn tag_reference(&self, id: TagId) -> String {
        self.tag(id)
            .map(|tag| format!("{}:{}", self.repository_name(tag.repository), tag.name))
            .unwrap_or_default()
    }

    /// `repository@digest`.
    #[must_use]
    pub fn manifest_reference(&self, id: ManifestId) -> String {
        self.manifest(id)
            .map(|entry| {
                format!("{}@{}", self.repository_name(entry.repository), self.digest_text(entry.digest))
            })
            .unwrap_or_default()
    }
}
