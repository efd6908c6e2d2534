//! A button that puts a text on the clipboard and says so.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::text::shell as text;
use crate::toasts::use_toasts;

/// Copies `value`. `name` is its accessible name ("Copy digest"); `label`, is shown next to the icon.
#[component]
pub(crate) fn CopyButton(
    #[prop(into)] value: Signal<String>,
    #[prop(into)] name: String,
    #[prop(optional, into)] label: String,
) -> impl IntoView {
    let toasts = use_toasts();
    let copied = RwSignal::new(false);
    let copy = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        let promise = window().navigator().clipboard().write_text(&value.get_untracked());
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
    };
    let class = if label.is_empty() { "button button-icon" } else { "button" };
    view! {
        <button type="button" class=class title=name.clone() aria-label=name on:click=copy>
            {move || {
                let icon = if copied.get() { Icon::Check } else { Icon::Copy };
                view! { <Glyph icon/> }
            }}
            {(!label.is_empty()).then_some(label)}
        </button>
    }
}
