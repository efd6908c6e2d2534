//! Repositories by hand: a place to type one, and the pinned ones, for sessions that may not list the catalog.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::row::RepositoryLink;
use crate::navigation::use_navigation;
use crate::preferences::use_preferences;
use crate::route::{Route, Screen};
use crate::session::use_session;
use crate::text::repository as text;

/// Both of them.
#[component]
pub(crate) fn ByName() -> impl IntoView {
    view! {
        <TypedRepository/>
        <PinnedRepositories/>
    }
}

/// A field that takes `repository`, `repository:tag` or `repository@digest` and goes there.
#[component]
fn TypedRepository() -> impl IntoView {
    let navigation = use_navigation();
    let session = StoredValue::new(use_session());
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let route = session.with_value(|session| {
            Route::parse(&format!("{}/{}", session.registry(), typed.get_untracked().trim()), "")
        });
        match &route.screen {
            Screen::Malformed { problem: why, .. } => problem.set(why.clone()),
            Screen::Repository { .. } | Screen::Manifest { .. } => navigation.go(route),
            _ => {}
        }
    };
    view! {
        <form class="typed" on:submit=submit>
            <label for="typed-repository">{text::OPEN_BY_NAME}</label>
            <div class="typed-row">
                <input
                    id="typed-repository"
                    type="text"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder="team/app:1.2"
                    on:input:target=move |event| {
                        problem.set(String::new());
                        typed.set(event.target().value());
                    }
                />
                <button type="submit" class="button button-primary">{text::OPEN}</button>
            </div>
            <p class="field-error" role="alert">{move || problem.get()}</p>
        </form>
    }
}

/// The pinned repositories, each with its counts.
#[component]
fn PinnedRepositories() -> impl IntoView {
    let session = use_session();
    let preferences = use_preferences();
    let registry = session.registry().to_owned();
    let offered = session.config.pinned_repositories.clone();
    let names = move || {
        let mut names = preferences.pinned(&registry);
        names.extend(offered.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
        names
    };
    view! {
        <ul class="plain-list">
            <For each=names key=Clone::clone let:name>
                <li><RepositoryLink name/></li>
            </For>
        </ul>
    }
}
