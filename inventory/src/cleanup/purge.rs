//! What the published `acr purge` would delete, by its documentation and its source (Azure/acr-cli, `cmd/acr/purge.go` and
//! `cmd/repository/image_functions.go`, 2026): to say where a plan is safer than that command.
//!
//! Its rules, as tests below have them:
//! - A filter's repository is matched in full, its tag's expression anywhere in the tag. Filters for one repository are alternatives.
//! - A tag goes that matches, was updated before the age (exactly the age stays), and is not locked (`deleteEnabled`, `writeEnabled`).
//! - `--keep` keeps the newest of the tags of each repository that would go, and likewise of the untagged manifests.
//! - With `--untagged`, manifests without a tag go that were not updated after the age, locked ones excepted. Children of tagged or
//!   too young indexes stay, at any depth; OCI manifests with a subject stay, for the registry deletes them with it. A manifest without
//!   a media type stays. An OCI index with a subject goes and its children stay: the program passes over one or the other.
//! - What refers to a manifest that goes, goes with it: the registry sees to that.
//! - Nothing goes of a repository that is locked against writing. The registry refuses that, and the program goes on.
//! - Children of a locked index, and of an untagged index that `--keep` keeps, do not stay: that breaks the index.
//! - Cosign's tags are tags as any other. An image that is deleted leaves them, and they may go while their image stays.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::rule::Rule;
use crate::graph::Graph;
use crate::id::{ManifestId, RepositoryId, TagId};
use crate::instant::Instant;
use crate::record::Kind;

/// What `acr purge` would delete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purged {
    /// Tags, by repository and the newest first.
    pub tags: Vec<TagId>,
    /// Manifests, by repository, and then those that the registry deletes with their subject.
    pub manifests: Vec<ManifestId>,
}

/// Applies the rules of `acr purge`. Protections and images in use are unknown to it.
#[must_use]
pub fn simulate(graph: Graph<'_>, rule: &Rule, now: Instant) -> Purged {
    let mut purged = Purged::default();
    let inventory = graph.inventory();
    for repository in inventory.repositories().filter(|id| inventory.repository_locks(*id).write_enabled()) {
        let tags = tags(graph, rule, repository, now);
        if rule.text.untagged && !rule.filters_of(inventory, repository).is_empty() {
            let gone: HashSet<TagId> = tags.iter().copied().collect();
            purged.manifests.extend(manifests(graph, rule, repository, now, &gone));
        }
        purged.tags.extend(tags);
    }
    add_referrers(graph, &mut purged.manifests);
    purged
}

/// Adds what refers to these manifests, and to that.
fn add_referrers(graph: Graph<'_>, manifests: &mut Vec<ManifestId>) {
    let mut known: HashSet<ManifestId> = manifests.iter().copied().collect();
    let mut next = 0;
    while let Some(id) = manifests.get(next).copied() {
        next += 1;
        manifests.extend(graph.referrers(id).filter(|referrer| known.insert(*referrer)));
    }
}

fn tags(graph: Graph<'_>, rule: &Rule, repository: RepositoryId, now: Instant) -> Vec<TagId> {
    let inventory = graph.inventory();
    let filters = rule.filters_of(inventory, repository);
    let goes = |tag: &TagId| {
        let name = inventory.tag_name(*tag);
        filters.iter().any(|filter| filter.matches_tag(name))
            && inventory.tag_updated(*tag).is_some_and(|updated| updated < rule.age.before(now))
            && (rule.text.include_locked || inventory.tag_locks(*tag).allow_delete())
    };
    let mut tags: Vec<TagId> = inventory.tags(repository).filter(goes).collect();
    // Of the same moment the order of the names decides, as in the plan.
    tags.sort_by_key(|tag| Reverse(inventory.tag_updated(*tag)));
    tags.drain(..tags.len().min(rule.text.keep as usize));
    tags
}

fn manifests(
    graph: Graph<'_>,
    rule: &Rule,
    repository: RepositoryId,
    now: Instant,
    gone: &HashSet<TagId>,
) -> Vec<ManifestId> {
    let inventory = graph.inventory();
    let mut stays: HashSet<ManifestId> = HashSet::new();
    let mut candidates = Vec::new();
    for id in inventory.manifests(repository) {
        if !rule.text.include_locked && !inventory.manifest_locks(id).allow_delete() {
            // Passed over before its children are looked at.
            stays.insert(id);
            continue;
        }
        let tagged = graph.tags_on(id).any(|tag| !gone.contains(&tag));
        let young = inventory.manifest_updated(id).is_none_or(|updated| updated > rule.age.before(now));
        if tagged || young {
            stays.extend(graph.image(id));
            continue;
        }
        let content = graph.content(id);
        let kind = inventory.manifest(id).map_or(Kind::Unknown, |manifest| manifest.kind);
        let has_subject = content.is_some_and(|content| content.subject.is_some());
        let has_children = content.is_some_and(|content| content.children > 0);
        if kind == Kind::Index && has_subject && has_children {
            stays.extend(graph.image(id).into_iter().filter(|child| *child != id));
        } else if has_subject || kind == Kind::Unknown {
            stays.insert(id);
            continue;
        }
        candidates.push(id);
    }
    candidates.retain(|id| !stays.contains(id));
    candidates.sort_by_key(|id| Reverse(inventory.manifest_updated(*id)));
    candidates.drain(..candidates.len().min(rule.text.keep as usize));
    candidates
}
