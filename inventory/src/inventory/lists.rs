//! Reading pages of lists, and rows by themselves.

use super::{Inventory, ManifestEntry, Page, RepositoryEntry, TagEntry};
use crate::chain::{Chain, Listing};
use crate::digest::DigestKey;
use crate::id::{ManifestId, RepositoryId, TagId};
use crate::record::{ManifestRow, RepositoryRow, TagRow};

impl Inventory {
    /// Reads a page of the catalog (Repository_GetList).
    pub fn read_catalog(&mut self, page: &Page<String>) {
        self.touch();
        let turn = self.catalog.record(&page.after, page.next.as_deref());
        self.repositories.iter_mut().for_each(|entry| turn.clear(&mut entry.listing));
        for name in page.rows.iter().filter(|name| !name.is_empty()) {
            let id = self.intern_repository(name);
            if let Some(entry) = self.repositories.get_mut(id.index()) {
                entry.listing = Listing::on(turn.number);
            }
        }
        self.repositories.iter_mut().for_each(|entry| turn.settle(&mut entry.listing));
    }

    /// Adds a repository that no catalog named: for a sign-in that may not read the catalog.
    pub fn add_repository(&mut self, name: &str) -> RepositoryId {
        self.touch();
        let id = self.intern_repository(name);
        if let Some(entry) = self.repositories.get_mut(id.index()).filter(|entry| !entry.listing.is_listed())
        {
            entry.listing = Listing::alone(Some(entry.listing));
        }
        id
    }

    /// Reads a repository's attributes (Repository_GetAttributes).
    pub fn read_repository(&mut self, name: &str, row: RepositoryRow) {
        let id = self.add_repository(name);
        if let Some(entry) = self.repositories.get_mut(id.index()) {
            entry.row = Some(row);
        }
    }

    /// Records that a repository is gone: a list of it was answered with 404.
    pub fn remove_repository(&mut self, name: &str) {
        self.touch();
        let Some(id) = self.repository_ids.get(name).copied() else { return };
        let Some(entry) = self.repositories.get_mut(id.index()) else { return };
        entry.listing = Listing::ABSENT;
        entry.tag_pages = Chain::default();
        entry.manifest_pages = Chain::default();
        for tag in entry.tags.values() {
            if let Some(tag) = self.tags.get_mut(tag.index()) {
                tag.listing = Listing::ABSENT;
            }
        }
        for manifest in entry.manifests.values() {
            if let Some(manifest) = self.manifests.get_mut(manifest.index()) {
                manifest.listing = Listing::ABSENT;
            }
        }
    }

    /// Reads a page of a repository's tags (Tag_GetList). A row without a valid digest is left out.
    pub fn read_tags(&mut self, repository: &str, page: &Page<TagRow>) {
        let id = self.add_repository(repository);
        let Some(entry) = self.repositories.get_mut(id.index()) else { return };
        let turn = entry.tag_pages.record(&page.after, page.next.as_deref());
        let others: Vec<TagId> =
            if turn.concerns_others() { entry.tags.values().copied().collect() } else { Vec::new() };
        for other in &others {
            if let Some(tag) = self.tags.get_mut(other.index()) {
                turn.clear(&mut tag.listing);
            }
        }
        for row in &page.rows {
            self.put_tag(id, row, Some(turn.number));
        }
        for other in &others {
            if let Some(tag) = self.tags.get_mut(other.index()) {
                turn.settle(&mut tag.listing);
            }
        }
    }

    /// Records that a tag was locked or unlocked: `deleteEnabled` and `writeEnabled` were switched.
    pub fn enable_tag_changes(&mut self, repository: &str, name: &str, enabled: bool) {
        if let Some(tag) = self.find_tag(repository, name).and_then(|id| self.tags.get_mut(id.index())) {
            tag.locks = tag.locks.with_changes(enabled);
            self.renumber();
        }
    }

    /// Records that a manifest was locked or unlocked: `deleteEnabled` and `writeEnabled` were switched.
    pub fn enable_manifest_changes(&mut self, repository: &str, digest: &str, enabled: bool) {
        let id = self.find_manifest(repository, digest);
        if let Some(manifest) = id.and_then(|id| self.manifests.get_mut(id.index())) {
            manifest.locks = manifest.locks.with_changes(enabled);
            self.renumber();
        }
    }

    /// Records that a tag is gone.
    pub fn remove_tag(&mut self, repository: &str, name: &str) {
        self.touch();
        if let Some(tag) = self.find_tag(repository, name).and_then(|id| self.tags.get_mut(id.index())) {
            tag.listing = Listing::ABSENT;
        }
    }

    /// Reads a page of a repository's manifests (Manifests_GetList). A row without a valid digest is left out.
    pub fn read_manifests(&mut self, repository: &str, page: &Page<ManifestRow>) {
        let id = self.add_repository(repository);
        let Some(entry) = self.repositories.get_mut(id.index()) else { return };
        let turn = entry.manifest_pages.record(&page.after, page.next.as_deref());
        let others: Vec<ManifestId> =
            if turn.concerns_others() { entry.manifests.values().copied().collect() } else { Vec::new() };
        for other in &others {
            if let Some(manifest) = self.manifests.get_mut(other.index()) {
                turn.clear(&mut manifest.listing);
            }
        }
        for row in &page.rows {
            self.put_manifest(id, row, Some(turn.number));
        }
        for other in &others {
            if let Some(manifest) = self.manifests.get_mut(other.index()) {
                turn.settle(&mut manifest.listing);
            }
        }
    }

    /// Reads one manifest's attributes (Manifests_GetAttributes).
    pub fn read_manifest(&mut self, repository: &str, row: &ManifestRow) {
        let id = self.add_repository(repository);
        self.put_manifest(id, row, None);
    }

    /// Records that a manifest is gone, and its tags with it.
    pub fn remove_manifest(&mut self, repository: &str, digest: &str) {
        self.touch();
        let Some(id) = self.find_manifest(repository, digest) else { return };
        let Some(manifest) = self.manifests.get_mut(id.index()) else { return };
        manifest.listing = Listing::ABSENT;
        let (repository, digest) = (manifest.repository, manifest.digest);
        let tags =
            self.repositories.get(repository.index()).into_iter().flat_map(|entry| entry.tags.values());
        for tag in tags {
            let same = |tag: &&mut TagEntry| tag.digest == digest;
            if let Some(tag) = self.tags.get_mut(tag.index()).filter(same) {
                tag.listing = Listing::ABSENT;
            }
        }
    }

    /// Takes back what lists said, so that a scan reads them anew. The contents of manifests stay: their digests are their names.
    pub fn forget_lists(&mut self) {
        self.touch();
        self.catalog = Chain::default();
        for entry in &mut self.repositories {
            entry.listing = Listing::ABSENT;
            entry.row = None;
            entry.tag_pages = Chain::default();
            entry.manifest_pages = Chain::default();
        }
        self.tags.iter_mut().for_each(|tag| tag.listing = Listing::ABSENT);
        self.manifests.iter_mut().for_each(|manifest| manifest.listing = Listing::ABSENT);
    }

    fn put_tag(&mut self, repository: RepositoryId, row: &TagRow, page: Option<u32>) {
        let Some(digest) = DigestKey::parse(&row.digest).map(|key| self.intern_digest(key)) else { return };
        let Some(entry) = self.repositories.get_mut(repository.index()) else { return };
        let known = entry.tags.get(row.name.as_str()).copied();
        let id = known.unwrap_or_else(|| TagId::new(self.tags.len()));
        let before = known.and_then(|id| self.tags.get(id.index())).map(|before| before.listing);
        let listing = page.map_or_else(|| Listing::alone(before), Listing::on);
        let tag = TagEntry {
            repository,
            name: row.name.as_str().into(),
            digest,
            created: row.created,
            updated: row.updated,
            locks: row.locks,
            listing,
        };
        match self.tags.get_mut(id.index()) {
            Some(slot) => *slot = tag,
            None => {
                entry.tags.insert(tag.name.clone(), id);
                self.tags.push(tag);
            }
        }
    }

    fn put_manifest(&mut self, repository: RepositoryId, row: &ManifestRow, page: Option<u32>) {
        let Some(key) = DigestKey::parse(&row.digest) else { return };
        let digest = self.intern_digest(key.clone());
        let known = self.places.get(&(repository, digest)).copied();
        let before = known.and_then(|id| self.manifests.get(id.index())).map(|before| before.listing);
        let listing = page.map_or_else(|| Listing::alone(before), Listing::on);
        let manifest = ManifestEntry {
            repository,
            digest,
            image_size: row.image_size,
            created: row.created,
            updated: row.updated,
            locks: row.locks,
            kind: row.kind,
            listing,
        };
        let id = known.unwrap_or_else(|| ManifestId::new(self.manifests.len()));
        match self.manifests.get_mut(id.index()) {
            Some(slot) => *slot = manifest,
            None => {
                self.manifests.push(manifest);
                self.places.insert((repository, digest), id);
                if let Some(entry) = self.repositories.get_mut(repository.index()) {
                    entry.manifests.insert(key, id);
                }
            }
        }
    }

    fn intern_repository(&mut self, name: &str) -> RepositoryId {
        if let Some(id) = self.repository_ids.get(name) {
            return *id;
        }
        let id = RepositoryId::new(self.repositories.len());
        self.repositories.push(RepositoryEntry::new(name));
        self.repository_ids.insert(name.into(), id);
        id
    }
}
