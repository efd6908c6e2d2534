//! The graph itself: from a manifest to its tags, indexes, children, referrers and blobs.

use crate::build;
use crate::id::{DigestId, ManifestId, RepositoryId, TagId};
use crate::index::Index;
use crate::inventory::{ContentEntry, Inventory};

/// Answers questions about an [`Inventory`]. Cheap to make: what it needs is built once after each change of the inventory.
#[derive(Debug, Clone, Copy)]
pub struct Graph<'a> {
    pub(super) inventory: &'a Inventory,
    index: &'a Index,
}

impl Inventory {
    /// The graph of what was read so far.
    #[must_use]
    pub fn graph(&self) -> Graph<'_> {
        Graph { inventory: self, index: self.index_with(build::index) }
    }
}

fn manifests(ids: &[u32]) -> impl Iterator<Item = ManifestId> + Clone + '_ {
    ids.iter().map(|id| ManifestId::new(*id as usize))
}

fn tags(ids: &[u32]) -> impl Iterator<Item = TagId> + Clone + '_ {
    ids.iter().map(|id| TagId::new(*id as usize))
}

impl<'a> Graph<'a> {
    /// The inventory that this is the graph of.
    #[must_use]
    pub fn inventory(self) -> &'a Inventory {
        self.inventory
    }

    /// Whether everything was read: the catalog, every list, and every manifest. Then figures are exact.
    #[must_use]
    pub fn is_complete(self) -> bool {
        self.index.complete
    }

    /// Whether all of a repository was read: both lists and every manifest. Then everything that depends on its manifests is known.
    #[must_use]
    pub fn is_repository_read(self, id: RepositoryId) -> bool {
        self.inventory.are_lists_complete(id) && self.unread_manifests(id) == 0
    }

    /// How many listed manifests of a repository were not read.
    #[must_use]
    pub fn unread_manifests(self, id: RepositoryId) -> u32 {
        self.index.unread.get(id.index()).copied().unwrap_or_default()
    }

    /// Every listed manifest.
    pub fn manifests(self) -> impl Iterator<Item = ManifestId> + Clone + 'a {
        self.inventory.repositories().flat_map(move |repository| self.inventory.manifests(repository))
    }

    /// The manifest that a tag points to, where the registry lists it.
    #[must_use]
    pub fn tag_manifest(self, id: TagId) -> Option<ManifestId> {
        self.index.tag_manifests.get(id.index()).copied().flatten()
    }

    /// The tags on a manifest.
    pub fn tags_on(self, id: ManifestId) -> impl Iterator<Item = TagId> + Clone + 'a {
        tags(self.index.tags.get(id.index()))
    }

    /// The manifests of an index that its repository has.
    pub fn children(self, id: ManifestId) -> impl Iterator<Item = ManifestId> + Clone + 'a {
        manifests(self.index.children.get(id.index()))
    }

    /// The digests that an index lists and its repository does not have: pulling those platforms fails.
    #[must_use]
    pub fn missing_children(self, id: ManifestId) -> Vec<DigestId> {
        let Some(manifest) = self.inventory.manifest(id) else { return Vec::new() };
        let children = self.content(id).map(|content| self.inventory.children(content)).unwrap_or_default();
        let missing = |digest: &&DigestId| self.inventory.place(manifest.repository, **digest).is_none();
        children.iter().filter(missing).copied().collect()
    }

    /// The indexes of the same repository that list a manifest.
    pub fn parents(self, id: ManifestId) -> impl Iterator<Item = ManifestId> + Clone + 'a {
        manifests(self.index.parents.get(id.index()))
    }

    /// The manifests whose subject is a manifest: its signatures, SBOMs and attestations.
    pub fn referrers(self, id: ManifestId) -> impl Iterator<Item = ManifestId> + Clone + 'a {
        manifests(self.index.referrers.get(id.index()))
    }

    /// The tags of cosign's scheme that name a manifest.
    pub fn signature_tags(self, id: ManifestId) -> impl Iterator<Item = TagId> + Clone + 'a {
        tags(self.index.signature_tags.get(id.index()))
    }

    /// The manifest that a tag of cosign's scheme belongs to, where its repository has it.
    #[must_use]
    pub fn signature_subject(self, tag: TagId) -> Option<ManifestId> {
        self.index.signature_subjects.get(tag.index()).copied().flatten()
    }

    /// The subject of a manifest, where its repository has it.
    #[must_use]
    pub fn subject(self, id: ManifestId) -> Option<ManifestId> {
        let manifest = self.inventory.manifest(id)?;
        let subject = self.content(id)?.subject?;
        self.inventory.place(manifest.repository, subject).filter(|subject| *subject != id)
    }

    /// A manifest and everything it is made of: of an index also its children, and theirs.
    #[must_use]
    pub fn image(self, id: ManifestId) -> Vec<ManifestId> {
        let mut found = vec![id];
        let mut seen: std::collections::HashSet<ManifestId> = found.iter().copied().collect();
        let mut next = 0;
        while let Some(manifest) = found.get(next).copied() {
            next += 1;
            found.extend(self.children(manifest).filter(|child| seen.insert(*child)));
        }
        found
    }

    /// The manifests without which nothing can be pulled by tag: tagged ones, what they are made of, and what refers to these. What is
    /// left in a repository belongs to no tag. By [`ManifestId`] position.
    fn reached_from_tags(self) -> &'a [bool] {
        self.index.reached.get_or_init(|| self.reach_from_tags())
    }

    fn reach_from_tags(self) -> Vec<bool> {
        let mut reached = vec![false; self.inventory.manifest_slots()];
        let tagged = |id: &ManifestId| self.tags_on(*id).any(|tag| self.signature_subject(tag).is_none());
        let mut queue: Vec<ManifestId> = self.manifests().filter(tagged).collect();
        while let Some(id) = queue.pop() {
            let Some(flag) = reached.get_mut(id.index()).filter(|flag| !**flag) else { continue };
            *flag = true;
            queue.extend(self.children(id));
            queue.extend(self.referrers(id));
            queue.extend(self.signature_tags(id).filter_map(|tag| self.tag_manifest(tag)));
        }
        reached
    }

    /// Whether a tag leads to a manifest.
    pub(crate) fn is_reached(self, id: ManifestId) -> bool {
        self.reached_from_tags().get(id.index()).copied().unwrap_or_default()
    }

    /// The manifests of a repository that no tag leads to.
    #[must_use]
    pub fn untagged(self, repository: RepositoryId) -> Vec<ManifestId> {
        self.inventory.manifests(repository).filter(|id| !self.is_reached(*id)).collect()
    }

    pub(crate) fn content(self, id: ManifestId) -> Option<&'a ContentEntry> {
        let manifest = self.inventory.manifest(id)?;
        self.inventory.content_of(manifest.digest).and_then(|content| self.inventory.content(content))
    }

    /// What a manifest stores: its blobs and itself. Itself alone where it was not read.
    pub(crate) fn stored(self, id: ManifestId) -> impl Iterator<Item = DigestId> + Clone + 'a {
        let blobs = self.content(id).map(|content| self.inventory.blobs(content)).unwrap_or_default();
        let own = self.inventory.manifest(id).map(|manifest| manifest.digest);
        blobs.iter().copied().filter(move |blob| Some(*blob) != own).chain(own)
    }

    /// How many listed manifests store a digest.
    pub(crate) fn use_count(self, digest: DigestId) -> u32 {
        self.index.use_counts.get(digest.index()).copied().unwrap_or_default()
    }

    /// Whether the size of everything that is stored is stated, and nowhere differently.
    pub(crate) fn are_sizes_certain(self) -> bool {
        self.index.are_sizes_certain
    }

    /// By digest: how many listed manifests store it.
    pub(crate) fn use_counts(self) -> &'a [u32] {
        &self.index.use_counts
    }

    /// The manifests with a digest, one in each repository that has it.
    pub(crate) fn places(self, digest: DigestId) -> impl Iterator<Item = ManifestId> + Clone + 'a {
        manifests(self.index.places.get(digest.index()))
    }

    /// The contents that refer to a digest as a blob.
    pub(crate) fn users(self, digest: DigestId) -> impl Iterator<Item = &'a ContentEntry> + Clone + 'a {
        let users = self.index.users.get(digest.index());
        users.iter().filter_map(move |id| self.inventory.contents().get(*id as usize))
    }
}
