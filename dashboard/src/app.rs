//! The root: provides what every screen needs, loads the configuration, and picks the screen of the route.

mod banner;
mod keyboard;
mod notices;
mod overlays;
mod palette_body;
mod palette_offers;
mod panels;
pub(crate) mod parent;
mod preferences_panel;
mod registry_nav;
mod screens;
mod session_panel;

use std::sync::Arc;

use acr_client_wasm::Transport;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use parent::Parent;
use screens::Screens;

use crate::component::error_state::ErrorState;
use crate::component::skeleton::Skeleton;
use crate::component::timestamp::TimeFormat;
use crate::component::toast::ToastRegion;
use crate::config::Config;
use crate::lazy::Prefetch;
use crate::navigation::{Navigation, use_navigation};
use crate::page::host_sign_in::{self, CredentialSource, use_credentials};
use crate::page::sign_in::microsoft::SignedInAccount;
use crate::page::{no_screen, sign_in};
use crate::palette::PaletteEntries;
use crate::preferences::Preferences;
use crate::proxy::{ProxySession, browser_transport};
use crate::query::{Load, query};
use crate::route::Route;
use crate::session::{Credentials, Sessions, use_sessions};
use crate::surface::{Kind, Surface, fetch, use_surface};
use crate::text::shell as text;
use crate::toasts::Toasts;

/// Everything that differs between a page, a frame and an element.
pub(crate) struct Setup {
    pub(crate) surface: Surface,
    pub(crate) navigation: Navigation,
    pub(crate) preferences: Preferences,
    /// What the command palette offers of the screen.
    pub(crate) palette: PaletteEntries,
    /// The configuration, if it does not come from the gateway.
    pub(crate) config: Option<Config>,
    /// The connection to the page around the frame.
    pub(crate) parent: Option<Parent>,
    /// Where credentials come from, if the embedding page supplies them.
    pub(crate) credentials: Option<CredentialSource>,
    /// What sends requests, if not the browser's own `fetch`.
    pub(crate) transport: Option<Arc<dyn Transport>>,
}

/// The dashboard.
#[component]
pub(crate) fn App(setup: Setup) -> impl IntoView {
    let Setup { surface, navigation, preferences, palette, config: supplied, parent, credentials, transport } =
        setup;
    provide_context(surface);
    provide_context(navigation);
    provide_context(preferences);
    provide_context(Toasts::new(surface));
    let proxy = ProxySession::new();
    provide_context(proxy);
    provide_context(Sessions::new(surface, watched(transport, surface, proxy)));
    provide_context(credentials);
    provide_context(overlays::Overlays::new());
    provide_context(palette);
    provide_context(TimeFormat(Signal::derive(move || preferences.times())));
    provide_context(Prefetch(screens::prefetch));
    let config = query(move || {
        let supplied = supplied.clone();
        async move {
            match supplied {
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
            // Owned by the app, not by this effect, which runs again with every configuration.
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

/// What sends requests, watched for the end of the session of a proxy in front of this page.
fn watched(
    transport: Option<Arc<dyn Transport>>,
    surface: Surface,
    proxy: ProxySession,
) -> Option<Arc<dyn Transport>> {
    match surface.kind() {
        // A proxy in front of the embedding page is that page's own concern.
        Kind::Element => transport,
        Kind::Page | Kind::Frame => transport.or_else(browser_transport).map(|inner| {
            let probe = || Box::pin(fetch::head("config.json")) as LocalBoxFuture<'static, _>;
            proxy.watch(inner, probe)
        }),
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
        // The embedding page has its own main landmark.
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

/// The screens of one registry, or what is shown instead: an unknown registry, or the sign-in.
fn registry_screen(config: &Config, name: Option<String>) -> AnyView {
    let sessions = use_sessions();
    let Some(name) = name else { return view! { <Home/> }.into_any() };
    let Some(registry) = config.registry(&name).cloned() else {
        return view! { <no_screen::UnknownRegistry name/> }.into_any();
    };
    let open = Memo::new(move |_| sessions.open_number(&name));
    let (credentials, surface) = (use_credentials(), use_surface());
    (move || {
        if open.get().is_some()
            && let Some(session) = sessions.get_untracked(&registry.name)
        {
            let who = (!surface.has_chrome()).then(|| view! { <SignedInAccount session=session.clone()/> });
            return view! { {who} <Screens session/> }.into_any();
        }
        if let Some(credentials) = credentials.clone() {
            return view! { <host_sign_in::HostSignIn registry=registry.clone() credentials/> }.into_any();
        }
        if !registry.opens_by_itself() {
            return view! { <sign_in::SignIn registry=registry.clone()/> }.into_any();
        }
        match sessions.prepare(&registry, Credentials::Anonymous) {
            // Adding it makes this run again, with the session open.
            Ok(session) => {
                sessions.add(session);
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
