//! What a tab keeps over a reload of the page: `sessionStorage`. A browser that refuses keeps nothing.

use leptos::prelude::window;

/// What is kept under a key.
pub(crate) fn read(key: &str) -> Option<String> {
    window().session_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Keeps a text under a key; false where the browser does not. What was kept under the key before is gone in either case.
pub(crate) fn write(key: &str, text: &str) -> bool {
    let Some(storage) = window().session_storage().ok().flatten() else { return false };
    let is_kept = storage.set_item(key, text).is_ok();
    if !is_kept {
        let _ = storage.remove_item(key);
    }
    is_kept
}

/// Forgets what is kept under a key.
pub(crate) fn remove(key: &str) {
    if let Some(storage) = window().session_storage().ok().flatten() {
        let _ = storage.remove_item(key);
    }
}
