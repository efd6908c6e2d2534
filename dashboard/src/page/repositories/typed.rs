//! Repositories by hand: a place to type one, and the pinned ones, for sessions that may not list the catalog.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::row::RepositoryLink;
use crate::component::pasted_lines::pasted_lines;
use crate::config::Config;
use crate::navigation::use_navigation;
use crate::pasted::{PARSERS, Problem, route_in};
use crate::preferences::use_preferences;
use crate::query::run;
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

/// A field that takes a reference in any form that a tool prints, and goes there.
#[component]
fn TypedRepository() -> impl IntoView {
    let navigation = use_navigation();
    let session = StoredValue::new(use_session());
    let typed = RwSignal::new(String::new());
    let problem = RwSignal::new(String::new());
    let config: Config = expect_context();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (text, session, config) = (typed.get_untracked(), session.get_value(), config.clone());
        if text.trim().is_empty() {
            return;
        }
        run(async move {
            let answer = match PARSERS().await {
                Ok(parsers) => route_in(parsers, &text, &session, &config).map_err(Problem::into_text),
                Err(failure) => Err(failure.sentence()),
            };
            match answer {
                Ok(route) => navigation.go(route),
                Err(why) => drop(problem.try_set(why)),
            }
        });
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
                    on:paste=move |event| {
                        if let Some(lines) = pasted_lines(&event) {
                            problem.set(String::new());
                            typed.set(lines);
                        }
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
