//! The items of a plan: what is done with each tag and manifest, and why.

use crate::id::{ManifestId, TagId};

/// A tag or a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A tag.
    Tag(TagId),
    /// A manifest in a repository.
    Manifest(ManifestId),
}

/// What a plan does with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It stays.
    Keep,
    /// The tag is removed; its manifest stays, or is an item of its own.
    Untag,
    /// The manifest is deleted.
    Delete,
}

/// Why an item stays or goes. Numbers and ids are those of the plan and its inventory; [`Plan::reason`](crate::cleanup::Plan::reason)
/// puts them into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Stays: no filter selects the tag.
    NotSelected,
    /// Stays: one of the newest of its repository, with its rank from 1.
    Newest(u32),
    /// Stays: younger than the rule's age.
    Younger,
    /// Stays: the registry states no time for it.
    NoTime,
    /// Stays: its own lock, or a tag's.
    Locked,
    /// Stays: its repository is locked against writing, which no unlocking of the item changes.
    RepositoryLocked,
    /// Stays: the rule's protection of this number.
    Protected(u32),
    /// Stays: in use by the workload of this number.
    InUse(u32),
    /// Stays: this tag remains on it.
    Tagged(TagId),
    /// Stays: a manifest of an index that stays.
    ChildOf(ManifestId),
    /// Stays: a signature or another referrer of a manifest that stays.
    ReferrerOf(ManifestId),
    /// Stays: this referrer of it stays for a reason of its own, and the registry may delete referrers with their subject.
    SubjectOf(ManifestId),
    /// Stays: something in its repository was not read that may depend on it.
    Unread,
    /// Stays: the rule deletes no manifests.
    ManifestsStay,
    /// Goes: selected by a filter, and old enough.
    Selected,
    /// Goes: no tag is left on it.
    Untagged,
    /// Goes: it was made for this manifest, which goes.
    WentWith(ManifestId),
}

/// One tag or manifest of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub target: Target,
    /// What is done with it.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// Bytes that this step frees, in the order of the plan: the steps add up to the total.
    pub frees: u64,
    /// Whether it is locked and has to be unlocked before.
    pub unlock: bool,
}
