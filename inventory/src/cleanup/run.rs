//! Running a plan, as data: what to check and do next, what became of each step, and what was freed. The caller sends the requests.
//!
//! A [`Run`] is serializable, so that it goes on after a reload or a new sign-in. It holds names and digests, no ids.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::item::Target;
use super::order::dependents;
use super::plan::Plan;
use crate::graph::Graph;
use crate::id::ManifestId;
use crate::instant::Instant;
use crate::locks::Locks;

/// A plan that is being carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// The login server of the registry that the plan is of.
    pub registry: String,
    /// The steps, in their order.
    pub steps: Vec<Step>,
    paused: bool,
    stopped: bool,
}

/// One tag or manifest to remove, and what must still be true of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The repository.
    pub repository: String,
    /// The tag to remove; `None` for the manifest itself.
    pub tag: Option<String>,
    /// The manifest's digest: of a tag the one that it must still point to.
    pub digest: String,
    /// When it was last updated as the plan was made: it must not have been since.
    pub updated: Option<Instant>,
    /// Whether locks on it are taken off before.
    pub unlock: bool,
    /// Bytes that it frees.
    pub frees: u64,
    /// Steps that have to be done before, by their place: tags of a manifest, an index of a child, a subject of a referrer.
    pub after: Vec<u32>,
    /// What became of it.
    pub state: StepState,
}

/// What became of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "state", content = "why")]
pub enum StepState {
    /// Not begun.
    #[default]
    Waiting,
    /// Begun: after a reload it is checked again, since it is unknown how far it came.
    Running,
    /// Deleted by this run.
    Done,
    /// It was gone already.
    Gone,
    /// Not deleted, since it is not what the plan was made for any more.
    Changed(String),
    /// The registry refused.
    Failed(String),
    /// Not deleted, since a step before it was not.
    Blocked,
}

/// What a tag or manifest is right before its deletion: Tag_GetAttributes or Manifests_GetAttributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The digest it points to, or is.
    pub digest: String,
    /// When it was last updated.
    pub updated: Option<Instant>,
    /// Its locks.
    pub locks: Locks,
    /// The tags on a manifest; none for a tag.
    pub tags: Vec<String>,
}

/// What to do with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Delete it.
    Delete,
    /// Take its locks off, then delete it.
    UnlockAndDelete,
    /// Leave it; the run says why.
    Leave,
}

/// How a run stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Steps that this run did.
    pub done: usize,
    /// Steps whose item was gone already.
    pub gone: usize,
    /// Steps left out, since their item changed.
    pub changed: usize,
    /// Steps that the registry refused.
    pub failed: usize,
    /// Steps left out, since one before them was not done.
    pub blocked: usize,
    /// Steps not done yet.
    pub waiting: usize,
    /// Bytes that the steps done free once the registry has swept. Where steps were left out this is a lower or upper bound: what two
    /// manifests share goes with the later one.
    pub freed: u64,
}

impl Run {
    /// The run of a plan.
    #[must_use]
    pub fn new(graph: Graph<'_>, plan: &Plan) -> Self {
        let inventory = graph.inventory();
        let steps = plan.steps();
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
        let steps = steps.iter().map(|step| {
            let (repository, tag, digest, updated, after) = match step.target {
                Target::Tag(id) => (
                    inventory.tag_repository(id),
                    Some(inventory.tag_name(id).to_owned()),
                    inventory.tag_digest(id),
                    inventory.tag_updated(id),
                    Vec::new(),
                ),
                Target::Manifest(id) => (
                    inventory.manifest_repository(id),
                    None,
                    inventory.manifest_digest(id),
                    inventory.manifest_updated(id),
                    before.remove(&id).unwrap_or_default(),
                ),
            };
            Step {
                repository: repository.map(|id| inventory.repository_name(id).to_owned()).unwrap_or_default(),
                tag,
                digest: digest.map(|id| inventory.digest_text(id)).unwrap_or_default(),
                updated,
                unlock: step.unlock,
                frees: step.frees,
                after,
                state: StepState::Waiting,
            }
        });
        Self {
            registry: inventory.registry().to_owned(),
            steps: steps.collect(),
            paused: false,
            stopped: false,
        }
    }

    /// Takes the run up again where nothing is under way any more, as after a reload: what was is checked again.
    pub fn resume(&mut self) {
        self.paused = false;
        for step in self.steps.iter_mut().filter(|step| step.state == StepState::Running) {
            step.state = StepState::Waiting;
        }
    }

    /// Begins nothing more until [`Run::unpause`] or [`Run::resume`].
    pub fn pause(&mut self) {
        self.paused = true;
    }

    /// Begins further steps again. What was under way when the run was paused still is.
    pub fn unpause(&mut self) {
        self.paused = false;
    }

    /// Begins nothing more.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// The next step to check and carry out; it counts as running from then on. `None` while steps before it are running, when the run
    /// is paused or stopped, and at the end.
    pub fn next_step(&mut self) -> Option<usize> {
        if self.paused || self.stopped {
            return None;
        }
        for place in 0..self.steps.len() {
            let Some(step) = self.steps.get(place).filter(|step| step.state == StepState::Waiting) else {
                continue;
            };
            let state = |before: &u32| self.steps.get(*before as usize).map(|step| &step.state);
            let done = |before: &u32| matches!(state(before), Some(StepState::Done | StepState::Gone));
            let open = |before: &u32| matches!(state(before), Some(StepState::Waiting | StepState::Running));
            if step.after.iter().all(done) {
                self.set(place, StepState::Running);
                return Some(place);
            }
            if !step.after.iter().any(open) {
                self.set(place, StepState::Blocked);
            }
        }
        None
    }

    /// Decides about a step by what its item is now; `None` for an item that is gone. Anything but a deletion is recorded at once.
    pub fn check(&mut self, place: usize, observed: Option<&Observed>) -> Verdict {
        let Some(step) = self.steps.get(place) else { return Verdict::Leave };
        let (state, verdict) = match observed {
            None => (StepState::Gone, Verdict::Leave),
            Some(observed) => match changed(step, observed) {
                Some(why) => (StepState::Changed(why.to_owned()), Verdict::Leave),
                None if observed.locks.allow_delete() => (StepState::Running, Verdict::Delete),
                None => (StepState::Running, Verdict::UnlockAndDelete),
            },
        };
        self.set(place, state);
        verdict
    }

    /// Records that a step was carried out. A 404 is [`Run::gone`].
    pub fn done(&mut self, place: usize) {
        self.set(place, StepState::Done);
    }

    /// Records that the registry answered 404: it is gone.
    pub fn gone(&mut self, place: usize) {
        self.set(place, StepState::Gone);
    }

    /// Records that the registry refused, and why. The rest goes on.
    pub fn failed(&mut self, place: usize, why: &str) {
        self.set(place, StepState::Failed(why.to_owned()));
    }

    /// Puts a step back, since no answer came or the registry asked to wait: it is checked again.
    pub fn again(&mut self, place: usize) {
        self.set(place, StepState::Waiting);
    }

    /// Whether nothing is under way and nothing is left that could be begun.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        let open = |step: &Step| match step.state {
            StepState::Running => true,
            StepState::Waiting => !self.stopped,
            _ => false,
        };
        !self.steps.iter().any(open)
    }

    /// How the run stands.
    #[must_use]
    pub fn report(&self) -> Report {
        let mut report = Report::default();
        for step in &self.steps {
            match step.state {
                StepState::Waiting | StepState::Running => report.waiting += 1,
                StepState::Done => {
                    report.done += 1;
                    report.freed = report.freed.saturating_add(step.frees);
                }
                StepState::Gone => report.gone += 1,
                StepState::Changed(_) => report.changed += 1,
                StepState::Failed(_) => report.failed += 1,
                StepState::Blocked => report.blocked += 1,
            }
        }
        report
    }

    fn set(&mut self, place: usize, state: StepState) {
        if let Some(step) = self.steps.get_mut(place) {
            step.state = state;
        }
    }
}

/// Why a step's item is not what the plan was made for any more.
fn changed(step: &Step, observed: &Observed) -> Option<&'static str> {
    if observed.digest != step.digest {
        return Some("the tag was moved to another manifest");
    }
    if observed.updated != step.updated {
        return Some("it was updated after the plan was made");
    }
    if !observed.locks.allow_delete() && !step.unlock {
        return Some("it was locked after the plan was made");
    }
    if step.tag.is_none() && !observed.tags.is_empty() {
        return Some("it has a tag that the plan did not remove");
    }
    None
}
