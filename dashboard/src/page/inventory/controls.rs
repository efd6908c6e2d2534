//! The line above Storage and Cleanup: begins, pauses, resumes and stops the analysis, and says how far it is.

use acr_inventory::scan::Progress;
use leptos::html;
use leptos::prelude::*;

use super::scope::Scope;
use crate::analysis::{Analysis, State};
use crate::component::icon::{Glyph, Icon};
use crate::component::timestamp::Moment;
use crate::failure::Failure;
use crate::page::sign_in_again::SignInAgain;
use crate::palette::add_entry;
use crate::text::storage as text;

/// The line.
#[component]
pub(crate) fn AnalysisControls(analysis: Analysis, scope: Scope) -> impl IntoView {
    let first = scope.repository().map(|name| name.as_str().to_owned());
    let begin = Callback::new(move |()| analysis.begin(first.as_deref()));
    let state = Memo::new(move |_| analysis.state.get());
    let is_running = Memo::new(move |_| state.with(|state| *state == State::Running));
    let is_paused = Memo::new(move |_| state.with(|state| matches!(state, State::Paused(_))));
    let rests = Memo::new(move |_| !is_running.get() && !is_paused.get());
    add_entry(text::ANALYZE.to_owned(), rests, move || begin.run(()));
    add_entry(text::PAUSE.to_owned(), is_running, move || analysis.pause());
    add_entry(text::RESUME.to_owned(), is_paused, move || analysis.go_on());
    let main = NodeRef::<html::Button>::new();
    let stop = move |_| {
        analysis.stop();
        // This button goes, and the focus with it.
        if let Some(main) = main.get_untracked() {
            let _ = main.focus();
        }
    };
    let press = move |_| match state.get_untracked() {
        State::Running => analysis.pause(),
        State::Paused(_) => analysis.go_on(),
        State::Fresh | State::Stopped | State::Finished => begin.run(()),
    };
    let face = move || match state.get() {
        State::Running => (Icon::Pause, text::PAUSE),
        State::Paused(_) => (Icon::Play, text::RESUME),
        State::Fresh | State::Stopped | State::Finished => (Icon::Play, text::ANALYZE),
    };
    view! {
        <div class="analysis">
            <div class="analysis-buttons">
                <button
                    type="button"
                    node_ref=main
                    class=move || if is_running.get() { "button" } else { "button button-primary" }
                    on:click=press
                >
                    {move || {
                        let (icon, name) = face();
                        view! { <Glyph icon/> {name} }
                    }}
                </button>
                <Show when=move || !rests.get()>
                    <button type="button" class="button" on:click=stop>
                        <Glyph icon=Icon::Stop/>
                        {text::STOP}
                    </button>
                </Show>
            </div>
            <div class="analysis-status">{move || status(analysis, &state.get())}</div>
        </div>
        {move || problem(analysis, &state.get())}
        <Show when=move || analysis.not_kept.get()>
            <p class="hint">{text::NOT_KEPT}</p>
        </Show>
    }
}

/// What the analysis does and how far it is.
fn status(analysis: Analysis, state: &State) -> AnyView {
    let progress = analysis.progress;
    let line = move |said: &'static str| {
        view! {
            <p class="completeness">
                <span role="status">{said}</span>
                <span>{move || progress.with(detail)}</span>
                {move || analysis.time_left.get().map(|left| view! { <span>" · " {text::time_left(left)}</span> })}
            </p>
            <progress
                aria-label=text::PROGRESS
                max=move || progress.with(total).to_string()
                value=move || progress.with(|progress| progress.done + progress.failed).to_string()
            ></progress>
        }
        .into_any()
    };
    match state {
        State::Fresh => view! { <p class="hint">{text::INTRODUCTION}</p> }.into_any(),
        State::Running => {
            let lists = Memo::new(move |_| progress.with(|progress| !progress.lists_complete));
            (move || line(if lists.get() { text::READING_LISTS } else { text::READING_MANIFESTS })).into_any()
        }
        State::Paused(_) => line(text::PAUSED),
        State::Stopped => ended(text::STOPPED, analysis),
        State::Finished if progress.with(|progress| progress.failed > 0) => ended(text::INCOMPLETE, analysis),
        State::Finished => ended(text::COMPLETE, analysis),
    }
}

fn ended(said: &'static str, analysis: Analysis) -> AnyView {
    view! {
        <p class="completeness">
            <span role="status">{said}</span>
            <span class="muted">" · " {move || view! { <Moment moment=analysis.begun_at.get()/> }}</span>
        </p>
    }
    .into_any()
}

/// Why it paused by itself, or the first request that failed.
fn problem(analysis: Analysis, state: &State) -> Option<AnyView> {
    let failure: Failure = match state {
        State::Paused(Some(failure)) => failure.clone(),
        _ => analysis.failure.get()?,
    };
    let view = view! {
        <div class="finding bad" role="alert">
            <Glyph icon=Icon::Warning/>
            <div>{failure.sentence()} " " <SignInAgain/></div>
        </div>
    };
    Some(view.into_any())
}

fn total(progress: &Progress) -> usize {
    (progress.done + progress.remaining + progress.failed).max(1)
}

fn detail(progress: &Progress) -> String {
    let done = text::done_of(progress.done, total(progress));
    let failed =
        if progress.failed == 0 { String::new() } else { format!(" · {}", text::failed(progress.failed)) };
    format!(" · {done}{failed}")
}
