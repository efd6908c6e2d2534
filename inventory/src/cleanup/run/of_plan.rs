//! From a plan to its run: names and digests instead of ids, and what has to be done before what.

use std::collections::{BTreeMap, BTreeSet};

use super::{Known, Run, Step, StepState};
use crate::cleanup::dependents::dependents;
use crate::cleanup::item::{Item, Reason, Target};
use crate::cleanup::plan::Plan;
use crate::graph::Graph;
use crate::id::{ManifestId, RepositoryId};

impl Run {
    /// The run of a plan. `None` where the inventory has changed since the plan was made: its ids may stand for other content now, and the
    /// graph no longer says what has to come first.
    #[must_use]
    pub fn new(graph: Graph<'_>, plan: &Plan) -> Option<Self> {
        let inventory = graph.inventory();
        if !plan.is_of(inventory) {
            return None;
        }
        let known = repositories(graph, plan.steps()).into_iter();
        let known =
            known.map(|id| (inventory.repository_name(id).to_owned(), Known::of(graph, id))).collect();
        let mut draft = Draft::of(graph, plan.steps());
        let steps = (0_u32..).zip(plan.steps()).map(|(place, step)| draft.step(graph, place, step)).collect();
        Some(Self { registry: inventory.registry().to_owned(), steps, known, paused: false, stopped: false })
    }
}

/// The places of the steps, and which have to be done before which.
struct Draft {
    places: BTreeMap<Target, u32>,
    before: BTreeMap<ManifestId, Vec<u32>>,
}

impl Draft {
    fn of(graph: Graph<'_>, steps: &[Item]) -> Self {
        let places: BTreeMap<Target, u32> =
            (0..).zip(steps).map(|(place, step)| (step.target, place)).collect();
        // What has to be done before a manifest: whatever has it as a dependent, as far as the order of the plan has that earlier.
        let mut before: BTreeMap<ManifestId, Vec<u32>> = BTreeMap::new();
        for (place, step) in (0_u32..).zip(steps) {
            let later: Vec<ManifestId> = match step.target {
                Target::Tag(tag) => graph.tag_manifest(tag).into_iter().collect(),
                Target::Manifest(id) => dependents(graph, id).collect(),
            };
            for id in later {
                if places.get(&Target::Manifest(id)).is_some_and(|other| *other > place) {
                    before.entry(id).or_default().push(place);
                }
            }
        }
        Self { places, before }
    }

    fn place(&self, manifest: ManifestId) -> Option<u32> {
        self.places.get(&Target::Manifest(manifest)).copied()
    }

    fn step(&mut self, graph: Graph<'_>, place: u32, item: &Item) -> Step {
        let inventory = graph.inventory();
        let name = |id: Option<RepositoryId>| id.map(|id| inventory.repository_name(id).to_owned());
        let (repository, tag, digest, updated, after, with) = match item.target {
            Target::Tag(id) => {
                // The tag of a referrer goes after the subject, if the order of the plan has it so.
                let subject =
                    if let Reason::WentWith(subject) = item.reason { self.place(subject) } else { None };
                (
                    name(inventory.tag_repository(id)),
                    Some(inventory.tag_name(id).to_owned()),
                    inventory.tag_digest(id),
                    inventory.tag_updated(id),
                    subject.filter(|subject| *subject < place).into_iter().collect(),
                    graph.tag_manifest(id).and_then(|manifest| self.place(manifest)),
                )
            }
            Target::Manifest(id) => (
                name(inventory.manifest_repository(id)),
                None,
                inventory.manifest_digest(id),
                inventory.manifest_updated(id),
                self.before.remove(&id).unwrap_or_default(),
                None,
            ),
        };
        Step {
            repository: repository.unwrap_or_default(),
            tag,
            digest: digest.map(|id| inventory.digest_text(id)).unwrap_or_default(),
            updated,
            unlock: item.unlock,
            frees: item.frees,
            after,
            with,
            state: StepState::Waiting,
        }
    }
}

/// The repositories from which manifests are deleted.
fn repositories(graph: Graph<'_>, steps: &[Item]) -> Vec<RepositoryId> {
    let inventory = graph.inventory();
    let repository = |step: &Item| match step.target {
        Target::Manifest(id) => inventory.manifest_repository(id),
        Target::Tag(_) => None,
    };
    let mut repositories: Vec<RepositoryId> = steps.iter().filter_map(repository).collect();
    repositories.sort_unstable();
    repositories.dedup();
    repositories
}

impl Known {
    fn of(graph: Graph<'_>, id: RepositoryId) -> Self {
        let inventory = graph.inventory();
        let updated = |id: &ManifestId| inventory.manifest_updated(*id);
        let newest = inventory.manifests(id).filter_map(|id| updated(&id)).max();
        let mut known = Self { newest, digests: BTreeSet::new() };
        let from = known.look_from();
        let is_listed = |id: &ManifestId| updated(id).zip(from).is_none_or(|(updated, from)| updated >= from);
        let listed = inventory.manifests(id).filter(is_listed).filter_map(|id| inventory.manifest_digest(id));
        known.digests = listed.map(|digest| inventory.digest_text(digest)).collect();
        known
    }
}
