//! Arguments from JavaScript, and small values to it.

use std::str::FromStr;

use js_sys::{Array, JSON, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::browser::read_stream::bytes_of;
use crate::error::Error;
use crate::name::NameError;

/// A small value that Rust makes. Sizes are numbers, which are exact up to 8 PiB.
pub(super) fn to_js(value: &impl Serialize) -> JsValue {
    // The structs of this module hold strings, numbers and JavaScript values: nothing that could fail.
    value.serialize(&Serializer::new().serialize_maps_as_objects(true)).unwrap_or_default()
}

/// A member of an object; undefined if there is none, or if reading it throws.
pub(super) fn member(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() {
        Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

/// An argument that must be a string.
pub(super) fn text(operation: &'static str, what: &str, value: &JsValue) -> Result<String, Error> {
    value.as_string().ok_or_else(|| Error::invalid_input(operation, format!("{what} must be a string")))
}

/// An argument that must be a name.
pub(super) fn name<T: FromStr<Err = NameError>>(
    operation: &'static str,
    what: &str,
    value: &JsValue,
) -> Result<T, Error> {
    text(operation, what, value)?.parse().map_err(|error| Error::from(error).in_operation(operation))
}

/// An object as JSON: it is sent as it is, so that a member this client does not know reaches the registry.
pub(super) fn object_json(operation: &'static str, what: &str, value: &JsValue) -> Result<Vec<u8>, Error> {
    let text = if value.is_object() && !Array::is_array(value) { JSON::stringify(value).ok() } else { None };
    match text.and_then(|text| text.as_string()) {
        Some(text) if text.starts_with('{') => Ok(text.into_bytes()),
        _ => Err(Error::invalid_input(operation, format!("{what} must be an object"))),
    }
}

/// A copy of the bytes of a view or an `ArrayBuffer`, of this realm or another; `None` if the value is neither.
pub(super) fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    if let Some(array) = bytes_of(value) {
        return Some(array.to_vec());
    }
    let is_buffer = member(value, "byteLength").as_f64().is_some() && member(value, "slice").is_function();
    is_buffer.then(|| js_sys::Uint8Array::new(value).to_vec())
}
