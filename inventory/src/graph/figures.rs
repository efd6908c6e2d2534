//! Logical, unique, shared, untagged and reclaimable bytes of tags, manifests, repositories, namespaces and the registry.

use serde::{Deserialize, Serialize};

use super::measure::{Measure, Scratch};
use super::view::Graph;
use crate::id::{DigestId, ManifestId, RepositoryId, TagId};
use crate::record::Kind;

/// How a figure relates to the truth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Bound {
    /// Everything that it depends on was read.
    #[default]
    Exact,
    /// A lower bound: what was not read can only add to it.
    AtLeast,
    /// An upper bound: what was not read may use the same content, which makes it less.
    AtMost,
    /// What was not read can make it more or less.
    Estimate,
}

/// A number of bytes, and how sure it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Figure {
    /// Bytes.
    pub bytes: u64,
    /// Whether it is exact.
    pub bound: Bound,
}

impl Figure {
    fn new(bytes: u64, bound: Bound) -> Self {
        Self { bytes, bound }
    }

    /// A figure that grows with everything that is read.
    fn growing(bytes: u64, known: bool) -> Self {
        Self::new(bytes, if known { Bound::Exact } else { Bound::AtLeast })
    }

    /// A figure of what nothing else uses: `own` says whether the content itself is known, `others` whether everything else is.
    pub(crate) fn exclusive(bytes: u64, own: bool, others: bool) -> Self {
        let bound = match (own, others) {
            (true, true) => Bound::Exact,
            (false, true) => Bound::AtLeast,
            (true, false) => Bound::AtMost,
            (false, false) => Bound::Estimate,
        };
        Self::new(bytes, bound)
    }
}

/// What a tag, a manifest, a repository, a namespace or the registry stores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Figures {
    /// As each image counts: every manifest with its blobs, whatever is shared counted with each.
    pub logical: Figure,
    /// What only this uses.
    pub unique: Figure,
    /// What this uses and others too, counted once.
    pub shared: Figure,
    /// What deleting the manifests that no tag leads to would free.
    pub untagged: Figure,
    /// What deleting this would free, together with what only belongs to it: children of an index, signatures.
    pub reclaimable: Figure,
    /// How many manifests it counts.
    pub manifests: usize,
}

impl Graph<'_> {
    /// The figures of a tag: of its manifest and what that is made of. Another tag on the same manifest keeps all of it, so then nothing
    /// is reclaimable.
    #[must_use]
    pub fn tag_figures(self, id: TagId) -> Figures {
        self.tag_figures_with(id, &mut Scratch::new(self))
    }

    /// The figures of several tags, in their order: quicker than one by one.
    #[must_use]
    pub fn tags_figures(self, ids: &[TagId]) -> Vec<Figures> {
        let mut scratch = Scratch::new(self);
        ids.iter().map(|id| self.tag_figures_with(*id, &mut scratch)).collect()
    }

    fn tag_figures_with(self, id: TagId, scratch: &mut Scratch) -> Figures {
        let Some(manifest) = self.tag_manifest(id) else {
            let nothing = Figure::growing(0, false);
            return Figures { logical: nothing, shared: nothing, ..Figures::default() };
        };
        let mut figures = self.image_figures(manifest, scratch);
        if self.tags_on(manifest).any(|other| other != id && self.signature_subject(other).is_none()) {
            figures.reclaimable = Figure::new(0, Bound::Exact);
        }
        figures
    }

    /// The figures of a manifest and what it is made of.
    #[must_use]
    pub fn manifest_figures(self, id: ManifestId) -> Figures {
        self.image_figures(id, &mut Scratch::new(self))
    }

    fn image_figures(self, id: ManifestId, scratch: &mut Scratch) -> Figures {
        let image = self.image(id);
        let repository = self.inventory.manifest_repository(id);
        let own = image.iter().all(|id| self.inventory.is_read(*id));
        let measure = scratch.measure(self, image.iter().copied());
        let mut figures = self.of_measure(&measure, own);
        figures.logical = self.logical(image.iter().copied(), own);
        figures.manifests = image.len();
        let kept_by_an_index = self.parents(id).next().is_some();
        let deleted = if kept_by_an_index { Vec::new() } else { self.with_dependents(&[id]) };
        let freed = scratch.measure(self, deleted.iter().copied());
        let read = repository.is_some_and(|repository| self.is_repository_read(repository));
        figures.reclaimable =
            Figure::exclusive(freed.exclusive, own && read && freed.certain, self.is_complete());
        figures
    }

    /// The figures of one repository.
    #[must_use]
    pub fn repository_figures(self, id: RepositoryId) -> Figures {
        self.group_figures(&[&[id]]).into_iter().next().unwrap_or_default()
    }

    /// The figures of the registry.
    #[must_use]
    pub fn registry_figures(self) -> Figures {
        let all: Vec<RepositoryId> = self.inventory.repositories().collect();
        let mut figures = self.group_figures(&[&all]).into_iter().next().unwrap_or_default();
        // Whatever repositories were not listed yet belong to the registry too.
        if !self.inventory.is_catalog_complete() {
            let lower = |figure: Figure| Figure::new(figure.bytes, Bound::AtLeast);
            figures.logical = lower(figures.logical);
            figures.unique = lower(figures.unique);
            figures.reclaimable = lower(figures.reclaimable);
        }
        figures
    }

    /// The figures of groups of repositories: a namespace is a group, and so is a repository. Quicker than one by one.
    #[must_use]
    pub fn group_figures(self, groups: &[&[RepositoryId]]) -> Vec<Figures> {
        let mut scratch = Scratch::new(self);
        let figures = groups.iter().map(|group| {
            let manifests = || group.iter().flat_map(|id| self.inventory.manifests(*id));
            let own = group.iter().all(|id| self.is_repository_read(*id));
            let measure = scratch.measure(self, manifests());
            let free = scratch.measure(self, manifests().filter(|id| !self.is_reached(*id)));
            let mut figures = self.of_measure(&measure, own);
            figures.logical = self.logical(manifests(), own);
            figures.untagged = Figure::exclusive(free.exclusive, own && free.certain, self.is_complete());
            figures.manifests = manifests().count();
            figures
        });
        figures.collect()
    }

    /// The figures of some manifests taken together. Deleting exactly these is what their reclaimable bytes are about.
    #[must_use]
    pub fn set_figures(self, set: &[ManifestId]) -> Figures {
        let repository_read = |id: &ManifestId| {
            self.inventory.manifest_repository(*id).is_some_and(|id| self.is_repository_read(id))
        };
        let own = set.iter().all(|id| self.inventory.is_read(*id) && repository_read(id));
        let measure = Scratch::new(self).measure(self, set.iter().copied());
        let mut figures = self.of_measure(&measure, own);
        figures.logical = self.logical(set.iter().copied(), own);
        figures.untagged = figures.reclaimable;
        figures.manifests = set.len();
        figures
    }

    /// Whether images of these repositories have content whose size nothing states, as the layers of Docker's schema 1: figures that
    /// include it stay lower bounds.
    #[must_use]
    pub fn has_unstated_sizes(self, repositories: &[RepositoryId]) -> bool {
        let is_unstated = |digest: DigestId| {
            self.inventory.is_stored(digest) && self.inventory.stated_size(digest).is_none()
        };
        let manifests = repositories.iter().flat_map(|id| self.inventory.manifests(*id));
        manifests.filter(|id| self.content(*id).is_some()).any(|id| self.stored(id).any(is_unstated))
    }

    /// The names below which repositories lie, by their first part, with their repositories: `team` for `team/app`. A repository without
    /// a slash is a group of its own.
    #[must_use]
    pub fn namespaces(self) -> Vec<(String, Vec<RepositoryId>)> {
        let mut groups: std::collections::BTreeMap<&str, Vec<RepositoryId>> =
            std::collections::BTreeMap::new();
        for id in self.inventory.repositories() {
            let name = self.inventory.repository_name(id);
            groups.entry(name.split('/').next().unwrap_or(name)).or_default().push(id);
        }
        groups.into_iter().map(|(name, ids)| (name.to_owned(), ids)).collect()
    }

    /// Logical bytes of a set of manifests.
    pub(crate) fn logical_bytes(self, set: impl Iterator<Item = ManifestId>) -> Figure {
        self.logical(set, true)
    }

    fn of_measure(self, measure: &Measure, own: bool) -> Figures {
        let unique = Figure::exclusive(measure.exclusive, own && measure.certain, self.is_complete());
        Figures {
            unique,
            reclaimable: unique,
            shared: Figure::growing(measure.shared, self.is_complete() && measure.certain),
            ..Figures::default()
        }
    }

    /// Of a manifest that was not read the list states a size, which of an index holds its children, counted apart.
    fn logical(self, set: impl Iterator<Item = ManifestId>, own: bool) -> Figure {
        let mut bytes = 0_u64;
        let mut known = own;
        for id in set {
            if self.content(id).is_none() {
                let entry = self.inventory.manifest(id);
                let listed =
                    entry.filter(|entry| entry.kind != Kind::Index).and_then(|entry| entry.image_size);
                bytes = bytes.saturating_add(listed.unwrap_or_default());
                known = false;
                continue;
            }
            for digest in self.stored(id) {
                let (size, certain) = self.inventory.stored_size(digest);
                bytes = bytes.saturating_add(size);
                known &= certain;
            }
        }
        Figure::growing(bytes, known)
    }
}
