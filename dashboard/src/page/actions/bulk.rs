//! The bar of what can be done with the selected rows.

use leptos::prelude::*;

use crate::list::selection::Selection;
use crate::text::list as list_text;

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Tags,
    Manifests,
}

/// The bar; nothing while nothing is selected.
#[component]
pub(crate) fn BulkBar(
    subject: Subject,
    selection: Selection,
    matching: Callback<(), Vec<String>>,
    shown: Signal<usize>,
) -> impl IntoView {
    let _ = subject;
    view! {
        <Show when=move || selection.len() != 0>
            <div class="bulk-bar">
                <strong>{move || list_text::selected(selection.len())}</strong>
                <button type="button" class="button" on:click=move |_| selection.add_all(matching.run(()))>
                    {move || list_text::select_all(shown.get())}
                </button>
                <button type="button" class="button" on:click=move |_| selection.clear()>{list_text::CLEAR_SELECTION}</button>
            </div>
        </Show>
    }
}
