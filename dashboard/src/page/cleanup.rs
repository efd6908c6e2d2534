//! Cleanup: a rule, its plan, and its run. A chunk of its own.

mod confirmation;
mod export;
mod fields;
mod in_use;
mod plan_table;
mod plan_text;
mod results;
mod run_controls;

use acr_inventory::Instant;
use leptos::prelude::*;

use crate::analysis::opened::{OpenSnapshot, SnapshotFile};
use crate::analysis::{Analysis, State};
use crate::cleanup::form::Form;
use crate::cleanup::planning::Planning;
use crate::cleanup::{Cleanup, State as RunState};
use crate::component::heading::ScreenHeading;
use crate::failure::Failure;
use crate::lazy::{self, Chunk};
use crate::navigation::use_navigation;
use crate::page::inventory::controls::AnalysisControls;
use crate::page::inventory::scope::Scope;
use crate::page::inventory::snapshot_banner::SnapshotBanner;
use crate::route::Route;
use crate::session::{Session, use_session};
use crate::text::cleanup as text;
use crate::text::shell as shell_text;

/// The views of the chunk: the screen, and the tab of a repository.
#[derive(Clone, Copy)]
pub(crate) struct CleanupViews {
    pub(crate) screen: fn() -> AnyView,
    pub(crate) part: fn(Scope) -> AnyView,
}

/// The chunk.
pub(crate) const CLEANUP: Chunk<CleanupViews> = || lazy::load(cleanup_views());

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(cleanup, fallible))]
fn cleanup_views() -> Result<CleanupViews, Failure> {
    Ok(CleanupViews {
        screen: || view! { <CleanupScreen/> }.into_any(),
        part: |scope| view! { <CleanupPart scope/> }.into_any(),
    })
}

/// The screen of a registry.
#[component]
fn CleanupScreen() -> impl IntoView {
    let session = use_session();
    let repositories = use_navigation().href(&Route::repositories(session.registry()));
    view! {
        <ol class="breadcrumb" aria-label=shell_text::BREADCRUMB>
            <li><a href=repositories>{shell_text::REPOSITORIES}</a></li>
        </ol>
        <ScreenHeading what=text::CLEANUP registry=session.registry()/>
        <CleanupPart scope=Scope::Registry/>
    }
}

/// The cleanup of a registry, or with a rule for one repository to begin with: of the present, or of the snapshot that is open.
#[component]
fn CleanupPart(scope: Scope) -> impl IntoView {
    let session = StoredValue::new(use_session());
    let opened = session.with_value(OpenSnapshot::of);
    let file = Memo::new(move |_| opened.file());
    move || match file.get() {
        Some(file) => of_snapshot(opened, file, &scope),
        None => session.with_value(|session| of_present(session, scope.clone())),
    }
}

/// The form that a screen opens with.
fn first_form(scope: &Scope) -> Form {
    Form::begin(scope.repository().map(|name| name.as_str()))
}

fn of_present(session: &Session, scope: Scope) -> AnyView {
    let analysis = Analysis::of(session);
    let cleanup = Cleanup::of(session);
    let planning = cleanup.planning;
    planning.open_with(first_form(&scope));
    let read = Signal::derive(move || analysis.state.with(|state| *state != State::Fresh));
    let has_run = Memo::new(move |_| cleanup.state.with(|state| *state != RunState::None));
    let has_plan = Memo::new(move |_| planning.planned.get() != 0);
    view! {
        <p class="hint">{text::INTRODUCTION}</p>
        <AnalysisControls analysis scope/>
        <Show when=move || has_run.get()>{run_controls::run_controls(cleanup)}</Show>
        <Show when=move || has_run.get()>{results::results(cleanup)}</Show>
        {fields::fields(planning, read)}
        <Show when=move || has_plan.get()>{plan_table::plan(planning, Some(cleanup))}</Show>
    }
    .into_any()
}

/// The preview of what a rule would delete of a snapshot. Nothing can be run.
fn of_snapshot(opened: OpenSnapshot, file: SnapshotFile, scope: &Scope) -> AnyView {
    // Without a time, nothing counts as old.
    let read_at = file.taken.unwrap_or(Instant::from_ticks(i64::MIN));
    let planning = Planning::new(opened.inventory, Some(read_at));
    planning.open_with(first_form(scope));
    let has_plan = Memo::new(move |_| planning.planned.get() != 0);
    view! {
        <SnapshotBanner opened file/>
        <p class="hint">{text::INTRODUCTION}</p>
        <p class="hint">{text::OF_SNAPSHOT}</p>
        {fields::fields(planning, Signal::stored(true))}
        <Show when=move || has_plan.get()>{plan_table::plan(planning, None)}</Show>
    }
    .into_any()
}
