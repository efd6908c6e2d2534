//! Locks as rules: what should be locked and is not, and what locking all that match a pattern would change.

use std::collections::BTreeSet;

use crate::cleanup::{Filter, RuleError};
use crate::graph::Graph;
use crate::id::{ManifestId, RepositoryId, TagId};
use crate::release::is_release;

/// Something that is locked less than it seems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// The tag looks like a release and can be moved or deleted.
    ReleaseNotLocked(TagId),
    /// The tag is locked and its manifest is not: deleting that by digest takes the image away.
    ManifestNotLocked {
        /// The tag.
        tag: TagId,
        /// Its manifest.
        manifest: ManifestId,
    },
    /// The index is locked and one of its manifests is not: deleting that breaks the platform.
    ChildNotLocked {
        /// The index.
        index: ManifestId,
        /// Its manifest.
        child: ManifestId,
    },
}

/// What locking all tags that match a pattern would change: the tags, their manifests, and the children of these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockPlan {
    /// Tags to set `deleteEnabled` and `writeEnabled` off on.
    pub tags: Vec<TagId>,
    /// Manifests likewise.
    pub manifests: Vec<ManifestId>,
    /// Tags that match and are locked already, with everything below them.
    pub already_locked: usize,
    /// Tags that match and whose manifest was not read, so that children may be missing here.
    pub unread: Vec<TagId>,
}

/// Everything in these repositories that is locked less than it seems, in their order and that of names. In a repository that is locked against
/// writing nothing can be moved or deleted, whatever its own locks are.
#[must_use]
pub fn findings(graph: Graph<'_>, repositories: &[RepositoryId]) -> Vec<Finding> {
    let inventory = graph.inventory();
    let mut findings = Vec::new();
    let is_open = |id: &RepositoryId| inventory.repository_locks(*id).write_enabled();
    for repository in repositories.iter().copied().filter(is_open) {
        for tag in inventory.tags(repository) {
            let locked = !inventory.tag_locks(tag).allow_delete();
            if !locked && is_release(inventory.tag_name(tag)) {
                findings.push(Finding::ReleaseNotLocked(tag));
            }
            if let Some(manifest) = graph.tag_manifest(tag)
                && locked
                && inventory.manifest_locks(manifest).allow_delete()
            {
                findings.push(Finding::ManifestNotLocked { tag, manifest });
            }
        }
        for index in
            inventory.manifests(repository).filter(|id| !inventory.manifest_locks(*id).allow_delete())
        {
            let open = graph.children(index).filter(|child| inventory.manifest_locks(*child).allow_delete());
            findings.extend(open.map(|child| Finding::ChildNotLocked { index, child }));
        }
    }
    findings
}

/// What locking every tag of these repositories that one of these patterns matches would change. A pattern is `tag-expression` or
/// `repository:tag-expression`.
///
/// # Errors
/// Where a pattern cannot be read.
pub fn lock_plan(
    graph: Graph<'_>,
    repositories: &[RepositoryId],
    patterns: &[String],
) -> Result<LockPlan, RuleError> {
    let filters: Vec<Filter> =
        patterns.iter().map(|pattern| Filter::parse_protection(pattern)).collect::<Result<_, _>>()?;
    let inventory = graph.inventory();
    let mut plan = LockPlan::default();
    let mut manifests = BTreeSet::new();
    for repository in repositories.iter().copied() {
        let name = inventory.repository_name(repository);
        let here: Vec<&Filter> = filters.iter().filter(|filter| filter.matches_repository(name)).collect();
        let selected = |tag: &TagId| here.iter().any(|filter| filter.matches_tag(inventory.tag_name(*tag)));
        for tag in inventory.tags(repository).filter(selected) {
            let image = graph.tag_manifest(tag).map(|id| graph.image(id)).unwrap_or_default();
            if image.is_empty() || image.iter().any(|id| !inventory.is_read(*id)) {
                plan.unread.push(tag);
            }
            let open: Vec<ManifestId> =
                image.into_iter().filter(|id| inventory.manifest_locks(*id).allow_delete()).collect();
            let tag_open = inventory.tag_locks(tag).allow_delete();
            if tag_open {
                plan.tags.push(tag);
            } else if open.is_empty() {
                plan.already_locked += 1;
            }
            manifests.extend(open);
        }
    }
    plan.manifests = manifests.into_iter().collect();
    Ok(plan)
}
