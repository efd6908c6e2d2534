//! What a tab keeps over a reload of the page: `sessionStorage`. A browser that refuses keeps nothing.

use leptos::prelude::window;

/// What is kept under a key.
pub(crate) fn read(key: &str) -> Option<String> {
    window().session_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Keeps a text under a key.
pub(crate) fn write(key: &str, text: &str) {
    if let Some(storage) = window().session_storage().ok().flatten() {
        let _ = storage.set_item(key, text);
    }
}

/// Forgets what is kept under a key.
pub(crate) fn remove(key: &str) {
    if let Some(storage) = window().session_storage().ok().flatten() {
        let _ = storage.remove_item(key);
    }
}
