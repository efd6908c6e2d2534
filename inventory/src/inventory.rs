//! The inventory: everything that was read of a registry, in compact tables. [`Graph`](crate::Graph) answers questions about it.

mod contents;
mod lists;
mod names;
mod store;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use hashbrown::HashMap;

pub(crate) use contents::InternedContent;
pub(crate) use store::{ContentEntry, ManifestEntry, RepositoryEntry, TagEntry};

use crate::chain::Chain;
use crate::digest::{DigestKey, DigestTable};
use crate::id::{ContentId, DigestId, ManifestId, RepositoryId, TagId};
use crate::index::Index;

/// A page of a list as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page<T> {
    /// The cursor that the page was asked with; empty for the first page. Any text that is the same for the same page.
    pub after: String,
    /// The cursor of the next page; `None` on the last one.
    pub next: Option<String>,
    /// The rows.
    pub rows: Vec<T>,
}

/// A registry's repositories, tags, manifests and blobs, as far as they were read.
///
/// Pages and manifests may come in any order and any number of times. A page that is read again replaces what it held before. Nothing
/// that is read is believed to be consistent: references may dangle or run in circles, and sizes may contradict each other.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    registry: Box<str>,
    pub(crate) digests: DigestTable,
    /// By digest: the smallest size in bytes that was stated for it; `u64::MAX` where none was.
    sizes: Vec<u64>,
    flags: Vec<u8>,
    /// By digest: its content, where it is a manifest that was read.
    contents_of: Vec<u32>,
    contents: Vec<ContentEntry>,
    references: Vec<DigestId>,
    repositories: Vec<RepositoryEntry>,
    repository_ids: BTreeMap<Box<str>, RepositoryId>,
    catalog: Chain,
    tags: Vec<TagEntry>,
    manifests: Vec<ManifestEntry>,
    places: HashMap<(RepositoryId, DigestId), ManifestId>,
    bases: BTreeMap<Box<str>, u32>,
    /// The digest of a layer's uncompressed content, by the layer's digest.
    diff_ids: HashMap<DigestId, DigestId>,
    index: OnceLock<Index>,
    /// Counts changes.
    version: u64,
}

/// Set where two references state different sizes for the same digest.
const DISPUTED: u8 = 1;
/// Set where the registry stores the content: at least one reference to it is not to another place.
const STORED: u8 = 2;
/// Set where the manifest's content cannot be read.
const UNREADABLE: u8 = 4;

/// The index of nothing, in tables that save the space of an `Option`.
pub(crate) const NONE: u32 = u32::MAX;

impl Inventory {
    /// An empty inventory of the registry with this login server.
    #[must_use]
    pub fn new(registry: &str) -> Self {
        Self { registry: registry.into(), ..Self::default() }
    }

    /// The registry's login server.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// Names the registry as it names itself, where it was reached by another address.
    pub fn set_registry(&mut self, registry: &str) {
        self.registry = registry.into();
    }

    /// The repositories that the registry lists, in the order of their names.
    pub fn repositories(&self) -> impl Iterator<Item = RepositoryId> + Clone + '_ {
        self.repository_ids
            .values()
            .copied()
            .filter(|id| self.repository(*id).is_some_and(|entry| entry.listing.is_listed()))
    }

    /// The tags of a repository, in the order of their names.
    pub fn tags(&self, repository: RepositoryId) -> impl Iterator<Item = TagId> + Clone + '_ {
        let tags = self.repository(repository).into_iter().flat_map(|entry| entry.tags.values());
        tags.copied().filter(|id| self.tag(*id).is_some_and(|tag| tag.listing.is_listed()))
    }

    /// The manifests of a repository, in the order of their digests.
    pub fn manifests(&self, repository: RepositoryId) -> impl Iterator<Item = ManifestId> + Clone + '_ {
        let manifests = self.repository(repository).into_iter().flat_map(|entry| entry.manifests.values());
        manifests
            .copied()
            .filter(|id| self.manifest(*id).is_some_and(|manifest| manifest.listing.is_listed()))
    }

    /// How many manifests were ever listed, each repository's counted apart: ids are below it.
    pub(crate) fn manifest_slots(&self) -> usize {
        self.manifests.len()
    }

    pub(crate) fn repository(&self, id: RepositoryId) -> Option<&RepositoryEntry> {
        self.repositories.get(id.index())
    }

    pub(crate) fn tag(&self, id: TagId) -> Option<&TagEntry> {
        self.tags.get(id.index())
    }

    pub(crate) fn manifest(&self, id: ManifestId) -> Option<&ManifestEntry> {
        self.manifests.get(id.index())
    }

    /// The manifest in a repository, where the registry lists it.
    pub(crate) fn place(&self, repository: RepositoryId, digest: DigestId) -> Option<ManifestId> {
        let id = *self.places.get(&(repository, digest))?;
        self.manifest(id).filter(|manifest| manifest.listing.is_listed()).map(|_| id)
    }

    /// The content of a digest that is a manifest and was read.
    pub(crate) fn content_of(&self, digest: DigestId) -> Option<ContentId> {
        let content = *self.contents_of.get(digest.index())?;
        (content != NONE).then(|| ContentId::new(content as usize))
    }

    pub(crate) fn content(&self, id: ContentId) -> Option<&ContentEntry> {
        self.contents.get(id.index())
    }

    pub(crate) fn contents(&self) -> &[ContentEntry] {
        &self.contents
    }

    /// The config and the layers of a content.
    pub(crate) fn blobs(&self, content: &ContentEntry) -> &[DigestId] {
        let start = content.start as usize;
        self.references.get(start..start + content.blobs as usize).unwrap_or_default()
    }

    /// The layers of a content, the lowest first.
    pub(crate) fn layers(&self, content: &ContentEntry) -> &[DigestId] {
        self.blobs(content).get(usize::from(content.has_config)..).unwrap_or_default()
    }

    /// The config of a content, where the uncompressed content of one of its layers is not known.
    pub(crate) fn unread_config(&self, content: &ContentEntry) -> Option<DigestId> {
        let config = self.blobs(content).first().filter(|_| content.has_config)?;
        let is_unknown = self.layers(content).iter().any(|layer| !self.diff_ids.contains_key(layer));
        is_unknown.then_some(*config)
    }

    /// The manifests that a content lists.
    pub(crate) fn children(&self, content: &ContentEntry) -> &[DigestId] {
        let start = content.start as usize + content.blobs as usize;
        self.references.get(start..start + content.children as usize).unwrap_or_default()
    }

    /// Bytes that the registry stores for a digest, and whether that is certain.
    pub(crate) fn stored_size(&self, digest: DigestId) -> (u64, bool) {
        let flags = self.flags.get(digest.index()).copied().unwrap_or_default();
        match self.sizes.get(digest.index()) {
            _ if flags & STORED == 0 => (0, true),
            Some(&u64::MAX) | None => (0, false),
            Some(&size) => (size, flags & DISPUTED == 0),
        }
    }

    /// The size in bytes that is stated for a digest, stored here or elsewhere.
    #[must_use]
    pub fn stated_size(&self, digest: DigestId) -> Option<u64> {
        self.sizes.get(digest.index()).copied().filter(|size| *size != u64::MAX)
    }

    /// Whether references state different sizes for the same digest. The smallest is counted.
    #[must_use]
    pub fn is_disputed(&self, digest: DigestId) -> bool {
        self.flags.get(digest.index()).is_some_and(|flags| flags & DISPUTED != 0)
    }

    /// Every digest that was met.
    pub(crate) fn digest_ids(&self) -> impl Iterator<Item = DigestId> {
        (0..self.digests.len()).map(DigestId::new)
    }

    /// Whether the registry stores the content of a digest, as far as references to it say.
    pub(crate) fn is_stored(&self, digest: DigestId) -> bool {
        self.flags.get(digest.index()).is_some_and(|flags| flags & STORED != 0)
    }

    pub(crate) fn is_unreadable(&self, digest: DigestId) -> bool {
        self.flags.get(digest.index()).is_some_and(|flags| flags & UNREADABLE != 0)
    }

    pub(crate) fn diff_ids(&self) -> impl Iterator<Item = (DigestId, DigestId)> + '_ {
        self.diff_ids.iter().map(|(layer, diff)| (*layer, *diff))
    }

    /// The names of base images that manifests state, with the number that stands for each.
    pub(crate) fn base_names(&self) -> impl Iterator<Item = (&str, u32)> {
        self.bases.iter().map(|(name, number)| (&**name, *number))
    }

    pub(crate) fn catalog(&self) -> &Chain {
        &self.catalog
    }

    /// Whether the catalog was read from its beginning to its end.
    #[must_use]
    pub fn is_catalog_complete(&self) -> bool {
        self.catalog.is_complete()
    }

    /// A number that is another one after each change that a plan could follow from.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Before a change: what follows from the tables does no longer.
    fn touch(&mut self) {
        self.index.take();
        self.renumber();
    }

    /// At a change that nothing in the index follows from.
    fn renumber(&mut self) {
        self.version = self.version.wrapping_add(1);
    }

    /// What follows from the tables, built when it is first asked for after a change.
    pub(crate) fn index_with(&self, build: fn(&Self) -> Index) -> &Index {
        self.index.get_or_init(|| build(self))
    }

    /// The key of a digest, for what sorts or prints it.
    pub(crate) fn key(&self, digest: DigestId) -> Option<&DigestKey> {
        self.digests.key(digest)
    }
}
