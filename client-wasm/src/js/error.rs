//! From [`Error`] to `RegistryError`, the class that JavaScript callers catch.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::convert::to_js;
use crate::error::{AcrErrorInfo, Error};

#[wasm_bindgen(module = "/src/js/registry_error.js")]
extern "C" {
    #[wasm_bindgen(reexport)]
    type RegistryError;
    #[wasm_bindgen(constructor)]
    fn new(message: &str, fields: JsValue) -> RegistryError;
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    kind: &'a str,
    operation: &'a str,
    errors: Vec<Info<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_in_ms: Option<f64>,
}

#[derive(Serialize)]
struct Info<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(with = "serde_wasm_bindgen::preserve", skip_serializing_if = "JsValue::is_undefined")]
    detail: JsValue,
}

impl<'a> From<&'a AcrErrorInfo> for Info<'a> {
    fn from(info: &'a AcrErrorInfo) -> Self {
        let detail = info.detail.as_ref().and_then(|detail| js_sys::JSON::parse(detail.as_json()).ok());
        Self { code: &info.code, message: &info.message, detail: detail.unwrap_or_default() }
    }
}

/// The `RegistryError` of an error.
pub(super) fn registry_error(error: &Error) -> JsValue {
    let fields = Fields {
        kind: error.kind().as_str(),
        operation: error.operation(),
        errors: error.errors().iter().map(Info::from).collect(),
        status: error.status(),
        request_id: error.request_id(),
        retry_after_in_ms: error.retry_after().map(|wait| wait.as_millis() as f64),
    };
    RegistryError::new(&error.to_string(), to_js(&fields)).into()
}
