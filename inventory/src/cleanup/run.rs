//! Running a plan, as data: what to check and do next, what became of each step, and what was freed. The caller sends the requests.
//!
//! A [`Run`] is serializable, so that it goes on after a reload or a new sign-in. It holds names and digests, no ids.

mod of_plan;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

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
    /// By repository from which manifests are deleted: what the plan knew of it.
    #[serde(default)]
    known: BTreeMap<String, Known>,
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
    /// Steps that have to be done before, by their place: tags of a manifest, an index of a child, a subject of a referrer and of its tags.
    pub after: Vec<u32>,
    /// Of a tag whose manifest goes as well: that step's place. The tag stays where the manifest does.
    #[serde(default)]
    pub with: Option<u32>,
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

impl StepState {
    fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
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
    /// Of a tag whose manifest goes as well: what that is.
    pub manifest: Option<Box<Observed>>,
}

/// What to do with a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Delete it.
    Delete,
    /// Take its locks off, which are these, then delete it.
    UnlockAndDelete(Locks),
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
        let Some(step) = self.steps.get(place).filter(|step| step.state.is_open()) else {
            return Verdict::Leave;
        };
        let (state, verdict) = match observed {
            None => (StepState::Gone, Verdict::Leave),
            Some(observed) => match changed(step, observed).or_else(|| self.manifest_changed(step, observed))
            {
                Some(why) => (StepState::Changed(why.to_owned()), Verdict::Leave),
                None if observed.locks.allow_delete() => (StepState::Running, Verdict::Delete),
                None => (StepState::Running, Verdict::UnlockAndDelete(observed.locks)),
            },
        };
        self.set(place, state);
        verdict
    }

    /// Why the manifest of a tag will not be deleted, as far as can be seen now. The tag is kept with it.
    fn manifest_changed(&self, step: &Step, observed: &Observed) -> Option<&'static str> {
        let manifest = self.steps.get(step.with? as usize)?;
        if !manifest.state.is_open() && !matches!(manifest.state, StepState::Done | StepState::Gone) {
            return Some("its manifest is not deleted");
        }
        // Its tags are looked at when they are to be gone.
        let seen = Observed { tags: Vec::new(), ..observed.manifest.as_deref()?.clone() };
        changed(manifest, &seen).map(|_| "its manifest was changed after the plan was made")
    }

    /// The step of the manifest that a tag goes with.
    #[must_use]
    pub fn manifest_of(&self, place: usize) -> Option<&Step> {
        self.steps.get(self.steps.get(place)?.with? as usize)
    }

    /// From when on a repository is looked through for manifests that came after the plan was made: some may need one that it deletes.
    /// `None` for all of it. Includes an hour before the newest that was known, since lists are read while images are pushed.
    #[must_use]
    pub fn look_from(&self, repository: &str) -> Option<Instant> {
        self.known.get(repository)?.look_from()
    }

    /// The digests of a repository's manifests that did not come after the plan was made, as far as a look through it lists them: those that
    /// the run deletes among them.
    #[must_use]
    pub fn known_in(&self, repository: &str) -> HashSet<String> {
        let here = self.steps.iter().filter(|step| step.tag.is_none() && step.repository == repository);
        let deleted = here.map(|step| &step.digest);
        deleted
            .chain(self.known.get(repository).into_iter().flat_map(|known| &known.digests))
            .cloned()
            .collect()
    }

    /// Leaves the manifests with these digests: something that came after the plan was made needs them.
    pub fn keep(&mut self, repository: &str, digests: &HashSet<String>) {
        let needed = |step: &&mut Step| {
            step.tag.is_none()
                && step.state.is_open()
                && step.repository == repository
                && digests.contains(&step.digest)
        };
        for step in self.steps.iter_mut().filter(needed) {
            step.state = StepState::Changed("a newer manifest needs it".to_owned());
        }
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
        self.set_open(place, StepState::Failed(why.to_owned()));
    }

    /// Puts a step back, since no answer came or the registry asked to wait: it is checked again. What was found to be needed meanwhile
    /// stays.
    pub fn again(&mut self, place: usize) {
        self.set_open(place, StepState::Waiting);
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

    fn set_open(&mut self, place: usize, state: StepState) {
        if self.steps.get(place).is_some_and(|step| step.state.is_open()) {
            self.set(place, state);
        }
    }

    fn set(&mut self, place: usize, state: StepState) {
        if let Some(step) = self.steps.get_mut(place) {
            step.state = state;
        }
    }
}

/// What a plan knew of a repository, for looks through it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// When its newest manifest was last updated.
    newest: Option<Instant>,
    /// The digests of the manifests that a look lists again.
    digests: BTreeSet<String>,
}

impl Known {
    /// From when on a look lists manifests; `None` for all of them.
    fn look_from(&self) -> Option<Instant> {
        const HOUR: i64 = 3600 * Instant::TICKS_PER_SECOND;
        Some(self.newest?.minus_ticks(HOUR))
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
