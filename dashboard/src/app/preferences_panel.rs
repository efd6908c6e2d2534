//! The content of the menu "Preferences": theme, density and times.

use leptos::prelude::*;

use super::overlays::use_overlays;
use crate::component::menu::Choice;
use crate::preferences::use_preferences;
use crate::text::shell as text;
use crate::theme::{Density, Theme, TimeStyle};

/// The panel.
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
