//! The content of the menu "Preferences": theme, density, times, and what is kept of layers.

use leptos::prelude::*;

use super::overlays::use_overlays;
use crate::component::menu::Choice;
use crate::preferences::use_preferences;
use crate::surface::database::clear_layers;
use crate::text::shell as text;
use crate::theme::{Density, Theme, TimeStyle};
use crate::toasts::use_toasts;

/// The panel.
#[component]
pub(crate) fn PreferencesPanel() -> impl IntoView {
    let preferences = use_preferences();
    let overlays = use_overlays();
    let toasts = use_toasts();
    let clear = move |_| {
        if clear_layers() {
            toasts.say(text::LAYERS_CLEARED);
        } else {
            toasts.warn(text::NO_LAYERS_KEPT);
        }
    };
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
        <button type="button" class="button" title=text::CLEAR_LAYERS_HINT on:click=clear>
            {text::CLEAR_LAYERS}
        </button>
        <button type="button" class="button" on:click=move |_| overlays.shortcuts.set(true)>
            {text::SHORTCUTS}
        </button>
    }
}
