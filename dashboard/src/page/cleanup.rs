//! Cleanup: a rule, its plan, and its run. A chunk of its own.

mod confirmation;
mod export;
mod fields;
mod in_use;
mod plan_table;
mod plan_text;
mod results;
mod run_controls;

use leptos::prelude::*;

use crate::analysis::{Analysis, State};
use crate::cleanup::form::Form;
use crate::cleanup::{Cleanup, State as RunState};
use crate::component::heading::ScreenHeading;
use crate::failure::Failure;
use crate::lazy::{self, Chunk};
use crate::navigation::use_navigation;
use crate::page::inventory::controls::AnalysisControls;
use crate::page::inventory::scope::Scope;
use crate::route::Route;
use crate::session::use_session;
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

/// The cleanup of a registry, or with a rule for one repository to begin with.
#[component]
fn CleanupPart(scope: Scope) -> impl IntoView {
    let session = use_session();
    let analysis = Analysis::of(&session);
    let cleanup = Cleanup::of(&session);
    cleanup.open_with(Form::begin(scope.repository().map(|name| name.as_str())));
    let read = Memo::new(move |_| analysis.state.with(|state| *state != State::Fresh));
    let has_run = Memo::new(move |_| cleanup.state.with(|state| *state != RunState::None));
    let has_plan = Memo::new(move |_| cleanup.planned.get() != 0);
    view! {
        <p class="hint">{text::INTRODUCTION}</p>
        <AnalysisControls analysis scope/>
        <Show when=move || has_run.get()>{run_controls::run_controls(cleanup)}</Show>
        <Show when=move || has_run.get()>{results::results(cleanup)}</Show>
        {fields::fields(cleanup, read)}
        <Show when=move || has_plan.get()>{plan_table::plan(cleanup)}</Show>
    }
}
