//! Members of JavaScript objects, read without trusting their types.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

/// A member; undefined where there is none, or where looking at it throws.
fn member(object: &JsValue, name: &str) -> JsValue {
    if !object.is_object() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A member that is text; empty where it is something else.
pub(crate) fn text(object: &JsValue, name: &str) -> String {
    member(object, name).as_string().unwrap_or_default()
}

/// A member that is a function.
pub(crate) fn function(object: &JsValue, name: &str) -> Option<Function> {
    member(object, name).dyn_into().ok()
}

/// Whether a member is true, or what JavaScript takes for it.
pub(crate) fn flag(object: &JsValue, name: &str) -> bool {
    member(object, name).is_truthy()
}
