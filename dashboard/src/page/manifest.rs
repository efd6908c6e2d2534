//! One manifest, by tag or digest: what it is and what is in it, in ten tabs.

mod annotations;
mod attributes;
mod commands;
mod completeness;
mod config;
mod data;
mod history;
mod layers;
mod overview;
mod platforms;
mod raw;
mod referrers;
mod tools;
mod unread;

use acr_client_wasm::{Reference, RepositoryName};
use leptos::prelude::*;

use crate::component::error_state::ErrorState;
use crate::component::heading::ScreenHeading;
use crate::component::skeleton::Skeleton;
use crate::component::tabs::{Tab, Tabs};
use crate::failure::FailureKind;
use crate::navigation::use_navigation;
use crate::page::breadcrumb::Breadcrumb;
use crate::page::sign_in_again::SignInAgain;
use crate::preferences::use_preferences;
use crate::query::Load;
use crate::route::Route;
use crate::session::use_session;
use crate::text::manifest as text;
use crate::text::repository as repository_text;
use data::ManifestData;

/// The tabs: their values in the URL and their names.
const TABS: [(&str, &str); 10] = [
    ("overview", text::OVERVIEW),
    ("platforms", text::PLATFORMS),
    ("layers", text::LAYERS),
    ("history", text::HISTORY),
    ("config", text::CONFIG),
    ("annotations", text::ANNOTATIONS),
    ("referrers", text::REFERRERS),
    ("raw", text::RAW),
    ("attributes", text::ATTRIBUTES),
    ("commands", text::COMMANDS),
];

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
        TABS.map(|(id, name)| Tab {
            id,
            name,
            count: String::new(),
            href: navigation.href(&href.clone().with("tab", id)),
        })
        .to_vec()
    };
    let chosen = Memo::new(move |_| {
        let asked = navigation.param("tab");
        TABS.iter().find(|(id, _)| *id == asked).map_or("overview", |(id, _)| *id)
    });
    view! {
        <Tabs
            label=data.name()
            tabs=Signal::derive(tabs)
            chosen
            on_choose=Callback::new(move |id: &'static str| {
                navigation.go(route.clone().with("tab", if id == "overview" { "" } else { id }));
            })
            panel=Callback::new(|id| match id {
                "platforms" => view! { <platforms::Platforms/> }.into_any(),
                "layers" => view! { <layers::Layers/> }.into_any(),
                "history" => view! { <history::HistoryTab/> }.into_any(),
                "config" => view! { <config::ConfigTab/> }.into_any(),
                "annotations" => view! { <annotations::Annotations/> }.into_any(),
                "referrers" => view! { <referrers::Referrers/> }.into_any(),
                "raw" => view! { <raw::Raw/> }.into_any(),
                "attributes" => view! { <attributes::Attributes/> }.into_any(),
                "commands" => view! { <commands::Commands/> }.into_any(),
                _ => view! { <overview::Overview/> }.into_any(),
            })
        />
    }
}
