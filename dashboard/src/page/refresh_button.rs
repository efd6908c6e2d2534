//! The button that loads a screen's data again, and its entry in the command palette.

use leptos::prelude::*;

use crate::component::icon::{Glyph, Icon};
use crate::palette::add_refresh_entry;
use crate::text::list as text;

/// The one button "Refresh" of a screen.
#[component]
pub(crate) fn RefreshButton(
    on_refresh: Callback<()>,
    /// Whether the data is being loaded.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Shows the icon alone; the name is on hover.
    #[prop(optional)]
    icon_only: bool,
) -> impl IntoView {
    add_refresh_entry(text::REFRESH, on_refresh);
    view! {
        <button
            type="button"
            class=if icon_only { "button button-icon" } else { "button" }
            title=icon_only.then_some(text::REFRESH)
            aria-label=icon_only.then_some(text::REFRESH)
            aria-busy=move || if busy.get() { "true" } else { "false" }
            on:click=move |_| on_refresh.run(())
        >
            <Glyph icon=Icon::Refresh/>
            {(!icon_only).then_some(text::REFRESH)}
        </button>
    }
}
