//! The databases that the dashboard keeps in the browser: removed here, written by the worker that reads layers.

use js_sys::{Function, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};

/// The indexes of the layers that were read. The worker has the same name for it.
const LAYERS: &str = "acr-dashboard.layers";

/// Removes what was kept of layers, as soon as no page reads any. Returns whether the browser has databases at all.
pub(crate) fn clear_layers() -> bool {
    try_clear().is_ok()
}

fn try_clear() -> Result<(), JsValue> {
    let databases = Reflect::get(&window(), &"indexedDB".into())?;
    let delete: Function = Reflect::get(&databases, &"deleteDatabase".into())?.dyn_into()?;
    delete.call1(&databases, &LAYERS.into()).map(drop)
}
