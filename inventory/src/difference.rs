//! The difference of two inventories of a registry: what was pushed, moved, deleted and locked, and what grew.

use std::collections::BTreeSet;

use crate::id::{RepositoryId, TagId};
use crate::inventory::Inventory;
use crate::locks::Locks;

/// What happened from one inventory to another, each list in the order of names.
///
/// It compares lists, and says nothing of repositories whose lists were not complete on both sides: they are in `incomplete`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// Repositories that are new.
    pub added_repositories: Vec<String>,
    /// Repositories that are gone.
    pub deleted_repositories: Vec<String>,
    /// `repository:tag` that are new.
    pub pushed_tags: Vec<String>,
    /// Tags that point to another manifest.
    pub moved_tags: Vec<Moved>,
    /// `repository:tag` that are gone.
    pub deleted_tags: Vec<String>,
    /// `repository@digest` that are new.
    pub pushed_manifests: Vec<String>,
    /// `repository@digest` that are gone.
    pub deleted_manifests: Vec<String>,
    /// Repositories, tags and manifests whose locks are others.
    pub locks: Vec<LockChange>,
    /// Repositories that store more or less than before.
    pub grown: Vec<Growth>,
    /// Repositories of which one side did not read everything.
    pub incomplete: Vec<String>,
}

/// A tag that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// `repository:tag`.
    pub tag: String,
    /// The digest before.
    pub from: String,
    /// The digest now.
    pub to: String,
}

/// Locks that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockChange {
    /// `repository`, `repository:tag` or `repository@digest`.
    pub name: String,
    /// The locks before.
    pub from: Locks,
    /// The locks now.
    pub to: Locks,
}

/// A repository that grew or shrank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// The repository.
    pub repository: String,
    /// Logical bytes before.
    pub from: u64,
    /// Logical bytes now.
    pub to: u64,
}

impl Difference {
    /// Whether nothing happened, as far as both sides were read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { incomplete: self.incomplete.clone(), ..Self::default() }
    }
}

/// The difference from an earlier inventory to a later one.
#[must_use]
pub fn difference(before: &Inventory, after: &Inventory) -> Difference {
    let mut difference = Difference::default();
    let names = |inventory: &Inventory| -> BTreeSet<String> {
        inventory.repositories().map(|id| inventory.repository_name(id).to_owned()).collect()
    };
    for name in names(before).union(&names(after)) {
        let sides = (before.find_repository(name), after.find_repository(name));
        let complete = |inventory: &Inventory, id: Option<RepositoryId>| match id {
            Some(id) => inventory.are_lists_complete(id),
            None => inventory.is_catalog_complete(),
        };
        if !complete(before, sides.0) || !complete(after, sides.1) {
            difference.incomplete.push(name.clone());
            continue;
        }
        match sides {
            (None, Some(_)) => difference.added_repositories.push(name.clone()),
            (Some(_), None) => difference.deleted_repositories.push(name.clone()),
            _ => {}
        }
        difference.compare_tags(before, after, sides);
        difference.compare_manifests(before, after, sides);
        difference.compare_repository(before, after, name, sides);
    }
    difference
}

type Sides = (Option<RepositoryId>, Option<RepositoryId>);

impl Difference {
    fn compare_tags(&mut self, before: &Inventory, after: &Inventory, sides: Sides) {
        let tags = |inventory: &Inventory, id: Option<RepositoryId>| -> Vec<TagId> {
            id.into_iter().flat_map(|id| inventory.tags(id).collect::<Vec<_>>()).collect()
        };
        let digest = |inventory: &Inventory, tag: TagId| {
            inventory.tag_digest(tag).map(|digest| inventory.digest_text(digest)).unwrap_or_default()
        };
        for tag in tags(after, sides.1) {
            let name = after.tag_reference(tag);
            let earlier =
                sides.0.and_then(|id| before.find_tag(before.repository_name(id), after.tag_name(tag)));
            let Some(earlier) = earlier else {
                self.pushed_tags.push(name);
                continue;
            };
            let (from, to) = (digest(before, earlier), digest(after, tag));
            if from != to {
                self.moved_tags.push(Moved { tag: name.clone(), from, to });
            }
            self.compare_locks(name, before.tag_locks(earlier), after.tag_locks(tag));
        }
        let gone = |tag: &TagId| {
            sides
                .1
                .is_none_or(|id| after.find_tag(after.repository_name(id), before.tag_name(*tag)).is_none())
        };
        let deleted = tags(before, sides.0).into_iter().filter(gone);
        self.deleted_tags.extend(deleted.map(|tag| before.tag_reference(tag)));
    }

    fn compare_manifests(&mut self, before: &Inventory, after: &Inventory, sides: Sides) {
        let manifests = |inventory: &Inventory, id: Option<RepositoryId>| -> Vec<_> {
            id.into_iter().flat_map(|id| inventory.manifests(id).collect::<Vec<_>>()).collect()
        };
        let find = |inventory: &Inventory, reference: &str| {
            reference.split_once('@').and_then(|(name, digest)| inventory.find_manifest(name, digest))
        };
        for manifest in manifests(after, sides.1) {
            let name = after.manifest_reference(manifest);
            match find(before, &name) {
                None => self.pushed_manifests.push(name),
                Some(earlier) => {
                    self.compare_locks(name, before.manifest_locks(earlier), after.manifest_locks(manifest));
                }
            }
        }
        let names = manifests(before, sides.0).into_iter().map(|id| before.manifest_reference(id));
        self.deleted_manifests.extend(names.filter(|name| find(after, name).is_none()));
    }

    fn compare_repository(&mut self, before: &Inventory, after: &Inventory, name: &str, sides: Sides) {
        if let (Some(earlier), Some(later)) = sides {
            let locks = (before.repository_locks(earlier), after.repository_locks(later));
            self.compare_locks(name.to_owned(), locks.0, locks.1);
        }
        let logical =
            |inventory: &Inventory, id| inventory.graph().logical_bytes(inventory.manifests(id)).bytes;
        let from = sides.0.map_or(0, |id| logical(before, id));
        let to = sides.1.map_or(0, |id| logical(after, id));
        if from != to {
            self.grown.push(Growth { repository: name.to_owned(), from, to });
        }
    }

    fn compare_locks(&mut self, name: String, from: Locks, to: Locks) {
        if from != to {
            self.locks.push(LockChange { name, from, to });
        }
    }
}
