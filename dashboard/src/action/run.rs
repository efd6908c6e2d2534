//! Carrying out a plan: a few items at a time, one failure never stops the rest, and each item gets its result.
//!
//! Runs belong to the session, not to the dialog that shows them: closing a dialog takes nothing away, and the embedding page
//! always receives the "after" event.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use acr_client_wasm::{Digest, Error, ErrorKind, Reference, RegistryClient, RepositoryName};
use futures_util::StreamExt;
use futures_util::stream;
use leptos::prelude::*;

use super::dependents::GraphSlot;
use super::outcome::Outcome;
use super::plan::{Action, Plan, Target};
use super::undo::Untagged;
use crate::failure::{Failure, FailureKind};
use crate::surface::event::{self, Change};
use crate::surface::{Surface, stopped};
use crate::text::action as text;

/// How many requests are in flight at once: deletes have the smallest budget of all.
const AT_ONCE: usize = 4;

/// The runs of one session. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Runs {
    client: StoredValue<RegistryClient>,
    surface: Surface,
    graph: GraphSlot,
    /// Tags removed in this session.
    untagged: RwSignal<Vec<Untagged>>,
    /// Counts changes that the screen showing them did not start.
    changed: RwSignal<u32>,
    /// Owns the runs for as long as the app lives: a dialog may still show one when its session ends.
    owner: StoredValue<Owner>,
    running: StoredValue<Vec<Run>>,
    /// Runs of batches that are in progress: those to come as well.
    queued: StoredValue<Vec<Run>>,
}

impl Runs {
    /// No runs yet. They live in the current reactive owner, which is the app's.
    pub(crate) fn new(
        client: RegistryClient,
        surface: Surface,
        graph: GraphSlot,
        untagged: RwSignal<Vec<Untagged>>,
        changed: RwSignal<u32>,
    ) -> Self {
        Self {
            client: StoredValue::new(client),
            surface,
            graph,
            untagged,
            changed,
            owner: StoredValue::new(Owner::current().unwrap_or_default().child()),
            running: StoredValue::new(Vec::new()),
            queued: StoredValue::new(Vec::new()),
        }
    }

    /// Makes a run in which every item waits, except for those that are locked. `on_end` is called each time it has ended, if the screen that
    /// started it is still there.
    pub(super) fn add(&self, plan: Plan, on_end: Callback<Run>) -> Run {
        let (open, locked) = plan.parts();
        let items = open.into_iter().map(|target| (target, Outcome::Waiting));
        let items = items.chain(locked.into_iter().map(|target| (target, Outcome::Skipped))).collect();
        self.owned(|| Run {
            items: RwSignal::new(items),
            halted: RwSignal::new(None),
            stopping: RwSignal::new(false),
            plan: StoredValue::new(plan),
            halt: StoredValue::new(Arc::default()),
            on_end: StoredValue::new(on_end),
            runs: *self,
        })
    }

    /// Does something within the owner of the runs.
    pub(super) fn owned<T>(&self, make: impl FnOnce() -> T) -> T {
        self.owner.with_value(|owner| owner.with(make))
    }

    /// Notes that these runs follow one another, until [`Runs::dequeue`].
    pub(super) fn queue(&self, runs: &[Run]) {
        self.queued.update_value(|queued| queued.extend_from_slice(runs));
    }

    /// Notes that none of these runs is to come any more.
    pub(super) fn dequeue(&self, runs: &[Run]) {
        self.queued.update_value(|queued| queued.retain(|run| !runs.iter().any(|other| other.is(run))));
    }

    /// What is left to do of every run in progress, and of those that follow them.
    pub(crate) fn rests(&self) -> Vec<Plan> {
        let mut runs = self.queued.get_value();
        let running = self.running.get_value();
        runs.extend(running.into_iter().filter(|run| !self.queued.get_value().iter().any(|it| it.is(run))));
        runs.iter().map(Run::rest).filter(|plan| !plan.targets.is_empty()).collect()
    }

    /// Cancels every run, since the session has ended. What is in flight still comes to its end and is reported.
    pub(crate) fn end(&self) {
        self.running.get_value().iter().for_each(Run::cancel);
    }
}

/// A plan being carried out. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) items: RwSignal<Vec<(Target, Outcome)>>,
    /// Why the rest was not started: a failure that every further item would meet as well.
    pub(crate) halted: RwSignal<Option<Failure>>,
    /// Whether it was asked to stop.
    pub(crate) stopping: RwSignal<bool>,
    plan: StoredValue<Plan>,
    halt: StoredValue<Arc<AtomicBool>>,
    on_end: StoredValue<Callback<Self>>,
    runs: Runs,
}

impl Run {
    fn is(&self, other: &Self) -> bool {
        self.items == other.items
    }

    /// How many items succeeded, how many failed, how many there are.
    pub(crate) fn tally(&self) -> (usize, usize, usize) {
        self.items.with(|items| {
            let good = items.iter().filter(|(_, outcome)| outcome.is_good()).count();
            let bad = items.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_))).count();
            (good, bad, items.len())
        })
    }

    /// Whether something is not done. Tracked.
    pub(crate) fn is_open(&self) -> bool {
        self.items.with(|items| items.iter().any(|(_, outcome)| outcome.is_open()))
    }

    /// The digests that this run has deleted.
    pub(crate) fn deleted(&self) -> Vec<Digest> {
        let deletes = self.plan.with_value(|plan| plan.action == Action::Delete);
        self.items.with_untracked(|items| {
            let gone = items.iter().filter(|(_, outcome)| deletes && outcome.is_good());
            gone.filter_map(|(target, _)| target.digest.clone()).collect()
        })
    }

    /// The tags that this run has removed, with what they pointed to.
    pub(crate) fn untagged(&self) -> Vec<Untagged> {
        let (action, repository) = self.plan.with_value(|plan| (plan.action, plan.repository.clone()));
        let removed = |(target, outcome): &(Target, Outcome)| match (&target.reference, &target.digest) {
            (Reference::Tag(tag), Some(digest)) if *outcome == Outcome::Done => {
                Some(Untagged { repository: repository.clone(), tag: tag.clone(), digest: digest.clone() })
            }
            _ => None,
        };
        match action {
            Action::Untag => self.items.with_untracked(|items| items.iter().filter_map(removed).collect()),
            Action::Delete | Action::Lock | Action::Unlock => Vec::new(),
        }
    }

    /// The repository of its items.
    pub(super) fn repository(&self) -> RepositoryName {
        self.plan.with_value(|plan| plan.repository.clone())
    }

    /// Carries out what is not done: everything at first, later what failed or was left.
    pub(super) async fn carry_out(&self) {
        if let Some(work) = self.begin() {
            work.await;
        }
    }

    /// Announces the change to the embedding page and returns the work; `None` where the page has prevented it.
    fn begin(&self) -> Option<impl Future<Output = ()> + 'static> {
        if !self.runs.surface.emit(&self.change(false).before()) {
            let action = self.plan.with_value(|plan| plan.action.name());
            self.items.update(|items| {
                for (target, outcome) in items.iter_mut().filter(|(_, outcome)| outcome.is_open()) {
                    *outcome = Outcome::Failed(stopped(text::failed(action, &target.name())));
                }
            });
            return None;
        }
        self.stopping.set(false);
        self.halted.set(None);
        let halt: Arc<AtomicBool> = Arc::default();
        self.halt.set_value(halt.clone());
        let this = *self;
        this.runs.running.update_value(|running| running.push(this));
        Some(async move {
            this.send_all(halt).await;
            this.runs.running.update_value(|running| running.retain(|run| !run.is(&this)));
            this.runs.surface.emit(&this.change(true).after(this.outcomes()));
            if this.on_end.get_value().try_run(this).is_none() {
                // The screen that started it is gone; the one that is there now may show what has changed.
                let _ = this.runs.changed.try_update(|changed| *changed = changed.wrapping_add(1));
            }
        })
    }

    async fn send_all(&self, halt: Arc<AtomicBool>) {
        let (client, plan) = (self.runs.client.get_value(), self.plan.get_value());
        let todo: Vec<(usize, Target)> = self.items.with_untracked(|items| {
            let open = items.iter().enumerate().filter(|(_, (_, outcome))| outcome.is_open());
            open.map(|(at, (target, _))| (at, target.clone())).collect()
        });
        let work = stream::iter(todo).map(|(at, target)| {
            let (client, plan, halt) = (&client, &plan, &halt);
            async move {
                let begins = !halt.load(Ordering::Relaxed);
                if begins { Some((at, self.act(client, plan, &target).await)) } else { None }
            }
        });
        let mut work = Box::pin(work.buffer_unordered(AT_ONCE));
        // What is in flight is waited for even when the run halts: the outcome of an abandoned request is unknown.
        while let Some(answer) = work.next().await {
            let Some((at, outcome)) = answer else { continue };
            if let Outcome::Failed(failure) = &outcome
                && ends_all(failure.kind)
            {
                halt.store(true, Ordering::Relaxed);
                self.halted.set(Some(failure.clone()));
            }
            self.items.update(|items| {
                if let Some((_, place)) = items.get_mut(at) {
                    *place = outcome;
                }
            });
        }
    }

    async fn act(&self, client: &RegistryClient, plan: &Plan, target: &Target) -> Outcome {
        match request(client, plan, target).await {
            Ok(()) => {
                self.runs.graph.record(plan.repository.as_str(), plan.action, target);
                if let (Action::Untag, Reference::Tag(tag), Some(digest)) =
                    (plan.action, &target.reference, &target.digest)
                {
                    let removed = Untagged {
                        repository: plan.repository.clone(),
                        tag: tag.clone(),
                        digest: digest.clone(),
                    };
                    let _ = self.runs.untagged.try_update(|all| all.push(removed));
                }
                Outcome::Done
            }
            Err(error) if plan.action.removes() && error.kind() == ErrorKind::NotFound => {
                self.runs.graph.record(plan.repository.as_str(), plan.action, target);
                Outcome::Gone
            }
            Err(error) => {
                Outcome::Failed(Failure::of(text::failed(plan.action.name(), &target.name()), &error))
            }
        }
    }

    /// What is not done, as a plan of its own.
    pub(crate) fn rest(&self) -> Plan {
        let mut plan = self.plan.get_value();
        plan.targets = self.items.with_untracked(|items| {
            let open = items.iter().filter(|(_, outcome)| outcome.is_open());
            open.map(|(target, _)| target.clone()).collect()
        });
        plan
    }

    /// The change as the embedding page learns of it: of what is left to do, or of all of it.
    fn change(&self, all: bool) -> Change {
        let references = self.items.with_untracked(|items| {
            let included = items.iter().filter(|(_, outcome)| all || outcome.is_open());
            included.map(|(target, _)| target.reference.as_str().to_owned()).collect()
        });
        self.plan.with_value(|plan| Change::new(plan.action.word(), plan.repository.as_str(), references))
    }

    fn outcomes(&self) -> Vec<event::Outcome> {
        self.items.with_untracked(|items| {
            let outcome = |(target, outcome): &(Target, Outcome)| {
                let why =
                    if let Outcome::Failed(failure) = outcome { Some(failure.sentence()) } else { None };
                (target.reference.as_str().to_owned(), outcome.status(), why)
            };
            items.iter().map(outcome).collect()
        })
    }

    /// Starts nothing more. What is in flight comes to its end, so that its outcome is known.
    pub(crate) fn cancel(&self) {
        let _ = self.halt.try_with_value(|halt| halt.store(true, Ordering::Relaxed));
        let _ = self.stopping.try_set(true);
    }
}

/// Whether every further item would fail for the same reason.
fn ends_all(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::Unreachable | FailureKind::Throttled | FailureKind::SignIn | FailureKind::ProxySession
    )
}

async fn request(client: &RegistryClient, plan: &Plan, target: &Target) -> Result<(), Error> {
    let name = &plan.repository;
    match (plan.action, &target.reference, &target.digest) {
        (Action::Untag, Reference::Tag(tag), _) => client.tags().delete(name, tag).await,
        (Action::Delete, _, Some(digest))
        | (Action::Delete | Action::Untag, Reference::Digest(digest), _) => {
            client.manifests().delete(name, digest).await
        }
        (Action::Delete, Reference::Tag(tag), None) => {
            // The list has no digest for this tag: look it up, so that the manifest is deleted and not only the tag.
            let attributes = client.tags().attributes(name, tag).await?;
            match attributes.tag.digest.parse() {
                Ok(digest) => client.manifests().delete(name, &digest).await,
                Err(_) => client.tags().delete(name, tag).await,
            }
        }
        (Action::Lock | Action::Unlock, reference, _) => {
            lock(client, name, reference, plan.action == Action::Unlock).await
        }
    }
}

async fn lock(
    client: &RegistryClient,
    name: &RepositoryName,
    reference: &Reference,
    enabled: bool,
) -> Result<(), Error> {
    match reference {
        Reference::Tag(tag) => {
            let mut patch = acr_client_wasm::ChangeableAttributesPatch::default();
            (patch.write_enabled, patch.delete_enabled) = (Some(enabled), Some(enabled));
            client.tags().update_attributes(name, tag, &patch).await.map(drop)
        }
        Reference::Digest(_) => {
            let mut patch = acr_client_wasm::ManifestChangeableAttributesPatch::default();
            (patch.write_enabled, patch.delete_enabled) = (Some(enabled), Some(enabled));
            client.manifests().update_attributes(name, reference, &patch).await.map(drop)
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
