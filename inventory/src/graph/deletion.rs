//! What deleting manifests frees, and what it breaks.

use std::collections::HashSet;

use super::figures::Figure;
use super::measure::Scratch;
use super::view::Graph;
use crate::id::{ManifestId, RepositoryId, TagId};

/// An index that stays while one of its manifests goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Broken {
    /// The index.
    pub index: ManifestId,
    /// Its manifest that is deleted.
    pub child: ManifestId,
}

/// What follows from the deletion of a set of manifests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deletion {
    /// Bytes that are freed once the registry has swept.
    pub frees: Figure,
    /// The part of `frees` that is manifests, the rest being blobs.
    pub manifest_bytes: u64,
    /// The tags that go with their manifests.
    pub tags: Vec<TagId>,
    /// Indexes that stay and lose a manifest.
    pub broken: Vec<Broken>,
    /// Manifests that no tag and no index leads to any more, and that stay.
    pub orphaned: Vec<ManifestId>,
    /// Signatures and other referrers that stay without their subject.
    pub dangling: Vec<ManifestId>,
    /// Tags of cosign's scheme that stay without their subject.
    pub dangling_tags: Vec<TagId>,
    /// Manifests whose locks forbid the deletion: their own, a tag's, or their repository's.
    pub locked: Vec<ManifestId>,
    /// Repositories in which something was not read that may depend on the set.
    pub unread: Vec<RepositoryId>,
}

impl Graph<'_> {
    /// What deleting these manifests frees and breaks.
    #[must_use]
    pub fn deletion(self, manifests: &[ManifestId]) -> Deletion {
        let set: HashSet<ManifestId> = manifests.iter().copied().collect();
        let mut ordered: Vec<ManifestId> = set.iter().copied().collect();
        ordered.sort_unstable();
        let mut deletion = Deletion::default();
        for id in ordered.iter().copied() {
            self.add(&mut deletion, &set, id);
        }
        let measure = Scratch::new(self).measure(self, ordered.iter().copied());
        let own = measure.certain && ordered.iter().all(|id| self.inventory.is_read(*id));
        deletion.frees = Figure::exclusive(measure.exclusive, own, self.is_complete());
        deletion.manifest_bytes = measure.exclusive_manifests;
        let repositories: HashSet<RepositoryId> =
            ordered.iter().filter_map(|id| self.inventory.manifest_repository(*id)).collect();
        deletion.unread = repositories.into_iter().filter(|id| !self.is_repository_read(*id)).collect();
        deletion.unread.sort_unstable();
        for list in [&mut deletion.orphaned, &mut deletion.dangling] {
            list.sort_unstable();
            list.dedup();
        }
        deletion
    }

    fn add(self, deletion: &mut Deletion, set: &HashSet<ManifestId>, id: ManifestId) {
        let stays = |other: &ManifestId| !set.contains(other);
        deletion.tags.extend(self.tags_on(id));
        deletion.broken.extend(self.parents(id).filter(stays).map(|index| Broken { index, child: id }));
        let alone = |child: &ManifestId| {
            self.tags_on(*child).next().is_none() && self.parents(*child).all(|parent| !stays(&parent))
        };
        deletion.orphaned.extend(self.children(id).filter(stays).filter(alone));
        deletion.dangling.extend(self.referrers(id).filter(stays));
        let tag_stays = |tag: &TagId| self.tag_manifest(*tag).as_ref().is_none_or(stays);
        deletion.dangling_tags.extend(self.signature_tags(id).filter(tag_stays));
        if self.is_locked(id) {
            deletion.locked.push(id);
        }
    }

    /// Whether a lock forbids deleting a manifest: its own, that of a tag on it, or its repository's `writeEnabled`.
    #[must_use]
    pub fn is_locked(self, id: ManifestId) -> bool {
        let repository = self.inventory.manifest_repository(id);
        let frozen = repository.is_some_and(|id| !self.inventory.repository_locks(id).write_enabled());
        frozen
            || !self.inventory.manifest_locks(id).allow_delete()
            || self.tags_on(id).any(|tag| !self.inventory.tag_locks(tag).allow_delete())
    }

    /// A set of manifests and everything that only belongs to it: children of its indexes that no tag and no other index leads to, and
    /// its signatures and other referrers that have no tag of their own.
    #[must_use]
    pub fn with_dependents(self, roots: &[ManifestId]) -> Vec<ManifestId> {
        let mut found = roots.to_vec();
        let mut set: HashSet<ManifestId> = found.iter().copied().collect();
        let mut next = 0;
        while let Some(id) = found.get(next).copied() {
            next += 1;
            for child in self.children(id) {
                if !set.contains(&child) && self.belongs_to(child, &set) {
                    set.insert(child);
                    found.push(child);
                }
            }
            let signed = self.signature_tags(id).filter_map(|tag| self.tag_manifest(tag));
            for referrer in self.referrers(id).chain(signed) {
                if !set.contains(&referrer) && self.belongs_to(referrer, &set) {
                    set.insert(referrer);
                    found.push(referrer);
                }
            }
        }
        found
    }

    /// Whether nothing but the set leads to a manifest: no tag, except signatures' tags for it, and no index.
    fn belongs_to(self, id: ManifestId, set: &HashSet<ManifestId>) -> bool {
        let subject = self.subject(id);
        self.tags_on(id).all(|tag| self.signature_subject(tag).is_some_and(|subject| set.contains(&subject)))
            && self.parents(id).all(|parent| set.contains(&parent))
            && subject.is_none_or(|subject| set.contains(&subject))
    }
}
