//! The root: provides what every screen needs, loads the configuration, and picks the screen of the route.

pub(crate) mod banner;
pub(crate) mod keyboard;
mod notices;
mod registry_nav;

use leptos::prelude::*;

use std::sync::Arc;

use acr_client_wasm::Transport;

use crate::component::error_state::ErrorState;
use crate::component::skeleton::Skeleton;
use crate::component::toast::{ToastRegion, Toasts};
use crate::config::Config;
use crate::later::later;
use crate::navigation::{Navigation, use_navigation};
use crate::page::host_sign_in::{self, CredentialSource, use_credentials};
use crate::page::{no_screen, repositories, sign_in};
use crate::preferences::Preferences;
use crate::query::{Load, query};
use crate::route::{Route, Screen};
use crate::session::{Given, Session, Sessions, use_sessions};
use crate::surface::frame::Parent;
use crate::surface::{Kind, Surface, use_surface};
use crate::text::shell as text;

/// What the dashboard is put up with: everything that differs between a page, a frame and an element.
pub(crate) struct Setup {
    pub(crate) surface: Surface,
    pub(crate) navigation: Navigation,
    pub(crate) preferences: Preferences,
    /// The registries, where the gateway is not asked for them.
    pub(crate) config: Option<Config>,
    /// The line to the page around the frame.
    pub(crate) parent: Option<Parent>,
    /// Where credentials come from, where the page around the dashboard has them.
    pub(crate) credentials: Option<CredentialSource>,
    /// Who carries requests, where it is not the browser's own fetch.
    pub(crate) transport: Option<Arc<dyn Transport>>,
}

/// The dashboard.
#[component]
pub(crate) fn App(setup: Setup) -> impl IntoView {
    let Setup { surface, navigation, preferences, config: given, parent, credentials, transport } = setup;
    provide_context(surface);
    provide_context(navigation);
    provide_context(preferences);
    provide_context(Toasts::new(surface));
    provide_context(Sessions::new(transport));
    provide_context(credentials);
    provide_context(keyboard::Overlays::new());
    let config = query(move || {
        let given = given.clone();
        async move {
            match given {
                Some(config) => Ok(config),
                None => Config::fetch().await,
            }
        }
    });
    let owner = Owner::current().unwrap_or_default();
    Effect::new(move |_| {
        let Load::Ready(config) = config.get() else { return };
        preferences.set_usual_theme(config.theme);
        if let Some(accent) = &config.accent {
            surface.colour(accent);
        }
        if let Some(parent) = &parent {
            // Once: the line is the app's, not this effect's.
            owner.with(|| parent.connect(&config, surface, navigation));
        }
    });
    let class = if surface.has_chrome() { "app" } else { "app embedded" };
    view! {
        <div class=class part="app" on:click=move |event| navigation.follow(&event)>
            {move || match config.get() {
                Load::Loading => view! { <main class="main"><Skeleton/></main> }.into_any(),
                Load::Failed(failure) => {
                    view! {
                        <main class="main">
                            <h1>{text::PRODUCT}</h1>
                            <ErrorState failure on_retry=Callback::new(move |()| config.refresh())/>
                        </main>
                    }
                        .into_any()
                }
                Load::Ready(config) => view! { <Frame config/> }.into_any(),
            }}
            <ToastRegion/>
        </div>
    }
}

/// Banner, navigation and the screen.
#[component]
fn Frame(config: Config) -> impl IntoView {
    provide_context(config.clone());
    let navigation = use_navigation();
    let surface = use_surface();
    let registry = Memo::new(move |_| navigation.route().screen.registry().map(str::to_owned));
    if surface.kind() == Kind::Element {
        // The page around has its own main landmark.
        return view! {
            <keyboard::Commands/>
            <div class="main">{move || registry_screen(&config, registry.get())}</div>
        }
        .into_any();
    }
    if surface.kind() == Kind::Frame {
        return view! {
            <keyboard::Commands/>
            <notices::Notices/>
            <main class="main">{move || registry_screen(&config, registry.get())}</main>
        }
        .into_any();
    }
    view! {
        <a class="skip" href="#main" on:click=move |event| focus_main(surface, &event)>{text::SKIP}</a>
        <banner::Banner/>
        <keyboard::Commands/>
        <notices::Notices/>
        <div class="body">
            <registry_nav::RegistryNav/>
            <main class="main" id="main" tabindex="-1">
                {move || registry_screen(&config, registry.get())}
            </main>
        </div>
    }
    .into_any()
}

fn focus_main(surface: Surface, event: &leptos::ev::MouseEvent) {
    event.prevent_default();
    event.stop_propagation();
    if let Some(main) = surface.find("#main") {
        let _ = main.focus();
    }
}

/// The screens of one registry, or what stands in their way: no such registry, or nobody signed in.
fn registry_screen(config: &Config, name: Option<String>) -> AnyView {
    let sessions = use_sessions();
    let Some(name) = name else { return view! { <Home/> }.into_any() };
    let Some(registry) = config.registry(&name).cloned() else {
        return view! { <no_screen::UnknownRegistry name/> }.into_any();
    };
    let open = Memo::new(move |_| sessions.open_number(&name));
    let credentials = use_credentials();
    (move || {
        if open.get().is_some()
            && let Some(session) = sessions.get_untracked(&registry.name)
        {
            return view! { <Screens session/> }.into_any();
        }
        if let Some(credentials) = credentials.clone() {
            return view! { <host_sign_in::HostSignIn registry=registry.clone() credentials/> }.into_any();
        }
        if !registry.opens_by_itself() {
            return view! { <sign_in::SignIn registry=registry.clone()/> }.into_any();
        }
        match sessions.prepare(&registry, Given::Anonymous) {
            // Admitting it makes this run again, with the session open.
            Ok(session) => {
                sessions.admit(session);
                ().into_any()
            }
            Err(failure) => view! { <ErrorState failure/> }.into_any(),
        }
    })
    .into_any()
}

/// `/`: goes on to the first registry.
#[component]
fn Home() -> impl IntoView {
    let navigation = use_navigation();
    let config: Config = expect_context();
    match config.registries.first() {
        Some(first) => {
            let route = Route::repositories(&first.name);
            request_animation_frame(move || navigation.replace(route));
            view! { <Skeleton/> }.into_any()
        }
        None => view! { <no_screen::NoRegistries/> }.into_any(),
    }
}

/// The screen of the route, within an open registry.
#[component]
fn Screens(session: Session) -> impl IntoView {
    let navigation = use_navigation();
    provide_context(session);
    // Parameters change within a screen; only another screen is made anew.
    let screen = Memo::new(move |_| navigation.route().screen);
    move || match screen.get() {
        Screen::Home => ().into_any(),
        Screen::Repositories { .. } => view! { <repositories::Repositories/> }.into_any(),
        Screen::Repository { repository, .. } => later(move |parts| (parts.repository)(repository.clone())),
        Screen::Manifest { repository, reference, .. } => {
            later(move |parts| (parts.manifest)(repository.clone(), reference.clone()))
        }
        Screen::Malformed { text, problem, .. } => view! { <no_screen::Malformed text problem/> }.into_any(),
    }
}
