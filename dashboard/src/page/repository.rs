//! One repository: its essentials, and its tags, manifests and attributes in tabs.

pub(crate) mod attributes;
mod belonging;
mod described;
mod essentials;
pub(crate) mod list_screen;
mod manifest_pane;
mod manifest_row;
mod manifests;
mod naming;
mod pane;
mod tab;
mod tag_pane;
mod tag_row;
mod tags;

use acr_client_wasm::RepositoryName;
use leptos::prelude::*;
use tab::RepositoryTab;

use crate::component::error_state::ErrorState;
use crate::component::heading::ScreenHeading;
use crate::component::skeleton::Skeleton;
use crate::component::tabs::{Tab, Tabs};
use crate::failure::FailureKind;
use crate::lazy::lazy;
use crate::navigation::{Navigation, use_navigation};
use crate::page::breadcrumb::Breadcrumb;
use crate::page::cleanup::CLEANUP;
use crate::page::inventory::scope::Scope;
use crate::page::sign_in_again::SignInAgain;
use crate::page::storage::STORAGE;
use crate::palette::add_entry;
use crate::preferences::use_preferences;
use crate::repository_data::RepositoryData;
use crate::route::Route;
use crate::session::use_session;
use crate::text::shell as shell_text;

/// The screen.
#[component]
pub(crate) fn Repository(repository: RepositoryName) -> impl IntoView {
    let session = use_session();
    let preferences = use_preferences();
    let opens_with_tags = untrack(|| chosen_tab(use_navigation())) == RepositoryTab::Tags;
    let data = RepositoryData::new(&session, repository.clone(), opens_with_tags);
    provide_context(data);
    let registry = session.registry().to_owned();
    let name = repository.as_str().to_owned();
    let failed = Memo::new(move |_| data.failed());
    let there = Memo::new(move |_| data.is_there());
    Effect::new(move |_| {
        // Only what exists is worth coming back to.
        match failed.get() {
            Some(failure) if failure.kind == FailureKind::NotFound => {
                preferences.forget(&registry, &name, false);
            }
            None if there.get() => preferences.note_opened(&registry, &name),
            _ => {}
        }
    });
    view! {
        <Breadcrumb repository=repository.clone()/>
        <div class="title-row">
            <ScreenHeading what=repository.as_str() registry=session.registry()/>
            <essentials::Tools repository=repository.clone()/>
        </div>
        {move || {
            failed.get().map(|failure| {
                let missing = failure.kind == FailureKind::NotFound;
                let list = Route::repositories(use_session().registry());
                view! {
                    <ErrorState failure on_retry=Callback::new(move |()| data.refresh())>
                        <SignInAgain/>
                        {missing
                            .then(|| {
                                let href = use_navigation().href(&list);
                                view! { <a class="button" href=href>{shell_text::REPOSITORIES}</a> }
                            })}
                    </ErrorState>
                }
            })
        }}
        <Show when=move || failed.with(Option::is_none)>
            <essentials::Essentials/>
            <RepositoryTabs/>
        </Show>
    }
}

/// The tab that the URL names, tracked.
fn chosen_tab(navigation: Navigation) -> RepositoryTab {
    RepositoryTab::of(&navigation.param("tab"))
}

/// The repository, as what Storage and Cleanup are about.
fn scope(data: RepositoryData) -> Scope {
    Scope::Repository(data.with_name(Clone::clone))
}

#[component]
fn RepositoryTabs() -> impl IntoView {
    let navigation = use_navigation();
    let data: RepositoryData = expect_context();
    let session = use_session();
    let route = data.with_name(|name| Route::repository(session.registry(), name));
    let here = route.clone();
    let counts = Memo::new(move |_| data.totals());
    let tabs = Signal::derive(move || {
        let counts = counts.get();
        let count = |tab| match tab {
            RepositoryTab::Tags => counts.tags,
            RepositoryTab::Manifests => counts.manifests,
            RepositoryTab::Attributes | RepositoryTab::Storage | RepositoryTab::Cleanup => None,
        };
        RepositoryTab::ALL
            .map(|tab| Tab {
                id: tab.id(),
                name: tab.label(),
                count: count(tab).map(|number| number.to_string()).unwrap_or_default(),
                href: navigation.href(&route.clone().with("tab", tab.id())),
            })
            .to_vec()
    });
    let chosen = Memo::new(move |_| chosen_tab(navigation).id());
    let choose =
        Callback::new(move |tab: RepositoryTab| navigation.go(here.clone().with("tab", tab.param())));
    for tab in RepositoryTab::ALL {
        add_entry(tab.label().to_owned(), Signal::stored(true), move || choose.run(tab));
    }
    Effect::new(move |_| {
        if chosen.get() == RepositoryTab::Attributes.id() {
            data.want_attributes();
        }
    });
    let is_ready = Memo::new(move |_| data.attributes.with_ready(|_| ()).is_some());
    let label = data.with_name(|name| name.as_str().to_owned());
    view! {
        <Tabs
            label
            tabs
            chosen
            on_choose=Callback::new(move |id: &'static str| choose.run(RepositoryTab::of(id)))
            panel=Callback::new(move |id: &'static str| match RepositoryTab::of(id) {
                RepositoryTab::Tags => view! { <tags::Tags/> }.into_any(),
                RepositoryTab::Manifests => view! { <manifests::Manifests/> }.into_any(),
                RepositoryTab::Cleanup => lazy(CLEANUP, move |views| (views.part)(scope(data))),
                RepositoryTab::Storage => lazy(STORAGE, move |views| (views.part)(scope(data))),
                RepositoryTab::Attributes => {
                    view! {
                        <Show when=move || is_ready.get() fallback=|| view! { <Skeleton lines=5/> }>
                            <attributes::RepositorySwitches/>
                        </Show>
                    }
                        .into_any()
                }
            })
        />
    }
}
