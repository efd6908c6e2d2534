//! Which of the dialogs that belong to no screen are open: the command palette and the list of shortcuts.

use leptos::prelude::*;

/// Whether each of the dialogs is open. Cheap to copy; lives in the context of the app.
#[derive(Clone, Copy)]
pub(crate) struct Overlays {
    pub(crate) palette: RwSignal<bool>,
    pub(crate) shortcuts: RwSignal<bool>,
}

impl Overlays {
    /// Both closed.
    pub(crate) fn new() -> Self {
        Self { palette: RwSignal::new(false), shortcuts: RwSignal::new(false) }
    }
}

/// The dialogs of the app.
pub(crate) fn use_overlays() -> Overlays {
    expect_context()
}
