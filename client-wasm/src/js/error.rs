//! From [`Error`] to `RegistryError`, the class that JavaScript callers catch.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Error;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types/registry_error.ts");

#[wasm_bindgen(module = "/src/js/registry_error.js")]
extern "C" {
    #[wasm_bindgen(reexport)]
    type RegistryError;
    #[wasm_bindgen(constructor)]
    fn new(
        message: &str,
        kind: &str,
        operation: &str,
        errors: Array,
        status: Option<u16>,
        request_id: Option<&str>,
        retry_after_in_ms: Option<f64>,
    ) -> RegistryError;
}

/// The `RegistryError` that tells of an error.
pub(super) fn to_js(error: &Error) -> JsValue {
    let errors = Array::new();
    for info in error.errors() {
        errors.push(&JsValue::from_str(&info.code));
        errors.push(&JsValue::from_str(&info.message));
        errors.push(
            &info.detail.as_ref().map_or(JsValue::UNDEFINED, |detail| JsValue::from_str(detail.as_json())),
        );
    }
    let (kind, wait) = (error.kind().as_str(), error.retry_after().map(|wait| wait.as_millis() as f64));
    RegistryError::new(
        &error.to_string(),
        kind,
        error.operation(),
        errors,
        error.status(),
        error.request_id(),
        wait,
    )
    .into()
}
