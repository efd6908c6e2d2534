//! A switch (role `switch`) that is changed elsewhere: a click asks, and the switch shows what came of it.

use leptos::prelude::*;

/// A switch with its name and what it does.
#[component]
pub(crate) fn Switch(
    #[prop(into)] name: String,
    /// What it does, or why it cannot be changed.
    #[prop(into)]
    hint: Signal<String>,
    #[prop(into)] on: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Whether a change is on its way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Called with the value that the user asks for.
    on_change: Callback<bool>,
) -> impl IntoView {
    let ask = move |_| {
        if !disabled.get_untracked() && !busy.get_untracked() {
            on_change.run(!on.get_untracked());
        }
    };
    view! {
        <div class="switch-row">
            <button
                type="button"
                role="switch"
                class="switch"
                aria-label=name.clone()
                aria-checked=move || if on.get() { "true" } else { "false" }
                aria-disabled=move || if disabled.get() { "true" } else { "false" }
                aria-busy=move || if busy.get() { "true" } else { "false" }
                on:click=ask
            >
                <span class={"switch-thumb"}></span>
            </button>
            <span class="switch-name" aria-hidden="true">{name}</span>
            <span class="switch-hint">{move || hint.get()}</span>
        </div>
    }
}
