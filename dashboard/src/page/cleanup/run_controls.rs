//! How a run goes, and the buttons that pause, resume and stop it.

use acr_inventory::cleanup::Report;
use leptos::html;
use leptos::prelude::*;

use crate::cleanup::{Cleanup, State};
use crate::component::icon::{Glyph, Icon};
use crate::failure::Failure;
use crate::format;
use crate::page::sign_in_again::SignInAgain;
use crate::surface::use_surface;
use crate::text::cleanup as text;
use crate::text::storage as storage_text;

/// The line above the results.
pub(super) fn run_controls(cleanup: Cleanup) -> AnyView {
    let surface = use_surface();
    let (state, report) = (cleanup.state, cleanup.report);
    let is_running = Memo::new(move |_| state.with(|state| *state == State::Running));
    let is_open = Memo::new(move |_| state.with(|state| matches!(state, State::Running | State::Paused(_))));
    let said = move || match state.get() {
        State::None | State::Finished => text::FINISHED,
        State::Running => text::RUNNING,
        State::Paused(_) => text::PAUSED,
    };
    let line = NodeRef::<html::P>::new();
    Effect::new(move |_| {
        // The dialog that started the run is gone, and the button that opened it cannot be pressed now.
        if let Some(line) = line.get().filter(|_| surface.takes_focus()) {
            let _ = line.focus();
        }
    });
    let press = move |_| if is_running.get_untracked() { cleanup.pause() } else { cleanup.go_on(surface) };
    view! {
        <div class="analysis">
            <div class="analysis-status">
                <p class="completeness" tabindex="-1" node_ref=line>
                    <strong role="status">{said}</strong>
                    <span>" · " {move || report.with(standing)}</span>
                </p>
                <progress
                    aria-label=text::PROGRESS
                    max=move || report.with(all).max(1).to_string()
                    value=move || report.with(|report| all(report) - report.waiting).to_string()
                ></progress>
            </div>
            <Show when=move || is_open.get()>
                <div class="analysis-buttons">
                    <button type="button" class="button" on:click=press>
                        {move || {
                            let (icon, name) = if is_running.get() {
                                (Icon::Pause, storage_text::PAUSE)
                            } else {
                                (Icon::Play, storage_text::RESUME)
                            };
                            view! { <Glyph icon/> {name} }
                        }}
                    </button>
                    <button type="button" class="button" on:click=move |_| cleanup.stop(surface)>
                        <Glyph icon=Icon::Stop/>
                        {storage_text::STOP}
                    </button>
                </div>
            </Show>
        </div>
        <Show when=move || is_open.get() && cleanup.not_kept.get()>
            <p class="note" role="status">{text::NOT_KEPT}</p>
        </Show>
        {move || state.get().failure().map(problem)}
    }
    .into_any()
}

/// Why the run paused by itself.
fn problem(failure: Failure) -> AnyView {
    view! {
        <div class="finding bad" role="alert">
            <Glyph icon=Icon::Warning/>
            <div>{failure.sentence()} " " <SignInAgain/></div>
        </div>
    }
    .into_any()
}

fn all(report: &Report) -> usize {
    report.done + report.gone + report.changed + report.failed + report.blocked + report.waiting
}

fn standing(report: &Report) -> String {
    let done = text::standing(report.done + report.gone, all(report), &format::size(report.freed));
    match (report.changed + report.blocked, report.failed) {
        (0, 0) => done,
        (skipped, failed) => format!("{done} · {}", text::left_out(skipped, failed)),
    }
}
