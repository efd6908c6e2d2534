//! The banner: what this is, where to go, who is signed in, how it looks.

use leptos::prelude::*;

use super::overlays::use_overlays;
use super::panels::PANELS;
use crate::component::icon::{Glyph, Icon};
use crate::component::menu::Menu;
use crate::config::Config;
use crate::lazy::lazy;
use crate::navigation::use_navigation;
use crate::route::{Route, Screen};
use crate::session::use_sessions;
use crate::text::session as session_text;
use crate::text::shell as text;

/// The top of every screen.
#[component]
pub(crate) fn Banner() -> impl IntoView {
    let navigation = use_navigation();
    let overlays = use_overlays();
    let config: Config = expect_context();
    let title = config.title.unwrap_or_else(|| text::PRODUCT.to_owned());
    let home = navigation.href(&Route::from(Screen::Home));
    view! {
        <header class="banner">
            <a class="brand" href=home>
                <Glyph icon=Icon::Logo/>
                <span>{title}</span>
            </a>
            <button type="button" class="palette-button" on:click=move |_| overlays.palette.set(true)>
                <Glyph icon=Icon::Search/>
                <span>{text::PALETTE}</span>
                <kbd aria-hidden="true">{"Ctrl K"}</kbd>
            </button>
            <div class="banner-end">
                <PreferencesMenu/>
                <SessionMenu/>
            </div>
        </header>
    }
}

#[component]
fn PreferencesMenu() -> impl IntoView {
    view! {
        <Menu name=text::PREFERENCES icon=Icon::Settings>
            {lazy(PANELS, |panels| (panels.preferences)())}
        </Menu>
    }
}

/// The menu of the session; nothing where no session is open.
#[component]
fn SessionMenu() -> impl IntoView {
    let navigation = use_navigation();
    let sessions = use_sessions();
    let session = move || navigation.route().screen.registry().and_then(|registry| sessions.get(registry));
    move || {
        session().map(|session| {
            let session = StoredValue::new(session);
            view! {
                <Menu name=session_text::SESSION icon=Icon::User>
                    {lazy(PANELS, move |panels| (panels.session)(session.get_value()))}
                </Menu>
            }
        })
    }
}
