//! Which tags of a repository go.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::budget::Budget;
use super::filter::Filter;
use super::item::Reason;
use super::rule::Rule;
use crate::build::signature_subject;
use crate::graph::Graph;
use crate::id::{DigestId, ManifestId, RepositoryId, TagId};
use crate::in_use::RegistryUses;
use crate::instant::Instant;

/// What decides about tags and manifests alike.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) graph: Graph<'a>,
    pub(super) rule: &'a Rule,
    pub(super) uses: &'a RegistryUses,
    /// By digest: the number of what uses it.
    pub(super) digests_in_use: &'a HashMap<DigestId, usize>,
    pub(super) now: Instant,
}

/// The fate of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagFate {
    Stays(Reason),
    Goes,
    /// It belongs to a signature or another referrer, which goes and stays with this manifest.
    Follows(ManifestId),
}

/// The decision about the tags of a repository.
#[derive(Debug)]
pub(super) struct TagDecision {
    repository: RepositoryId,
    /// The newest first; `None` before they are listed.
    tags: Option<Vec<TagId>>,
    next: usize,
    kept: u32,
    fates: Vec<(TagId, TagFate)>,
}

impl TagDecision {
    pub(super) fn new(repository: RepositoryId) -> Self {
        Self { repository, tags: None, next: 0, kept: 0, fates: Vec::new() }
    }

    /// The fate of each tag, the newest first.
    pub(super) fn fates(&self) -> &[(TagId, TagFate)] {
        &self.fates
    }

    /// Decides as much as the budget allows. Whether all is decided.
    pub(super) fn advance(&mut self, context: Context<'_>, budget: &mut Budget) -> bool {
        if budget.is_spent() {
            return false;
        }
        let inventory = context.graph.inventory();
        let tags = self.tags.get_or_insert_with(|| {
            let mut tags: Vec<TagId> = inventory.tags(self.repository).collect();
            // Of the same moment the order of the names decides, which does not depend on the order of reading as ids do.
            tags.sort_by_key(|tag| Reverse(inventory.tag_updated(*tag)));
            budget.spend(tags.len());
            self.fates.reserve(tags.len());
            tags
        });
        let filters = context.rule.filters_of(inventory, self.repository);
        budget.each(tags, &mut self.next, |tag| {
            let mut fate = context.tag_fate(self.repository, tag, &filters);
            // As `acr purge` counts: the newest of those that would go otherwise.
            if fate == TagFate::Goes && self.kept < context.rule.text.keep {
                self.kept += 1;
                fate = TagFate::Stays(Reason::Newest(self.kept));
            }
            self.fates.push((tag, fate));
        })
    }
}

impl Context<'_> {
    fn tag_fate(self, repository: RepositoryId, tag: TagId, filters: &[&Filter]) -> TagFate {
        let inventory = self.graph.inventory();
        let name = inventory.tag_name(tag);
        let repository_name = inventory.repository_name(repository);
        if !inventory.repository_locks(repository).write_enabled() {
            return TagFate::Stays(Reason::RepositoryLocked);
        }
        if !self.rule.text.include_locked && !inventory.tag_locks(tag).allow_delete() {
            return TagFate::Stays(Reason::Locked);
        }
        if let Some(number) = self.rule.protection(repository_name, name) {
            return TagFate::Stays(Reason::Protected(position(number)));
        }
        // By the digest that the tag states: its manifest may not have been listed.
        let by_digest =
            inventory.tag_digest(tag).and_then(|digest| self.digests_in_use.get(&digest).copied());
        if let Some(user) = self.uses.tag_user(repository_name, name).or(by_digest) {
            return TagFate::Stays(Reason::InUse(position(user)));
        }
        if let Some(subject) = self.graph.signature_subject(tag) {
            return TagFate::Follows(subject);
        }
        if signature_subject(name).is_some() && !inventory.are_lists_complete(repository) {
            // What it belongs to may be there.
            return TagFate::Stays(Reason::Unread);
        }
        if !filters.iter().any(|filter| filter.matches_tag(name)) {
            return TagFate::Stays(Reason::NotSelected);
        }
        match inventory.tag_updated(tag) {
            None => TagFate::Stays(Reason::NoTime),
            Some(updated) if updated >= self.rule.age.before(self.now) => TagFate::Stays(Reason::Younger),
            Some(_) => TagFate::Goes,
        }
    }
}

/// Positions are small; one that does not fit names nothing.
pub(super) fn position(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
