//! The search box of a list. Its accessible name is "Search to filter …".

use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A search box. `/` anywhere on the page moves the focus here (see `component/table_keys.rs`).
#[component]
pub(crate) fn SearchBox(
    #[prop(into)] name: String,
    #[prop(into)] value: Signal<String>,
    on_input: Callback<String>,
    /// What may be typed, shown while the box is empty.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            if value.get_untracked().is_empty() {
                if let Some(input) = input.get_untracked() {
                    let _ = input.blur();
                }
            } else {
                on_input.run(String::new());
            }
        }
    };
    view! {
        <div class="search">
            <Glyph icon=Icon::Search/>
            <input
                type="search"
                class="search-input"
                node_ref=input
                aria-label=name
                placeholder=hint
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                prop:value=move || value.get()
                on:input:target=move |event| on_input.run(event.target().value())
                on:keydown=key
            />
            <kbd class="search-key" aria-hidden="true">{"/"}</kbd>
        </div>
    }
}
