//! A choice of one of several values, as the browser's own select element: role combobox, with the keyboard and the touch handling that
//! each platform has.

use leptos::prelude::*;

/// One value to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choosable {
    /// What is reported when it is chosen.
    pub(crate) value: String,
    /// What is shown.
    pub(crate) label: String,
}

/// The combobox, with its name next to it.
#[component]
pub(crate) fn ComboBox(
    #[prop(into)] name: String,
    #[prop(into)] options: Signal<Vec<Choosable>>,
    #[prop(into)] chosen: Signal<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    let items = move || {
        let chosen = chosen.get();
        let item = |option: Choosable| {
            let selected = option.value == chosen;
            view! { <option value=option.value selected=selected>{option.label}</option> }
        };
        options.get().into_iter().map(item).collect_view()
    };
    view! {
        <label class="combo">
            <span class="combo-name">{name}</span>
            <select
                class="combo-select"
                on:change:target=move |event| on_choose.run(event.target().value())
            >
                {items}
            </select>
        </label>
    }
}
