//! A modal dialog on the browser's own `<dialog>`: it keeps the focus inside, closes on Escape and gives the focus back.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::surface::{Surface, use_surface};
use crate::text::shell as text;

/// A dialog with a name. It is there while `open` says so; closing it in any way calls `on_close`.
#[component]
pub(crate) fn Dialog(
    #[prop(into)] name: String,
    #[prop(into)] open: Signal<bool>,
    on_close: Callback<()>,
    /// Wide dialogs hold tables.
    #[prop(optional)]
    wide: bool,
    children: ChildrenFn,
) -> impl IntoView {
    view! {
        <Show when=move || open.get()>
            <Modal name=name.clone() on_close wide children=children.clone()/>
        </Show>
    }
}

/// The focus goes to where it was, or to the screen's heading where that has gone meanwhile.
fn give_back(surface: Surface, before: Option<&web_sys::HtmlElement>) {
    let target = before.filter(|before| before.is_connected()).cloned().or_else(|| surface.find("h1"));
    if let Some(target) = target {
        let _ = target.focus();
    }
}

#[component]
fn Modal(name: String, on_close: Callback<()>, wide: bool, children: ChildrenFn) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // Only fails for a dialog that is not in the document.
            let _ = dialog.show_modal();
        }
    });
    // Whatever closes the dialog, its removal included, the focus goes back to where it was.
    let surface = use_surface();
    let before = StoredValue::new_local(surface.focused());
    on_cleanup(move || {
        let before = before.get_value();
        request_animation_frame(move || give_back(surface, before.as_ref()));
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            // Closing first is what gives the focus back to where it was.
            dialog.close();
        }
    };
    view! {
        <dialog
            part="dialog"
            class=if wide { "dialog dialog-wide" } else { "dialog" }
            node_ref=dialog
            aria-labelledby="dialog-title"
            on:close=move |_| on_close.run(())
            on:keydown=move |event| event.stop_propagation()
        >
            <header class="dialog-header">
                <h2 id="dialog-title">{name}</h2>
                <button type="button" class="button button-icon" aria-label=text::CLOSE on:click=move |_| close()>
                    <Glyph icon=Icon::Close/>
                </button>
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}
