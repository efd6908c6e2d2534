//! Which manifests of a repository go. Nothing goes that something which stays refers to.

use std::cmp::Reverse;

use super::budget::Budget;
use super::item::Reason;
use super::tags::{Context, TagFate, position};
use crate::id::{ManifestId, RepositoryId, TagId};

/// By manifest: why it stays, or why it goes.
#[derive(Debug)]
pub(super) struct Fates {
    stays: Vec<Option<Reason>>,
}

impl Fates {
    pub(super) fn new(slots: usize) -> Self {
        Self { stays: vec![None; slots] }
    }

    /// Why a manifest stays; `None` where it goes.
    pub(super) fn stays(&self, id: ManifestId) -> Option<Reason> {
        self.stays.get(id.index()).copied().flatten()
    }

    /// Keeps a manifest, for the first reason there was; gives whether it is new.
    fn keep(&mut self, id: ManifestId, reason: Reason) -> bool {
        match self.stays.get_mut(id.index()) {
            Some(slot) if slot.is_none() => {
                *slot = Some(reason);
                true
            }
            _ => false,
        }
    }
}

/// The decision about the manifests of a repository, after its tags.
#[derive(Debug)]
pub(super) struct ManifestDecision {
    repository: RepositoryId,
    /// `None` before they are listed.
    manifests: Option<Vec<ManifestId>>,
    /// How many of the tags have kept their manifest, or have not.
    tagged: usize,
    /// How many of the manifests have kept themselves, or have not.
    by_themselves: usize,
    /// What stays and has not kept yet what it needs.
    queue: Vec<ManifestId>,
    /// What would go otherwise and nothing leads to; the newest first once it is sorted.
    candidates: Vec<ManifestId>,
    /// How many of the manifests are candidates, or are not.
    examined: usize,
    is_sorted: bool,
    /// How many of the candidates were kept.
    rank: u32,
}

impl ManifestDecision {
    pub(super) fn new(repository: RepositoryId) -> Self {
        Self {
            repository,
            manifests: None,
            tagged: 0,
            by_themselves: 0,
            queue: Vec::new(),
            candidates: Vec::new(),
            examined: 0,
            is_sorted: false,
            rank: 0,
        }
    }

    /// The manifests of the repository.
    pub(super) fn manifests(&self) -> &[ManifestId] {
        self.manifests.as_deref().unwrap_or_default()
    }

    /// Decides as much as the budget allows. Whether all is decided.
    pub(super) fn advance(
        &mut self,
        context: Context<'_>,
        tags: &[(TagId, TagFate)],
        fates: &mut Fates,
        budget: &mut Budget,
    ) -> bool {
        self.list(context, budget)
            && self.keep_tagged(context, tags, fates, budget)
            && self.keep_by_themselves(context, fates, budget)
            && self.spread(context, fates, budget)
            && self.keep_newest(context, fates, budget)
    }

    fn list(&mut self, context: Context<'_>, budget: &mut Budget) -> bool {
        if self.manifests.is_none() {
            if budget.is_spent() {
                return false;
            }
            let manifests: Vec<ManifestId> = context.graph.inventory().manifests(self.repository).collect();
            budget.spend(manifests.len());
            self.manifests = Some(manifests);
        }
        true
    }

    fn keep_tagged(
        &mut self,
        context: Context<'_>,
        tags: &[(TagId, TagFate)],
        fates: &mut Fates,
        budget: &mut Budget,
    ) -> bool {
        budget.each(tags, &mut self.tagged, |(tag, fate)| {
            if let (TagFate::Stays(_), Some(manifest)) = (fate, context.graph.tag_manifest(tag))
                && fates.keep(manifest, Reason::Tagged(tag))
            {
                self.queue.push(manifest);
            }
        })
    }

    fn keep_by_themselves(&mut self, context: Context<'_>, fates: &mut Fates, budget: &mut Budget) -> bool {
        let all_stay = context.all_stay(self.repository);
        let manifests = self.manifests.as_deref().unwrap_or_default();
        budget.each(manifests, &mut self.by_themselves, |id| {
            let reason = all_stay.or_else(|| context.stays_by_itself(id));
            if reason.is_some_and(|reason| fates.keep(id, reason)) {
                self.queue.push(id);
            }
        })
    }

    /// Keeps everything that what stays needs, until nothing is added.
    fn spread(&mut self, context: Context<'_>, fates: &mut Fates, budget: &mut Budget) -> bool {
        let graph = context.graph;
        while !budget.is_spent() {
            let Some(id) = self.queue.pop() else { return true };
            let mut seen = 1;
            let mut keep = |other: ManifestId, reason: Reason| {
                seen += 1;
                if fates.keep(other, reason) {
                    self.queue.push(other);
                }
            };
            for child in graph.children(id) {
                keep(child, Reason::ChildOf(id));
            }
            for referrer in graph.referrers(id) {
                keep(referrer, Reason::ReferrerOf(id));
            }
            for tag in graph.signature_tags(id) {
                if let Some(signature) = graph.tag_manifest(tag) {
                    keep(signature, Reason::ReferrerOf(id));
                }
            }
            if let Some(subject) = graph.subject(id) {
                keep(subject, Reason::SubjectOf(id));
            }
            budget.spend(seen);
        }
        self.queue.is_empty()
    }

    /// Keeps the newest of the manifests that would go, counting those alone that no other leads to: an index is one, with all it holds.
    fn keep_newest(&mut self, context: Context<'_>, fates: &mut Fates, budget: &mut Budget) -> bool {
        let keep = context.rule.text.keep;
        if keep == 0 {
            return true;
        }
        let manifests = self.manifests.as_deref().unwrap_or_default();
        let found = budget.each(manifests, &mut self.examined, |id| {
            if fates.stays(id).is_none() && context.is_alone(id) {
                self.candidates.push(id);
            }
        });
        if !found {
            return false;
        }
        if !self.is_sorted {
            if budget.is_spent() {
                return false;
            }
            let updated = |id: &ManifestId| context.graph.inventory().manifest_updated(*id);
            // Of the same moment the order of the digests decides, which does not depend on the order of reading as ids do.
            self.candidates.sort_by_key(|id| Reverse(updated(id)));
            budget.spend(self.candidates.len());
            self.is_sorted = true;
        }
        while self.rank < keep
            && let Some(id) = self.candidates.get(self.rank as usize).copied()
        {
            if budget.is_spent() {
                return false;
            }
            budget.spend(1);
            self.rank += 1;
            if fates.keep(id, Reason::Newest(self.rank)) {
                self.queue.push(id);
            }
            if !self.spread(context, fates, budget) {
                return false;
            }
        }
        true
    }
}

impl Context<'_> {
    /// What keeps every manifest of a repository.
    fn all_stay(self, repository: RepositoryId) -> Option<Reason> {
        if !self.rule.text.untagged {
            Some(Reason::ManifestsStay)
        } else if !self.graph.inventory().repository_locks(repository).write_enabled() {
            Some(Reason::RepositoryLocked)
        } else if !self.graph.is_repository_read(repository) {
            Some(Reason::Unread)
        } else {
            None
        }
    }

    /// What keeps a manifest whatever refers to it.
    fn stays_by_itself(self, id: ManifestId) -> Option<Reason> {
        let inventory = self.graph.inventory();
        let digest = inventory.manifest_digest(id);
        if let Some(user) = digest.and_then(|digest| self.digests_in_use.get(&digest)) {
            return Some(Reason::InUse(position(*user)));
        }
        if !self.rule.text.include_locked && !inventory.manifest_locks(id).allow_delete() {
            return Some(Reason::Locked);
        }
        if self.subjects(id).next().is_some() {
            // A referrer is as old as what it refers to: it goes and stays with that.
            return None;
        }
        match inventory.manifest_updated(id) {
            None => Some(Reason::NoTime),
            // A manifest of exactly the age goes, a tag of exactly the age stays: as in `acr purge`.
            Some(updated) if updated > self.rule.age.before(self.now) => Some(Reason::Younger),
            Some(_) => None,
        }
    }

    /// The manifests that a manifest was made for: its subject, and what its tags of cosign's scheme name.
    fn subjects(self, id: ManifestId) -> impl Iterator<Item = ManifestId> {
        let graph = self.graph;
        let named = graph.tags_on(id).filter_map(move |tag| graph.signature_subject(tag));
        graph.subject(id).into_iter().chain(named)
    }

    /// Whether nothing leads to a manifest but a tag.
    fn is_alone(self, id: ManifestId) -> bool {
        self.graph.parents(id).next().is_none() && self.subjects(id).next().is_none()
    }

    /// Why a manifest goes that nothing keeps.
    pub(super) fn reason_to_go(self, id: ManifestId) -> Reason {
        self.subjects(id).next().map_or(Reason::Untagged, Reason::WentWith)
    }
}
