//! A button that puts a text on the clipboard and says so.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Clipboard;

use super::icon::{Glyph, Icon};
use crate::text::shell as text;
use crate::toasts::{Toasts, use_toasts};

/// Copies `value`. `name` is its accessible name ("Copy digest"); `label`, where there is one, is shown next to the icon.
#[component]
pub(crate) fn CopyButton(
    #[prop(into)] value: Signal<String>,
    #[prop(into)] name: String,
    #[prop(optional, into)] label: String,
    /// Called when the pointer or the focus reaches the button, and when it is pressed: prepares a value that takes a request.
    #[prop(optional)]
    prepare: Option<Callback<()>>,
    /// Whether the value is still being prepared. A press meanwhile copies as soon as it is ready.
    #[prop(optional, into)]
    preparing: Signal<bool>,
) -> impl IntoView {
    let toasts = use_toasts();
    let copied = RwSignal::new(false);
    let pressed = RwSignal::new(false);
    let copy = move || write_to_clipboard(&value.get_untracked(), copied, toasts);
    let reach = move || {
        if let Some(prepare) = prepare {
            prepare.run(());
        }
    };
    let press = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        reach();
        if preparing.get_untracked() { pressed.set(true) } else { copy() }
    };
    if prepare.is_some() {
        Effect::new(move |_| {
            if pressed.get() && !preparing.get() {
                pressed.set(false);
                copy();
            }
        });
    }
    let class = if label.is_empty() { "button button-icon" } else { "button" };
    view! {
        <button
            type="button"
            class=class
            title=name.clone()
            aria-label=name
            on:pointerenter=move |_| reach()
            on:focus=move |_| reach()
            on:click=press
        >
            {move || {
                let icon = if copied.get() { Icon::Check } else { Icon::Copy };
                view! { <Glyph icon/> }
            }}
            {(!label.is_empty()).then_some(label)}
        </button>
    }
}

/// The clipboard. A page over plain HTTP has none, and asking for it as a property that is always there would throw.
fn clipboard() -> Option<Clipboard> {
    let navigator = window().navigator();
    let clipboard = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard")).ok()?;
    clipboard.dyn_into().ok()
}

/// Puts `value` on the clipboard, announces it, and marks it as `copied` for a moment.
fn write_to_clipboard(value: &str, copied: RwSignal<bool>, toasts: Toasts) {
    let Some(clipboard) = clipboard() else { return toasts.warn(text::COPY_FAILED) };
    let promise = clipboard.write_text(value);
    leptos::task::spawn_local(async move {
        match wasm_bindgen_futures::JsFuture::from(promise).await {
            Ok(_) => {
                copied.try_set(true);
                toasts.say(text::COPIED);
                let unmark = move || {
                    let _ = copied.try_set(false);
                };
                set_timeout(unmark, std::time::Duration::from_millis(1600));
            }
            Err(_) => toasts.warn(text::COPY_FAILED),
        }
    });
}
