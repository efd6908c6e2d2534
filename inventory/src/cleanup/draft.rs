//! The items of a plan before what goes is in order.

use std::collections::HashMap;

use super::budget::Budget;
use super::decide::{Fates, ManifestDecision};
use super::item::{Action, Item, Reason, Target};
use super::tags::{Context, TagDecision, TagFate};
use crate::id::{ManifestId, RepositoryId, TagId};

/// The items so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) untagged: Vec<Item>,
    /// By the manifest that goes: its tags that belong to a referrer.
    pub(super) following: HashMap<ManifestId, Vec<Item>>,
    pub(super) deleted: Vec<ManifestId>,
    pub(super) kept: Vec<Item>,
}

impl Draft {
    fn add_tag(&mut self, context: Context<'_>, tag: TagId, fate: TagFate, fates: &Fates) {
        let manifest = context.graph.tag_manifest(tag);
        let (action, reason) = match fate {
            TagFate::Stays(reason) => (Action::Keep, reason),
            TagFate::Goes => (Action::Untag, Reason::Selected),
            TagFate::Follows(subject) => match manifest {
                Some(own) if fates.stays(own).is_none() => (Action::Untag, Reason::WentWith(subject)),
                _ => (Action::Keep, Reason::ReferrerOf(subject)),
            },
        };
        let unlock = action == Action::Untag && !context.graph.inventory().tag_locks(tag).allow_delete();
        let item = Item { target: Target::Tag(tag), action, reason, frees: 0, unlock };
        match (action, fate, manifest) {
            (Action::Keep, ..) => self.kept.push(item),
            (_, TagFate::Follows(_), Some(own)) => self.following.entry(own).or_default().push(item),
            _ => self.untagged.push(item),
        }
    }

    fn add_manifest(&mut self, id: ManifestId, fates: &Fates) {
        let Some(reason) = fates.stays(id) else { return self.deleted.push(id) };
        let target = Target::Manifest(id);
        self.kept.push(Item { target, action: Action::Keep, reason, frees: 0, unlock: false });
    }
}

/// The part of a draft that is of one repository, in the making.
#[derive(Debug)]
pub(super) struct RepositoryDraft {
    tags: TagDecision,
    manifests: ManifestDecision,
    /// How many tags, and how many manifests, are in the draft.
    added_tags: usize,
    added_manifests: usize,
}

impl RepositoryDraft {
    pub(super) fn new(repository: RepositoryId) -> Self {
        Self {
            tags: TagDecision::new(repository),
            manifests: ManifestDecision::new(repository),
            added_tags: 0,
            added_manifests: 0,
        }
    }

    /// Decides and adds as many items as the budget allows. Whether all are in the draft.
    pub(super) fn advance(
        &mut self,
        context: Context<'_>,
        fates: &mut Fates,
        draft: &mut Draft,
        budget: &mut Budget,
    ) -> bool {
        let is_decided = self.tags.advance(context, budget)
            && self.manifests.advance(context, self.tags.fates(), fates, budget);
        is_decided
            && budget.each(self.tags.fates(), &mut self.added_tags, |(tag, fate)| {
                draft.add_tag(context, tag, fate, fates);
            })
            && budget.each(self.manifests.manifests(), &mut self.added_manifests, |id| {
                draft.add_manifest(id, fates);
            })
    }
}
