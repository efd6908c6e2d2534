//! Doing it: a few at a time, one failure never stops the rest, each item gets its result, nothing repeated blindly.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use acr_client_wasm::{Digest, Error, ErrorKind, Reference, RegistryClient, RepositoryName};
use futures_util::StreamExt;
use futures_util::stream;
use leptos::prelude::*;

use super::plan::{Action, Plan, Target};
use super::undo::Untagged;
use crate::failure::{Failure, FailureKind};
use crate::query::run;
use crate::session::Session;
use crate::surface::event::{self, Change};
use crate::surface::{Surface, stopped, use_surface};
use crate::text::action as text;

/// How many requests are in flight at once: deletes have the smallest budget of all.
const AT_ONCE: usize = 4;

/// What became of an item.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// Not yet, or not at all since it was cancelled.
    Waiting,
    Done,
    /// It was gone already, which is as good.
    Gone,
    /// A lock keeps it.
    Skipped,
    Failed(Failure),
}

impl Outcome {
    /// Whether the item is as was asked for.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self, Self::Done | Self::Gone)
    }

    /// Whether there is something left to do.
    fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Failed(_))
    }

    /// As it is told to whoever embeds the dashboard.
    fn status(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Gone => "gone",
            Self::Skipped => "skipped",
            Self::Failed(_) => "failed",
        }
    }

    /// In a word.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Waiting => text::WAITING,
            Self::Done => text::DONE,
            Self::Gone => text::GONE,
            Self::Skipped => text::SKIPPED,
            Self::Failed(_) => text::FAILED,
        }
    }
}

/// A plan being carried out. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) items: RwSignal<Vec<(Target, Outcome)>>,
    pub(crate) busy: RwSignal<bool>,
    plan: StoredValue<Plan>,
    session: StoredValue<Session>,
    /// Why the rest was not even begun: what would fail for each item alike ends the run.
    pub(crate) halted: RwSignal<Option<Failure>>,
    /// Whether it was asked to stop.
    pub(crate) stopping: RwSignal<bool>,
    halt: StoredValue<Arc<AtomicBool>>,
    surface: Surface,
}

impl Run {
    /// Everything waits, but for what locks keep.
    pub(crate) fn new(session: Session, plan: Plan) -> Self {
        let (open, locked) = plan.parts();
        let items = open.into_iter().map(|target| (target, Outcome::Waiting));
        let items = items.chain(locked.into_iter().map(|target| (target, Outcome::Skipped))).collect();
        Self {
            items: RwSignal::new(items),
            busy: RwSignal::new(false),
            plan: StoredValue::new(plan),
            session: StoredValue::new(session),
            halted: RwSignal::new(None),
            stopping: RwSignal::new(false),
            halt: StoredValue::new(Arc::default()),
            surface: use_surface(),
        }
    }

    /// How many are as asked for, how many are not done, how many there are.
    pub(crate) fn tally(&self) -> (usize, usize, usize) {
        self.items.with(|items| {
            let good = items.iter().filter(|(_, outcome)| outcome.is_good()).count();
            let bad = items.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_))).count();
            (good, bad, items.len())
        })
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
            _ => Vec::new(),
        }
    }

    /// Does what is not done: everything at first, what failed or was left when asked again. A delete that may have gone
    /// through is asked for again safely, since what is gone answers 404; a PATCH says the same twice.
    pub(crate) fn start(&self, on_end: Callback<Self>) {
        let this = *self;
        if !this.surface.tell(&this.change(false).before()) {
            let action = this.plan.with_value(|plan| plan.action.name());
            this.items.update(|items| {
                for (target, outcome) in items.iter_mut().filter(|(_, outcome)| outcome.is_open()) {
                    *outcome = Outcome::Failed(stopped(text::failed(action, &target.name())));
                }
            });
            return;
        }
        let todo: Vec<(usize, Target)> = this.items.with_untracked(|items| {
            items
                .iter()
                .enumerate()
                .filter(|(_, (_, outcome))| outcome.is_open())
                .map(|(at, (target, _))| (at, target.clone()))
                .collect()
        });
        this.busy.set(true);
        this.stopping.set(false);
        this.halted.set(None);
        let halt: Arc<AtomicBool> = Arc::default();
        this.halt.set_value(halt.clone());
        let (session, plan) = (this.session.get_value(), this.plan.get_value());
        let _detached = run(async move {
            let work = stream::iter(todo).map(|(at, target)| {
                let (session, plan, halt) = (&session, &plan, &halt);
                async move {
                    let begins = !halt.load(Ordering::Relaxed);
                    if begins { Some((at, act(session, plan, &target).await)) } else { None }
                }
            });
            let mut work = Box::pin(work.buffer_unordered(AT_ONCE));
            // To the end of what is on its way even when it halts: of a request given up nobody knows what it did.
            while let Some(answer) = work.next().await {
                let Some((at, outcome)) = answer else { continue };
                if let Outcome::Failed(failure) = &outcome
                    && ends_all(failure.kind)
                {
                    halt.store(true, Ordering::Relaxed);
                    let _ = this.halted.try_set(Some(failure.clone()));
                }
                let _ = this.items.try_update(|items| {
                    if let Some((_, place)) = items.get_mut(at) {
                        *place = outcome;
                    }
                });
            }
            if this.busy.try_set(false).is_some() {
                // The dialog was closed meanwhile: the screen behind it still wants to know.
                let _ = session.changed.try_update(|changed| *changed = changed.wrapping_add(1));
                return;
            }
            this.surface.tell(&this.change(true).after(this.outcomes()));
            on_end.run(this);
        });
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

    /// What is done, for whoever is around: to what is left to do, or to all of it.
    fn change(&self, all: bool) -> Change {
        let references = self.items.with_untracked(|items| {
            let told = items.iter().filter(|(_, outcome)| all || outcome.is_open());
            told.map(|(target, _)| target.reference.as_str().to_owned()).collect()
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

    /// Begins nothing more. What is on its way comes to its end, so that its outcome is known.
    pub(crate) fn cancel(&self) {
        self.halt.with_value(|halt| halt.store(true, Ordering::Relaxed));
        let _ = self.stopping.try_set(true);
    }
}

/// Whether a failure says that the next item would fail alike.
fn ends_all(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::Unreachable | FailureKind::Throttled | FailureKind::SignIn)
}

async fn act(session: &Session, plan: &Plan, target: &Target) -> Outcome {
    let answer = request(&session.client, plan, target).await;
    match answer {
        Ok(()) => {
            if let (Action::Untag, Reference::Tag(tag), Some(digest)) =
                (plan.action, &target.reference, &target.digest)
            {
                session.untagged.update(|all| {
                    all.push(Untagged {
                        repository: plan.repository.clone(),
                        tag: tag.clone(),
                        digest: digest.clone(),
                    });
                });
            }
            Outcome::Done
        }
        Err(error) if plan.action.minds_locks() && error.kind() == ErrorKind::NotFound => Outcome::Gone,
        Err(error) => Outcome::Failed(Failure::of(text::failed(plan.action.name(), &target.name()), &error)),
    }
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
            // The list did not say which digest: ask, so that it is the manifest that goes.
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
