//! A cleanup of the present: its rule and plan, and how its run stands.

use acr_inventory::cleanup::{Report, Run};
use leptos::prelude::*;

use super::announced;
use super::planning::Planning;
use crate::analysis::Analysis;
use crate::analysis::pace::Pace;
use crate::clock::now;
use crate::failure::Failure;
use crate::session::Session;
use crate::surface::{Surface, tab_storage};

/// Deletions a minute: what one identity may delete in a registry of the smaller tiers is 500 (Microsoft's documentation, "Container
/// Registry service tiers").
const DELETIONS_A_MINUTE: u32 = 480;
/// How many deletions may be sent at once before they are sent evenly.
const FIRST_DELETIONS: u32 = 8;
/// The key of an unfinished run in the tab's storage; the registry's login server follows.
const KEPT_RUN: &str = "acr-dashboard.cleanup.";

/// What a run does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// There is none.
    None,
    Running,
    /// Paused by the person in front of it, by a reload of the page, or since every further step would fail as the last one did.
    Paused(Option<Failure>),
    Finished,
}

impl State {
    /// Why the run paused by itself.
    pub(crate) fn failure(self) -> Option<Failure> {
        if let Self::Paused(failure) = self { failure } else { None }
    }
}

/// The cleanup of a session. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Cleanup {
    pub(super) session: StoredValue<Session>,
    /// The rule and its plan.
    pub(crate) planning: Planning,
    pub(super) run: StoredValue<Option<Run>>,
    /// What the run does.
    pub(crate) state: RwSignal<State>,
    /// Whether the browser does not keep the run over a reload of the page: its storage is full or blocked.
    pub(crate) not_kept: RwSignal<bool>,
    /// How the run stands.
    pub(crate) report: RwSignal<Report>,
    pub(super) pace: StoredValue<Pace>,
    /// How many milliseconds it took to keep the run.
    pub(super) kept_in: StoredValue<i64>,
    /// Whether steps are under way.
    pub(super) driven: StoredValue<bool>,
}

impl Cleanup {
    /// The cleanup of a session. A run that a reload interrupted is there, paused.
    pub(crate) fn of(session: &Session) -> Self {
        session.keep(|| {
            let kept =
                tab_storage::read(&key(session)).and_then(|text| serde_json::from_str::<Run>(&text).ok());
            let kept = kept.filter(|run| run.registry == session.login_server());
            let state = if kept.is_some() { State::Paused(None) } else { State::None };
            Self {
                session: StoredValue::new(session.clone()),
                planning: Planning::new(Analysis::of(session).inventory, None),
                report: RwSignal::new(kept.as_ref().map(Run::report).unwrap_or_default()),
                run: StoredValue::new(kept),
                state: RwSignal::new(state),
                not_kept: RwSignal::new(false),
                pace: StoredValue::new(Pace::new(DELETIONS_A_MINUTE, FIRST_DELETIONS)),
                kept_in: StoredValue::new(0),
                driven: StoredValue::new(false),
            }
        })
    }

    /// Looks at the run, if there is one; tracked by its report.
    pub(crate) fn with_run<T>(&self, look: impl FnOnce(&Run) -> T) -> Option<T> {
        self.report.track();
        self.state.track();
        self.run.with_value(|run| run.as_ref().map(look))
    }

    /// Begins no further step until [`Cleanup::go_on`].
    pub(crate) fn pause(&self) {
        self.run.update_value(|run| run.iter_mut().for_each(Run::pause));
        self.state.set(State::Paused(None));
    }

    /// Begins no further step. What is under way comes to its end.
    pub(crate) fn stop(&self, surface: Surface) {
        self.run.update_value(|run| run.iter_mut().for_each(Run::stop));
        if !self.driven.get_value() {
            // Nothing is under way that would notice.
            self.finish(surface);
        }
    }

    /// Why the registry, the gateway or this session does not allow the steps of the plan.
    pub(crate) fn forbidden(&self) -> Option<String> {
        use std::collections::BTreeSet;

        use acr_inventory::cleanup::Target;

        use crate::action::plan::Action;
        let steps: Vec<(String, bool)> = self.planning.with_plan(|graph, plan| {
            let inventory = graph.inventory();
            let place = |target| match target {
                Target::Tag(tag) => (inventory.tag_repository(tag), true),
                Target::Manifest(manifest) => (inventory.manifest_repository(manifest), false),
            };
            let places: BTreeSet<_> = plan.steps().iter().map(|step| place(step.target)).collect();
            let named =
                |(id, is_tag): (Option<_>, bool)| Some((inventory.repository_name(id?).to_owned(), is_tag));
            places.into_iter().filter_map(named).collect()
        })?;
        self.session.with_value(|session| {
            steps.iter().find_map(|(name, is_tag)| {
                session.forbids(name, if *is_tag { Action::Untag } else { Action::Delete })
            })
        })
    }

    /// Ends the run: reports it, and shows the registry as it is now.
    pub(super) fn finish(&self, surface: Surface) {
        self.state.set(State::Finished);
        self.publish();
        for (change, outcomes) in
            self.run.with_value(|run| run.as_ref().map(announced::changes)).unwrap_or_default()
        {
            surface.emit(&change.after(outcomes));
        }
        self.session.with_value(|session| {
            tab_storage::remove(&key(session));
            session.changed.update(|changed| *changed = changed.wrapping_add(1));
        });
    }

    /// Shows how the run stands, and keeps that over a reload of the page.
    pub(super) fn publish(&self) {
        self.run.with_value(|run| {
            let Some(run) = run else { return };
            let begun = now();
            if let Ok(text) = serde_json::to_string(run) {
                let is_kept = self.session.with_value(|session| tab_storage::write(&key(session), &text));
                self.not_kept.set(!is_kept);
            }
            self.kept_in.set_value(now().saturating_sub(begun));
        });
        self.show_progress();
    }

    /// Shows how the run stands.
    pub(super) fn show_progress(&self) {
        self.run.with_value(|run| run.iter().for_each(|run| self.report.set(run.report())));
        self.planning.inventory.show();
    }
}

fn key(session: &Session) -> String {
    format!("{KEPT_RUN}{}", session.login_server())
}
