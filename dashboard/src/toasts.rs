//! Short messages about what was done and what failed. `component/toast.rs` shows them.

use std::time::Duration;

use leptos::prelude::*;

use crate::failure::Failure;
use crate::surface::Surface;
use crate::surface::event::Event;

/// How long a message stays; errors stay until they are dismissed.
const STAY: Duration = Duration::from_secs(6);

/// How long a message with a button stays: time to read it and to reach the button.
const STAY_LONGER: Duration = Duration::from_secs(30);

/// One message.
#[derive(Clone)]
pub(crate) struct Toast {
    pub(crate) id: u32,
    pub(crate) text: String,
    /// Whether it is about a failure.
    pub(crate) error: bool,
    /// The label of a button in the message, and what the button does.
    pub(crate) offer: Option<(&'static str, Callback<()>)>,
}

/// The messages on the page. Cheap to copy; lives in the context of the app.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
    surface: Surface,
}

impl Toasts {
    /// No messages yet.
    pub(crate) fn new(surface: Surface) -> Self {
        Self { list: RwSignal::new(Vec::new()), next: StoredValue::new(0), surface }
    }

    /// A request failed: shown, and reported to the embedding page.
    pub(crate) fn fail(&self, failure: &Failure) {
        self.surface.emit(&Event::error(failure));
        self.warn(failure.sentence());
    }

    /// Something went well.
    pub(crate) fn say(&self, text: impl Into<String>) {
        let id = self.push(text.into(), false, None);
        let this = *self;
        set_timeout(move || this.dismiss(id), STAY);
    }

    /// Something went well, and a button offers a next step. The step has to be reachable elsewhere too, since the message goes away.
    pub(crate) fn offer(&self, text: impl Into<String>, button: &'static str, press: Callback<()>) {
        let id = self.push(text.into(), false, Some((button, press)));
        let this = *self;
        set_timeout(move || this.dismiss(id), STAY_LONGER);
    }

    /// A notice with a button that stays until it is dismissed or the button is pressed.
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
            // Only the newest four are kept: more would not be read.
            let surplus = list.len().saturating_sub(3);
            list.drain(..surplus);
            list.push(Toast { id, text, error, offer });
        });
        id
    }

    /// The messages on the page, oldest first, tracked.
    pub(crate) fn list(&self) -> Vec<Toast> {
        self.list.get()
    }

    /// Takes a message away.
    pub(crate) fn dismiss(&self, id: u32) {
        let _ = self.list.try_update(|list| list.retain(|toast| toast.id != id));
    }
}

/// The dashboard's messages.
pub(crate) fn use_toasts() -> Toasts {
    expect_context()
}
