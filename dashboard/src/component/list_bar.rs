//! The line above a list: search, how complete the list is, stop and resume, and room for the list's own buttons and menus.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::search_box::SearchBox;
use super::timestamp::Moment;
use crate::failure::FailureKind;
use crate::list::listing::Progress;
use crate::text::list as text;

/// What the bar shows of a list, and what it asks for.
#[derive(Clone, Copy)]
pub(crate) struct ListState {
    /// How many rows the filter leaves.
    pub(crate) shown: Signal<usize>,
    /// How many rows there are so far.
    pub(crate) all: Signal<usize>,
    pub(crate) progress: Signal<Progress>,
    /// When the list was loaded, in milliseconds since the Unix epoch.
    pub(crate) loaded_at: Signal<i64>,
    pub(crate) stop: Callback<()>,
    pub(crate) resume: Callback<()>,
}

/// The bar.
#[component]
pub(crate) fn ListBar(
    /// The search box's name.
    search_name: &'static str,
    hint: &'static str,
    #[prop(into)] search: Signal<String>,
    on_search: Callback<String>,
    state: ListState,
    /// Why the search cannot be understood; empty when it can.
    #[prop(optional, into)]
    problem: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="list-bar" part="toolbar">
            <SearchBox name=search_name value=search on_input=on_search hint/>
            <div class="list-tools">
                {children.map(|children| children())}
            </div>
        </div>
        {move || {
            let problem = problem.get();
            (!problem.is_empty()).then(|| view! { <p class="field-error" role="alert">{text::bad_search(&problem)}</p> })
        }}
        <Completeness state/>
    }
}

/// "142 of 1 204 shown · complete", with what can be done about it when it is not.
#[component]
fn Completeness(state: ListState) -> impl IntoView {
    let count = move || text::shown(state.shown.get(), state.all.get());
    let ending = move || match state.progress.get() {
        Progress::Complete => view! {
            {text::COMPLETE}
            <span class="muted">" · " {move || view! { <Moment moment=Some(state.loaded_at.get())/> }}</span>
        }
        .into_any(),
        Progress::Loading => view! {
            {move || text::still_loading(state.all.get())}
            <button type="button" class="button button-small" on:click=move |_| state.stop.run(())>
                <Glyph icon=Icon::Stop/>
                {text::STOP}
            </button>
        }
        .into_any(),
        Progress::Stopped => resume(text::STOPPED.to_owned(), String::new(), state.resume),
        Progress::Partial(failure) => {
            resume(text::partial(why_partial(failure.kind)), failure.sentence(), state.resume)
        }
    };
    view! { <p class="completeness" role="status">{count} " · " {ending}</p> }
}

/// Why something came in part, in a word.
pub(crate) fn why_partial(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Throttled => text::THROTTLED,
        FailureKind::Unreachable => text::UNREACHABLE,
        FailureKind::SignIn => text::REFUSED,
        FailureKind::ProxySession => text::PROXY_ENDED,
        _ => text::FAILED,
    }
}

/// Why loading ended early, with the details on hover, and the button that resumes it.
pub(crate) fn resume(message: String, details: String, resume: Callback<()>) -> AnyView {
    view! {
        <span title=details>{message}</span>
        <button type="button" class="button button-small" on:click=move |_| resume.run(())>
            <Glyph icon=Icon::Play/>
            {text::RESUME}
        </button>
    }
    .into_any()
}
