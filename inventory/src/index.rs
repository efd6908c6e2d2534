//! What follows from an inventory's tables: who uses what, in both directions.

use std::sync::OnceLock;

use crate::csr::Csr;
use crate::id::ManifestId;

/// Built in one pass over the tables and thrown away when they change.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    /// Manifests by digest: one in each repository that lists it.
    pub(crate) places: Csr,
    /// Contents by a blob they refer to.
    pub(crate) users: Csr,
    /// By digest: how many listed manifests are it or refer to it as a blob.
    pub(crate) use_counts: Vec<u32>,
    /// Whether the size of everything that is stored is stated, and nowhere differently.
    pub(crate) are_sizes_certain: bool,
    /// Tags by manifest.
    pub(crate) tags: Csr,
    /// By tag: the manifest that it points to, where the registry lists it.
    pub(crate) tag_manifests: Vec<Option<ManifestId>>,
    /// Manifests of an index, and the indexes of a manifest; within a repository.
    pub(crate) children: Csr,
    pub(crate) parents: Csr,
    /// Manifests by their subject; within a repository.
    pub(crate) referrers: Csr,
    /// Tags of cosign's scheme by the manifest they name; within a repository.
    pub(crate) signature_tags: Csr,
    /// The manifest that a tag of cosign's scheme names, by tag.
    pub(crate) signature_subjects: Vec<Option<ManifestId>>,
    /// By manifest: whether a tag leads to it; worked out when it is first asked for.
    pub(crate) reached: OnceLock<Vec<bool>>,
    /// By repository: listed manifests whose content was not read.
    pub(crate) unread: Vec<u32>,
    /// Whether everything was read: the catalog, all lists and all manifests.
    pub(crate) complete: bool,
}
