//! Small registries for tests, written down in a few words. A manifest or layer is named by a word, whose digest stands for it.

use std::collections::BTreeMap;

use acr_client_wasm::Digest;
use acr_inventory::{
    Content, Instant, Inventory, Kind, Locks, ManifestId, ManifestRow, Page, Reference, RepositoryRow, TagId,
    TagRow,
};

/// Everything happens this many days after the epoch, at noon.
pub(crate) fn day(number: i64) -> Instant {
    Instant::from_unix_millis(number * 86_400_000)
}

pub(crate) fn digest(name: &str) -> String {
    Digest::of(name.as_bytes()).to_string()
}

pub(crate) const LOCKED: Locks = Locks::new(false, true, true, true);

/// Bytes of every manifest.
pub(crate) const MANIFEST: u64 = 100;

pub(crate) fn reference(name: &str, size: u64) -> Reference {
    Reference { digest: digest(name), size: Some(size), external: false }
}

/// A registry in the making.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sample {
    pub(crate) tags: BTreeMap<String, Vec<TagRow>>,
    pub(crate) manifests: BTreeMap<String, Vec<ManifestRow>>,
    pub(crate) contents: BTreeMap<String, Content>,
    pub(crate) repositories: BTreeMap<String, RepositoryRow>,
}

impl Sample {
    fn manifest(&mut self, repository: &str, name: &str, updated: i64, content: Content) {
        let sizes = content.blobs.iter().filter_map(|blob| blob.size);
        let row = ManifestRow {
            digest: digest(name),
            image_size: Some(sizes.fold(content.size, u64::saturating_add)),
            created: Some(day(updated)),
            updated: Some(day(updated)),
            locks: Locks::OPEN,
            kind: content.kind,
        };
        self.tags.entry(repository.to_owned()).or_default();
        self.manifests.entry(repository.to_owned()).or_default().push(row);
        self.contents.insert(digest(name), content);
    }

    pub(crate) fn image(&mut self, repository: &str, name: &str, updated: i64, layers: &[(&str, u64)]) {
        let blobs = layers.iter().map(|(layer, size)| reference(layer, *size)).collect();
        let content = Content { kind: Kind::Image, size: MANIFEST, blobs, ..Content::default() };
        self.manifest(repository, name, updated, content);
    }

    pub(crate) fn index(&mut self, repository: &str, name: &str, updated: i64, children: &[&str]) {
        let children = children.iter().map(|child| reference(child, MANIFEST)).collect();
        let content = Content { kind: Kind::Index, size: MANIFEST, children, ..Content::default() };
        self.manifest(repository, name, updated, content);
    }

    pub(crate) fn referrer(&mut self, repository: &str, name: &str, updated: i64, subject: &str, size: u64) {
        let blobs = vec![reference(&format!("{name}-payload"), size)];
        let subject = Some(digest(subject));
        let content = Content { kind: Kind::Image, size: MANIFEST, blobs, subject, ..Content::default() };
        self.manifest(repository, name, updated, content);
    }

    pub(crate) fn tag(&mut self, repository: &str, tag: &str, manifest: &str, updated: i64) {
        self.tags.entry(repository.to_owned()).or_default().push(TagRow {
            name: tag.to_owned(),
            digest: digest(manifest),
            created: Some(day(updated)),
            updated: Some(day(updated)),
            locks: Locks::OPEN,
        });
    }

    /// The tag that cosign would give a signature of a manifest.
    pub(crate) fn cosign_tag(&mut self, repository: &str, subject: &str, signature: &str, updated: i64) {
        let name = format!("{}.sig", digest(subject).replace(':', "-"));
        self.tag(repository, &name, signature, updated);
    }

    pub(crate) fn lock_tag(&mut self, repository: &str, tag: &str) {
        for row in self.tags.get_mut(repository).unwrap().iter_mut().filter(|row| row.name == tag) {
            row.locks = LOCKED;
        }
    }

    pub(crate) fn lock_manifest(&mut self, repository: &str, name: &str) {
        let name = digest(name);
        for row in self.manifests.get_mut(repository).unwrap().iter_mut().filter(|row| row.digest == name) {
            row.locks = LOCKED;
        }
    }

    /// The registry with everything read.
    pub(crate) fn read(&self) -> Inventory {
        let mut inventory = self.lists();
        for (digest, content) in &self.contents {
            inventory.read_content(digest, content);
        }
        inventory
    }

    /// The registry with its lists read and no manifest.
    pub(crate) fn lists(&self) -> Inventory {
        let mut inventory = Inventory::new("contoso.azurecr.io");
        let rows = self.manifests.keys().cloned().collect();
        inventory.read_catalog(&Page { rows, ..Page::default() });
        for (repository, rows) in &self.tags {
            inventory.read_tags(repository, &Page { rows: rows.clone(), ..Page::default() });
        }
        for (repository, rows) in &self.manifests {
            inventory.read_manifests(repository, &Page { rows: rows.clone(), ..Page::default() });
        }
        for (repository, row) in &self.repositories {
            inventory.read_repository(repository, row.clone());
        }
        inventory
    }
}

pub(crate) fn manifest(inventory: &Inventory, repository: &str, name: &str) -> ManifestId {
    inventory.find_manifest(repository, &digest(name)).unwrap()
}

pub(crate) fn tag(inventory: &Inventory, repository: &str, name: &str) -> TagId {
    inventory.find_tag(repository, name).unwrap()
}
