//! Which manifests of a repository go. Nothing goes that something which stays refers to.

use std::cmp::Reverse;

use super::item::Reason;
use super::tags::{Context, TagFate, position};
use crate::id::{ManifestId, RepositoryId, TagId};

/// By manifest: why it stays, or why it goes.
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

impl Context<'_> {
    /// Decides about every manifest of a repository, after its tags.
    pub(super) fn decide_manifests(
        self,
        repository: RepositoryId,
        tags: &[(TagId, TagFate)],
        fates: &mut Fates,
    ) {
        let inventory = self.graph.inventory();
        let manifests: Vec<ManifestId> = inventory.manifests(repository).collect();
        let mut queue: Vec<ManifestId> = Vec::new();
        for (tag, fate) in tags {
            if let (TagFate::Stays(_), Some(manifest)) = (fate, self.graph.tag_manifest(*tag))
                && fates.keep(manifest, Reason::Tagged(*tag))
            {
                queue.push(manifest);
            }
        }
        let all_stay = if !self.rule.text.untagged {
            Some(Reason::ManifestsStay)
        } else if !inventory.repository_locks(repository).write_enabled() {
            Some(Reason::RepositoryLocked)
        } else if !self.graph.is_repository_read(repository) {
            Some(Reason::Unread)
        } else {
            None
        };
        for id in &manifests {
            let reason = all_stay.or_else(|| self.stays_by_itself(*id));
            if reason.is_some_and(|reason| fates.keep(*id, reason)) {
                queue.push(*id);
            }
        }
        self.spread(fates, &mut queue);
        self.keep_newest(&manifests, fates);
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

    /// Keeps everything that what stays needs, until nothing is added.
    fn spread(self, fates: &mut Fates, queue: &mut Vec<ManifestId>) {
        let graph = self.graph;
        while let Some(id) = queue.pop() {
            let mut keep = |other: ManifestId, reason: Reason, queue: &mut Vec<ManifestId>| {
                if fates.keep(other, reason) {
                    queue.push(other);
                }
            };
            for child in graph.children(id) {
                keep(child, Reason::ChildOf(id), queue);
            }
            for referrer in graph.referrers(id) {
                keep(referrer, Reason::ReferrerOf(id), queue);
            }
            for tag in graph.signature_tags(id) {
                if let Some(signature) = graph.tag_manifest(tag) {
                    keep(signature, Reason::ReferrerOf(id), queue);
                }
            }
            if let Some(subject) = graph.subject(id) {
                keep(subject, Reason::SubjectOf(id), queue);
            }
        }
    }

    /// Keeps the newest of the manifests that would go, counting those alone that no other leads to: an index is one, with all it holds.
    fn keep_newest(self, manifests: &[ManifestId], fates: &mut Fates) {
        if self.rule.text.keep == 0 {
            return;
        }
        let alone = |id: &&ManifestId| {
            fates.stays(**id).is_none()
                && self.graph.parents(**id).next().is_none()
                && self.subjects(**id).next().is_none()
        };
        let mut candidates: Vec<ManifestId> = manifests.iter().filter(alone).copied().collect();
        let updated = |id: &ManifestId| self.graph.inventory().manifest_updated(*id);
        // Of the same moment the order of the digests decides, which does not depend on the order of reading as ids do.
        candidates.sort_by_key(|id| Reverse(updated(id)));
        let mut rank = 0;
        for id in candidates.into_iter().take(self.rule.text.keep as usize) {
            rank += 1;
            if fates.keep(id, Reason::Newest(rank)) {
                self.spread(fates, &mut vec![id]);
            }
        }
    }

    /// Why a manifest goes that nothing keeps.
    pub(super) fn reason_to_go(self, id: ManifestId) -> Reason {
        self.subjects(id).next().map_or(Reason::Untagged, Reason::WentWith)
    }
}
