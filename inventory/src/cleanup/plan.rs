//! The plan: every tag and manifest of the selected repositories with its action, its reason, and what it frees.

use super::item::{Item, Reason, Target};
use super::rule::Rule;
use crate::graph::{Figure, Graph};
use crate::id::{ManifestId, TagId};
use crate::in_use::RegistryUses;
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
    pub(crate) version: u64,
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
