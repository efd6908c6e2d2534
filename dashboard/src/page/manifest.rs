//! One manifest, by tag or digest: what it is and what is in it, in tabs.

mod annotations;
mod attributes;
pub(crate) mod candidate;
mod commands;
mod completeness;
mod config;
mod data;
mod files;
mod history;
mod layers;
mod overview;
mod platform;
mod platforms;
mod raw;
mod referrers;
mod tab;
mod tools;
mod unread;

use acr_client_wasm::{Reference, RepositoryName};
use leptos::prelude::*;

use crate::component::error_state::ErrorState;
use crate::component::heading::ScreenHeading;
use crate::component::skeleton::Skeleton;
use crate::component::tabs::{Tab, Tabs};
use crate::failure::FailureKind;
use crate::navigation::{Navigation, use_navigation};
use crate::page::breadcrumb::Breadcrumb;
use crate::page::sign_in_again::SignInAgain;
use crate::palette::add_entry;
use crate::preferences::use_preferences;
use crate::query::Load;
use crate::route::Route;
use crate::session::use_session;
use crate::text::repository as repository_text;
use candidate::PARAMETER;
use data::ManifestData;
use platform::of_platform;
use tab::ManifestTab;

/// The screen.
#[component]
pub(crate) fn ManifestScreen(repository: RepositoryName, reference: Reference) -> impl IntoView {
    let session = use_session();
    let data = ManifestData::new(&session, repository.clone(), reference.clone());
    provide_context(data);
    let (preferences, registry, name) =
        (use_preferences(), session.registry().to_owned(), repository.as_str().to_owned());
    Effect::new(move |_| {
        if data.content.with_ready(|_| ()).is_some() {
            preferences.note_opened(&registry, &name);
        }
    });
    let there = Memo::new(move |_| data.content.with_ready(|_| ()).is_some());
    let heading = match &reference {
        Reference::Tag(tag) => format!("{repository}:{tag}"),
        Reference::Digest(digest) => format!("{repository}@{}", digest.short()),
    };
    let back = Route::repository(session.registry(), &repository);
    view! {
        <Breadcrumb repository=repository with_repository=true/>
        <div class="title-row">
            <ScreenHeading what=heading registry=session.registry()/>
            <platform::PlatformChoice/>
            <tools::Tools/>
        </div>
        <Show when=move || there.get()>{completeness::completeness(data)}</Show>
        {move || match data.content.get() {
            Load::Loading => view! { <Skeleton lines=8/> }.into_any(),
            Load::Failed(failure) => {
                let href = use_navigation().href(&back);
                let unreadable = failure.kind == FailureKind::Unreadable;
                view! {
                    <ErrorState failure on_retry=Callback::new(move |()| data.content.refresh())>
                        <SignInAgain/>
                        <a class="button" href=href>{repository_text::REPOSITORY}</a>
                    </ErrorState>
                    {unreadable.then(|| unread::unread(data))}
                }
                    .into_any()
            }
            Load::Ready(_) => view! { <ManifestTabs/> }.into_any(),
        }}
    }
}

#[component]
fn ManifestTabs() -> impl IntoView {
    let navigation = use_navigation();
    let data: ManifestData = expect_context();
    let session = use_session();
    let route = data.route(session.registry());
    let href = route.clone();
    let tabs = move || {
        ManifestTab::ALL
            .map(|tab| Tab {
                id: tab.id(),
                name: tab.label(),
                count: String::new(),
                href: navigation.href(&with_platform(href.clone(), navigation).with("tab", tab.id())),
            })
            .to_vec()
    };
    let chosen = Memo::new(move |_| ManifestTab::of(&navigation.param("tab")).id());
    let choose = Callback::new(move |tab: ManifestTab| {
        navigation.go(untrack(|| with_platform(route.clone(), navigation)).with("tab", tab.param()));
    });
    for tab in ManifestTab::ALL {
        add_entry(tab.label().to_owned(), Signal::stored(true), move || choose.run(tab));
    }
    view! {
        <Tabs
            label=data.name()
            tabs=Signal::derive(tabs)
            chosen
            on_choose=Callback::new(move |id: &'static str| choose.run(ManifestTab::of(id)))
            panel=Callback::new(|id: &'static str| match ManifestTab::of(id) {
                ManifestTab::Overview => view! { <overview::Overview/> }.into_any(),
                ManifestTab::Platforms => view! { <platforms::Platforms/> }.into_any(),
                ManifestTab::Layers => of_platform(|| view! { <layers::Layers/> }.into_any()),
                ManifestTab::Files => of_platform(|| view! { <files::FilesTab/> }.into_any()),
                ManifestTab::History => of_platform(|| view! { <history::HistoryTab/> }.into_any()),
                ManifestTab::Config => of_platform(|| view! { <config::ConfigTab/> }.into_any()),
                ManifestTab::Annotations => view! { <annotations::Annotations/> }.into_any(),
                ManifestTab::Referrers => view! { <referrers::Referrers/> }.into_any(),
                ManifestTab::Raw => view! { <raw::Raw/> }.into_any(),
                ManifestTab::Attributes => view! { <attributes::Attributes/> }.into_any(),
                ManifestTab::Commands => of_platform(|| view! { <commands::Commands/> }.into_any()),
            })
        />
    }
}

/// A route of this screen that stays at the platform that is shown.
fn with_platform(route: Route, navigation: Navigation) -> Route {
    let platform = navigation.param(PARAMETER);
    route.with(PARAMETER, &platform)
}
