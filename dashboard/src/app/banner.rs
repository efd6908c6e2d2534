//! The banner: what this is, where to go, who is signed in, how it looks.

use leptos::prelude::*;

use super::keyboard::use_overlays;
use crate::component::icon::{Glyph, Icon};
use crate::component::menu::{Choice, Menu};
use crate::config::Config;
use crate::later::later;
use crate::navigation::use_navigation;
use crate::page::session_panel::SessionMenu;
use crate::preferences::use_preferences;
use crate::route::{Route, Screen};
use crate::text::shell as text;
use crate::theme::{Density, Theme, TimeStyle};

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
                <kbd aria-hidden="true">"Ctrl K"</kbd>
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
            {later(|parts| (parts.preferences)())}
        </Menu>
    }
}

/// What is in the menu of preferences.
#[component]
pub(crate) fn PreferencesPanel() -> impl IntoView {
    let preferences = use_preferences();
    let overlays = use_overlays();
    view! {
        <Choice
            name=text::THEME
            options=vec![(Theme::System, text::SYSTEM), (Theme::Light, text::LIGHT), (Theme::Dark, text::DARK)]
            chosen=Signal::derive(move || preferences.theme())
            on_choose=Callback::new(move |theme| preferences.set_theme(theme))
        />
        <Choice
            name=text::DENSITY
            options=vec![(Density::Comfortable, text::COMFORTABLE), (Density::Compact, text::COMPACT)]
            chosen=Signal::derive(move || preferences.density())
            on_choose=Callback::new(move |density| preferences.set_density(density))
        />
        <Choice
            name=text::TIMES
            options=vec![(TimeStyle::Relative, text::RELATIVE), (TimeStyle::Absolute, text::ABSOLUTE)]
            chosen=Signal::derive(move || preferences.times())
            on_choose=Callback::new(move |times| preferences.set_times(times))
        />
        <button type="button" class="button" on:click=move |_| overlays.shortcuts.set(true)>
            {text::SHORTCUTS}
        </button>
    }
}
