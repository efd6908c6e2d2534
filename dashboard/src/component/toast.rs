//! Where short messages appear: what was done in a polite live region, what failed in an assertive one.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::text::shell as text;
use crate::toasts::use_toasts;

/// Where messages appear. Both regions are always there, since a region that appears together with its text is not read.
#[component]
pub(crate) fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    let region = move |error: bool| {
        view! {
            <For
                each=move || toasts.list().into_iter().filter(move |toast| toast.error == error)
                key=|toast| toast.id
                let:toast
            >
                <div class=if error { "toast toast-error" } else { "toast" }>
                    <Glyph icon=if error { Icon::Warning } else { Icon::Check }/>
                    <span>{toast.text}</span>
                    {toast
                        .offer
                        .map(|(name, press)| {
                            let press = move |_| {
                                toasts.dismiss(toast.id);
                                press.run(());
                            };
                            view! { <button type="button" class="button button-small" on:click=press>{name}</button> }
                        })}
                    <button
                        type="button"
                        class="button button-icon"
                        aria-label=text::DISMISS
                        on:click=move |_| toasts.dismiss(toast.id)
                    >
                        <Glyph icon=Icon::Close/>
                    </button>
                </div>
            </For>
        }
    };
    view! {
        <section class="toasts" part="toasts" aria-label=text::NOTIFICATIONS>
            <div role="status" aria-live="polite">{region(false)}</div>
            <div role="alert" aria-live="assertive">{region(true)}</div>
        </section>
    }
}
