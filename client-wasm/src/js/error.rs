//! From [`Error`] to `RegistryError`, the class that JavaScript callers catch.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::paged::object;
use crate::error::Error;
use crate::model::AcrErrorInfo;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types/registry_error.ts");

#[wasm_bindgen(module = "/src/js/registry_error.js")]
extern "C" {
    #[wasm_bindgen(reexport)]
    type RegistryError;
    #[wasm_bindgen(constructor)]
    fn new(message: &str, fields: &Object) -> RegistryError;
}

/// The `RegistryError` that tells of an error.
pub(super) fn to_js(error: &Error) -> JsValue {
    let fields = Object::new();
    let set = |name: &str, value: JsValue| {
        // Setting a property of an object made here cannot fail.
        let _ = Reflect::set(&fields, &JsValue::from_str(name), &value);
    };
    set("kind", JsValue::from_str(error.kind().as_str()));
    set("operation", JsValue::from_str(error.operation()));
    set("errors", error.errors().iter().map(info).collect::<Array>().into());
    if let Some(status) = error.status() {
        set("status", JsValue::from(status));
    }
    if let Some(id) = error.request_id() {
        set("requestId", JsValue::from_str(id));
    }
    if let Some(wait) = error.retry_after() {
        set("retryAfterInMs", JsValue::from(wait.as_secs_f64() * 1000.0));
    }
    RegistryError::new(&error.to_string(), &fields).into()
}

/// One of the registry's own errors, its detail as the browser parses it.
fn info(error: &AcrErrorInfo) -> JsValue {
    let text = JsValue::from_str;
    let mut members = vec![("code", text(&error.code)), ("message", text(&error.message))];
    members.extend(
        error.detail.as_ref().and_then(|detail| Some(("detail", JSON::parse(detail.as_json()).ok()?))),
    );
    object(&members)
}
