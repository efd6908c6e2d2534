//! Short messages: what was done in a polite live region, what failed in an assertive one.

use std::time::Duration;

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::failure::Failure;
use crate::surface::Surface;
use crate::surface::event::Event;
use crate::text::shell as text;

/// How long a message stays; errors stay until they are dismissed.
const STAY: Duration = Duration::from_secs(6);

/// How long a message with a button stays: time to read it and to reach the button.
const STAY_LONGER: Duration = Duration::from_secs(30);

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    error: bool,
    /// What a button in it is called and does.
    offer: Option<(&'static str, Callback<()>)>,
}

/// The messages on the page. Cheap to copy; lives in the context of the whole app.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
    surface: Surface,
}

impl Toasts {
    pub(crate) fn new(surface: Surface) -> Self {
        Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(0), surface }
    }

    /// A request failed: shown, and told to whoever is around.
    pub(crate) fn fail(&self, failure: &Failure) {
        self.surface.tell(&Event::error(failure));
        self.warn(failure.sentence());
    }

    /// Something went well.
    pub(crate) fn say(&self, text: impl Into<String>) {
        let id = self.push(text.into(), false, None);
        let this = *self;
        set_timeout(move || this.dismiss(id), STAY);
    }

    /// Something went well and something can be done about it; the same can be done elsewhere, since this goes away.
    pub(crate) fn offer(&self, text: impl Into<String>, button: &'static str, press: Callback<()>) {
        let id = self.push(text.into(), false, Some((button, press)));
        let this = *self;
        set_timeout(move || this.dismiss(id), STAY_LONGER);
    }

    /// Something is so, and stays so until it is dismissed or acted on.
    pub(crate) fn announce(&self, text: impl Into<String>, button: &'static str, press: Callback<()>) {
        self.push(text.into(), false, Some((button, press)));
    }

    /// Something failed.
    pub(crate) fn warn(&self, text: impl Into<String>) {
        self.push(text.into(), true, None);
    }

    fn push(&self, text: String, error: bool, offer: Option<(&'static str, Callback<()>)>) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| {
            list.retain(|toast| toast.text != text);
            // The newest four: a page full of messages says nothing.
            let surplus = list.len().saturating_sub(3);
            list.drain(..surplus);
            list.push(Toast { id, text, error, offer });
        });
        id
    }

    fn dismiss(&self, id: u32) {
        let _ = self.list.try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// The dashboard's messages.
pub(crate) fn use_toasts() -> Toasts {
    expect_context()
}

/// Where messages appear. Both regions are always there, since a region that appears together with its text is not read.
#[component]
pub(crate) fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    let region = move |error: bool| {
        view! {
            <For
                each=move || toasts.list.get().into_iter().filter(move |toast| toast.error == error)
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
