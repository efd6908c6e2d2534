//! The databases that the dashboard keeps in the browser: removed here, written by the worker that reads layers and by the analysis.

use acr_layers_worker::cache::DATABASE;
use js_sys::{Function, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};

/// Removes what was kept of layers and of analyses, as soon as no page uses it. Returns whether the browser has databases at all.
pub(crate) fn clear_layers() -> bool {
    try_clear().is_ok()
}

fn try_clear() -> Result<(), JsValue> {
    let databases = Reflect::get(&window(), &"indexedDB".into())?;
    let delete: Function = Reflect::get(&databases, &"deleteDatabase".into())?.dyn_into()?;
    delete.call1(&databases, &DATABASE.into()).map(drop)
}
