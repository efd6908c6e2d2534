//! The plan: every tag and manifest of the selected repositories with its action, its reason, and what it frees.

use std::collections::HashMap;

use super::decide::Fates;
use super::item::{Action, Item, Reason, Target};
use super::order::deletion_order;
use super::rule::Rule;
use super::tags::{Context, TagFate};
use crate::graph::{Bound, Figure, Graph};
use crate::id::{DigestId, ManifestId, RepositoryId, TagId};
use crate::in_use::{InUse, RegistryUses};
use crate::instant::Instant;
use crate::inventory::Inventory;

/// What a rule means for a registry as it was read.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) items: Vec<Item>,
    /// How many of the items are steps; they come first, in the order in which they run.
    pub(crate) steps: usize,
    pub(crate) frees: Figure,
    pub(crate) manifest_bytes: u64,
    pub(crate) now: Instant,
    pub(crate) rule: Rule,
    pub(crate) uses: RegistryUses,
    /// The version of the inventory that it was made of.
    version: u64,
}

/// Makes the plan of a rule at a moment.
///
/// It deletes what `acr purge` would, but never a child of an index that stays, never a signature or another referrer of a manifest that
/// stays, never what is in use or protected, and no manifest of a repository of which something was not read.
#[must_use]
pub fn plan(graph: Graph<'_>, rule: &Rule, in_use: &InUse, now: Instant) -> Plan {
    let inventory = graph.inventory();
    let uses = in_use.of_registry(inventory.registry());
    let digests_in_use = digests_in_use(graph, &uses);
    let context = Context { graph, rule, uses: &uses, digests_in_use: &digests_in_use, now };
    let mut fates = Fates::new(inventory.manifest_slots());
    let mut draft = Draft::default();
    for repository in inventory.repositories() {
        let filters = rule.filters_of(inventory, repository);
        if filters.is_empty() {
            continue;
        }
        let tags = context.tag_fates(repository, &filters);
        context.decide_manifests(repository, &tags, &mut fates);
        draft.add_repository(context, repository, &tags, &fates);
    }
    let order = deletion_order(graph, &draft.deleted);
    let mut items = draft.untagged;
    for id in order {
        // The tags by which a signature is found stay until what it signs is gone.
        items.extend(draft.following.remove(&id).unwrap_or_default());
        items.push(Item {
            target: Target::Manifest(id),
            action: Action::Delete,
            reason: context.reason_to_go(id),
            frees: 0,
            unlock: !inventory.manifest_locks(id).allow_delete(),
        });
    }
    let steps = items.len();
    let (frees, manifest_bytes) = account(graph, &mut items);
    items.extend(draft.kept);
    Plan { items, steps, frees, manifest_bytes, now, rule: rule.clone(), uses, version: inventory.version() }
}

fn digests_in_use(graph: Graph<'_>, uses: &RegistryUses) -> HashMap<DigestId, usize> {
    let mut found = HashMap::new();
    for (digest, user) in uses.digests() {
        let Some(digest) = graph.inventory().find_digest(digest) else { continue };
        found.insert(digest, user);
        // Some container runtimes name an image by its config.
        found.extend(graph.images_of_config(digest).map(|image| (image, user)));
    }
    found
}

#[derive(Default)]
struct Draft {
    untagged: Vec<Item>,
    /// By the manifest that goes: its tags that belong to a referrer.
    following: HashMap<ManifestId, Vec<Item>>,
    deleted: Vec<ManifestId>,
    kept: Vec<Item>,
}

impl Draft {
    fn add_repository(
        &mut self,
        context: Context<'_>,
        repository: RepositoryId,
        tags: &[(TagId, TagFate)],
        fates: &Fates,
    ) {
        let inventory = context.graph.inventory();
        for (tag, fate) in tags {
            let (action, reason) = match fate {
                TagFate::Stays(reason) => (Action::Keep, *reason),
                TagFate::Goes => (Action::Untag, Reason::Selected),
                TagFate::Follows(subject) => match context.graph.tag_manifest(*tag) {
                    Some(own) if fates.stays(own).is_none() => (Action::Untag, Reason::WentWith(*subject)),
                    _ => (Action::Keep, Reason::ReferrerOf(*subject)),
                },
            };
            let unlock = action == Action::Untag && !inventory.tag_locks(*tag).allow_delete();
            let item = Item { target: Target::Tag(*tag), action, reason, frees: 0, unlock };
            match (action, fate, context.graph.tag_manifest(*tag)) {
                (Action::Keep, ..) => self.kept.push(item),
                (_, TagFate::Follows(_), Some(own)) => self.following.entry(own).or_default().push(item),
                _ => self.untagged.push(item),
            }
        }
        for id in inventory.manifests(repository) {
            match fates.stays(id) {
                None => self.deleted.push(id),
                Some(reason) => self.kept.push(Item {
                    target: Target::Manifest(id),
                    action: Action::Keep,
                    reason,
                    frees: 0,
                    unlock: false,
                }),
            }
        }
    }
}

/// Puts on each step what it frees: content goes with the last manifest that uses it.
fn account(graph: Graph<'_>, items: &mut [Item]) -> (Figure, u64) {
    let mut remaining = graph.use_counts().to_vec();
    let (mut total, mut manifests, mut certain) = (0_u64, 0_u64, true);
    for item in items.iter_mut() {
        let (Target::Manifest(id), Action::Delete) = (item.target, item.action) else { continue };
        for digest in graph.stored(id) {
            let Some(count) = remaining.get_mut(digest.index()) else { continue };
            *count = count.saturating_sub(1);
            // Most content is shared: its size is not needed then, nor can it be in doubt where none is.
            if *count > 0 && graph.are_sizes_certain() {
                continue;
            }
            let (size, sure) = graph.inventory().stored_size(digest);
            certain &= sure;
            if *count > 0 {
                continue;
            }
            item.frees = item.frees.saturating_add(size);
            if graph.places(digest).next().is_some() {
                manifests = manifests.saturating_add(size);
            }
        }
        total = total.saturating_add(item.frees);
    }
    let mut figure = Figure::exclusive(total, certain, graph.is_complete());
    if total == 0 && items.iter().all(|item| item.action != Action::Delete) {
        figure.bound = Bound::Exact;
    }
    (figure, manifests)
}

impl Plan {
    /// Every item: first the steps in the order in which they run, then what stays.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The items that are deleted or untagged, in the order in which they run.
    #[must_use]
    pub fn steps(&self) -> &[Item] {
        self.items.get(..self.steps).unwrap_or_default()
    }

    /// What the plan frees once the registry has swept. Exact where all of the registry was read.
    #[must_use]
    pub fn frees(&self) -> Figure {
        self.frees
    }

    /// The part of what is freed that is manifests, the rest being blobs; bytes.
    #[must_use]
    pub fn manifest_bytes(&self) -> u64 {
        self.manifest_bytes
    }

    /// The moment that the plan was made for: ages count from it.
    #[must_use]
    pub fn made_at(&self) -> Instant {
        self.now
    }

    /// Whether the inventory is still what the plan was made of. What the plan names is something else otherwise.
    #[must_use]
    pub fn is_of(&self, inventory: &Inventory) -> bool {
        self.version == inventory.version()
    }

    /// The rule that the plan follows.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// How many images of this registry were found in use: none although some were pasted means that they are another registry's.
    #[must_use]
    pub fn images_in_use(&self) -> usize {
        self.uses.len()
    }

    /// The reason of an item as a person reads it, for instance `newest 3`, `child of app:1.2`, `younger than 30d`.
    #[must_use]
    pub fn reason(&self, graph: Graph<'_>, item: &Item) -> String {
        let inventory = graph.inventory();
        let label = |id: ManifestId| label(graph, id);
        match item.reason {
            Reason::NotSelected => "not selected by a filter".to_owned(),
            Reason::Newest(_) => format!("newest {}", self.rule.text.keep),
            Reason::Younger => format!("younger than {}", self.rule.text.ago),
            Reason::NoTime => "the registry states no time".to_owned(),
            Reason::Locked => "locked".to_owned(),
            Reason::RepositoryLocked => "repository locked".to_owned(),
            Reason::Protected(number) => {
                let pattern = self.rule.text.protect.get(number as usize).map_or("", String::as_str);
                format!("protected by {pattern}")
            }
            Reason::InUse(number) => format!("in use by {}", self.uses.user(number as usize)),
            Reason::Tagged(tag) => format!("tagged {}", inventory.tag_name(tag)),
            Reason::ChildOf(index) => format!("child of {}", label(index)),
            Reason::ReferrerOf(subject) => {
                format!("{} of {}", referrer_kind(graph, item.target), label(subject))
            }
            Reason::SubjectOf(referrer) => format!("subject of {}, which stays", label(referrer)),
            Reason::Unread if matches!(item.target, Target::Tag(_)) => {
                "what it may belong to was not read".to_owned()
            }
            Reason::Unread => "not everything that may depend on it was read".to_owned(),
            Reason::ManifestsStay => "the rule deletes no manifests".to_owned(),
            Reason::Selected if self.rule.text.ago.is_empty() => "selected".to_owned(),
            Reason::Selected => format!("selected, older than {}", self.rule.text.ago),
            Reason::Untagged => "no tag left".to_owned(),
            Reason::WentWith(subject) => {
                format!("{} of {}, which is deleted", referrer_kind(graph, item.target), label(subject))
            }
        }
    }

    /// `repository:tag` or `repository@digest`.
    #[must_use]
    pub fn reference(&self, graph: Graph<'_>, item: &Item) -> String {
        match item.target {
            Target::Tag(id) => graph.inventory().tag_reference(id),
            Target::Manifest(id) => graph.inventory().manifest_reference(id),
        }
    }
}

/// What a referrer is called: cosign's tag scheme names signatures; of other referrers the inventory does not know what they are.
fn referrer_kind(graph: Graph<'_>, target: Target) -> &'static str {
    let is_signature = |tag: TagId| graph.inventory().tag_name(tag).ends_with(".sig");
    let signature = match target {
        Target::Tag(tag) => is_signature(tag),
        Target::Manifest(id) => graph.tags_on(id).any(is_signature),
    };
    if signature { "signature" } else { "referrer" }
}

/// A manifest as a person knows it: by a tag of its own, else by its digest's beginning.
fn label(graph: Graph<'_>, id: ManifestId) -> String {
    let inventory = graph.inventory();
    if let Some(tag) = graph.tags_on(id).next() {
        return inventory.tag_reference(tag);
    }
    // `sha256:` and twelve digits are enough to distinguish digests.
    let reference = inventory.manifest_reference(id);
    match reference.split_once('@') {
        Some((name, digest)) => format!("{name}@{}", digest.chars().take(19).collect::<String>()),
        None => reference,
    }
}
