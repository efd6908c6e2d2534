//! The navigation "Registry": the registries served, and the way to their repositories, pinned and recent ones included.

use leptos::prelude::*;

use crate::component::copy_button::CopyButton;
use crate::component::icon::{Glyph, Icon};
use crate::config::{Config, RegistryConfig};
use crate::navigation::use_navigation;
use crate::preferences::use_preferences;
use crate::route::Route;
use crate::text::shell as text;

/// The navigation of the page.
#[component]
pub(crate) fn RegistryNav() -> impl IntoView {
    let config: Config = expect_context();
    let navigation = use_navigation();
    let several = config.registries.len() > 1;
    let registries = config.registries.clone();
    let current = Memo::new(move |_| {
        let route = navigation.route();
        route.screen.registry().map(str::to_owned)
    });
    view! {
        <nav class="nav" aria-label=text::NAVIGATION>
            {several
                .then(|| {
                    view! {
                        <p class="nav-title">{text::REGISTRIES}</p>
                        <ul class="nav-list">
                            {registries.into_iter().map(|registry| view! { <RegistryLink registry/> }).collect_view()}
                        </ul>
                    }
                })}
            {move || {
                let registry = current.get().and_then(|name| config.registry(&name).cloned());
                registry.map(|registry| view! { <RegistryPart registry/> })
            }}
        </nav>
    }
}

#[component]
fn RegistryLink(registry: RegistryConfig) -> impl IntoView {
    let navigation = use_navigation();
    let route = Route::repositories(&registry.name);
    let name = registry.name.clone();
    let here = move || navigation.route().screen.registry() == Some(name.as_str());
    view! {
        <li>
            <a href=navigation.href(&route) aria-current=move || here().then_some("true")>
                <span class="nav-name">{registry.title().to_owned()}</span>
            </a>
        </li>
    }
}

/// The link to one of a registry's own screens.
#[component]
fn ScreenLink(route: Route, icon: Icon, name: &'static str) -> impl IntoView {
    let navigation = use_navigation();
    let screen = route.screen.clone();
    let here = move || navigation.route().screen == screen;
    view! {
        <li>
            <a href=navigation.href(&route) aria-current=move || here().then_some("page")>
                <Glyph icon/>
                <span class="nav-name">{name}</span>
            </a>
        </li>
    }
}

#[component]
fn RegistryPart(registry: RegistryConfig) -> impl IntoView {
    let preferences = use_preferences();
    let repositories = Route::repositories(&registry.name);
    let (storage, cleanup) = (Route::storage(&registry.name), Route::cleanup(&registry.name));
    let name = StoredValue::new(registry.name.clone());
    let offered = StoredValue::new(registry.pinned_repositories.clone());
    let pinned = Memo::new(move |_| {
        let mut all = name.with_value(|name| preferences.pinned(name));
        offered.with_value(|offered| all.extend(offered.iter().cloned()));
        all.sort();
        all.dedup();
        all
    });
    let recent = Memo::new(move |_| name.with_value(|name| preferences.recent(name)));
    view! {
        <div class="nav-card">
            <p class="nav-title">{text::LOGIN_SERVER}</p>
            <p class="nav-server">
                <span title=registry.login_server.clone()>{registry.login_server.clone()}</span>
                <CopyButton value=registry.login_server.clone() name=text::COPY_LOGIN_SERVER/>
            </p>
        </div>
        <ul class="nav-list">
            <ScreenLink route=repositories icon=Icon::Repository name=text::REPOSITORIES/>
            <ScreenLink route=storage icon=Icon::Storage name=text::STORAGE/>
            <ScreenLink route=cleanup icon=Icon::Trash name=text::CLEANUP/>
        </ul>
        <RepositoryLinks title=text::PINNED icon=Icon::Pin registry=name names=pinned/>
        <RepositoryLinks title=text::RECENT icon=Icon::Repository registry=name names=recent/>
    }
}

#[component]
fn RepositoryLinks(
    title: &'static str,
    icon: Icon,
    registry: StoredValue<String>,
    names: Memo<Vec<String>>,
) -> impl IntoView {
    let navigation = use_navigation();
    let link = move |name: String| {
        let repository = name.parse().ok()?;
        let route = registry.with_value(|registry| Route::repository(registry, &repository));
        let here = move || navigation.route().screen.repository() == Some(&repository);
        let title = name.clone();
        Some(view! {
            <li>
                <a href=navigation.href(&route) title=title aria-current=move || here().then_some("page")>
                    <Glyph icon/>
                    <span class="nav-name">{name}</span>
                </a>
            </li>
        })
    };
    view! {
        <Show when=move || !names.with(Vec::is_empty)>
            <div class="nav-more">
                <p class="nav-title">{title}</p>
                <ul class="nav-list">
                    <For each=move || names.get() key=Clone::clone let:name>{link(name)}</For>
                </ul>
            </div>
        </Show>
    }
}
