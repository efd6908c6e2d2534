//! Several runs as one: one after the other, such as one for each repository of a rule.

use acr_client_wasm::{Reference, RepositoryName};
use leptos::prelude::*;

use super::outcome::Outcome;
use super::plan::{Plan, Target};
use super::run::{Run, Runs};
use crate::failure::Failure;
use crate::query::run_until_cleanup;

/// Runs that are carried out in their order. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Batch {
    all: StoredValue<Vec<Run>>,
    runs: Runs,
    /// Whether it is in progress.
    pub(crate) busy: RwSignal<bool>,
    /// Whether it was asked to stop.
    pub(crate) stopping: RwSignal<bool>,
}

/// An item of a batch and what became of it.
pub(crate) struct Item {
    /// Its repository, where the batch has several.
    repository: Option<RepositoryName>,
    pub(crate) target: Target,
    pub(crate) outcome: Outcome,
}

impl Item {
    /// What it is called in lists.
    pub(crate) fn name(&self) -> String {
        match &self.repository {
            Some(repository) => self.target.name_in(repository),
            None => self.target.name(),
        }
    }

    /// The same with all of its digest.
    pub(crate) fn reference(&self) -> String {
        match (&self.repository, &self.target.reference) {
            (None, reference) => reference.to_string(),
            (Some(repository), Reference::Tag(tag)) => format!("{repository}:{tag}"),
            (Some(repository), Reference::Digest(digest)) => format!("{repository}@{digest}"),
        }
    }
}

impl Batch {
    /// Carries out plans. `on_end` is called for each run that has ended, if the screen that started it is still there.
    pub(crate) fn start(runs: Runs, plans: Vec<Plan>, on_end: Callback<Run>) -> Self {
        let all: Vec<Run> = plans.into_iter().map(|plan| runs.add(plan, on_end)).collect();
        let this = runs.owned(|| Self {
            all: StoredValue::new(all),
            runs,
            busy: RwSignal::new(false),
            stopping: RwSignal::new(false),
        });
        this.resume();
        this
    }

    /// Starts what is not done: everything at first, later what failed or was left. Both are safe to repeat: a manifest that is already
    /// deleted answers 404, and a PATCH sets the same values again.
    pub(crate) fn resume(&self) {
        self.busy.set(true);
        self.stopping.set(false);
        let this = *self;
        self.runs.owned(|| run_until_cleanup(this.carry_out()));
    }

    /// What fails as every further item would leaves the runs after it waiting.
    async fn carry_out(self) {
        let open: Vec<Run> = self.runs().into_iter().filter(|run| untrack(|| run.is_open())).collect();
        self.runs.queue(&open);
        for run in &open {
            if self.stopping.get_untracked() {
                break;
            }
            run.carry_out().await;
            // The end of the session stops the run alone.
            if run.stopping.get_untracked() || run.halted.with_untracked(Option::is_some) {
                break;
            }
        }
        self.runs.dequeue(&open);
        self.busy.set(false);
    }

    /// Starts nothing more. What is in flight comes to its end, so that its outcome is known.
    pub(crate) fn cancel(&self) {
        let _ = self.stopping.try_set(true);
        self.runs().iter().for_each(Run::cancel);
    }

    /// Its runs, in their order.
    pub(crate) fn runs(&self) -> Vec<Run> {
        self.all.try_get_value().unwrap_or_default()
    }

    /// Every item.
    pub(crate) fn items(&self) -> Vec<Item> {
        let runs = self.runs();
        let several = runs.len() > 1;
        let of = |run: &Run| -> Vec<Item> {
            let repository = several.then(|| run.repository());
            let item = |(target, outcome)| Item { repository: repository.clone(), target, outcome };
            run.items.get().into_iter().map(item).collect()
        };
        runs.iter().flat_map(of).collect()
    }

    /// How many items succeeded, how many failed, how many there are.
    pub(crate) fn tally(&self) -> (usize, usize, usize) {
        let tallies = self.runs().into_iter().map(|run| run.tally());
        tallies.fold((0, 0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2))
    }

    /// Whether something is not done. Tracked.
    pub(crate) fn is_open(&self) -> bool {
        self.runs().iter().any(Run::is_open)
    }

    /// Why the rest was not started.
    pub(crate) fn halted(&self) -> Option<Failure> {
        self.runs().iter().find_map(|run| run.halted.get())
    }

    /// What is left of each run that is not done: what is asked for again after a new sign-in.
    pub(crate) fn rests(&self) -> Vec<Plan> {
        self.runs().iter().map(Run::rest).filter(|plan| !plan.targets.is_empty()).collect()
    }
}
