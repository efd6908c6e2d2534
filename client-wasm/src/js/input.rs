//! What callers give: texts that are texts, options of the right form, names that are names. Whatever is wrong is an `invalid-input` error.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::error::Error;
use crate::name::NameError;

/// A text that an argument must be.
pub(super) fn text(operation: &'static str, what: &str, value: &JsValue) -> Result<String, Error> {
    value.as_string().ok_or_else(|| Error::invalid_input(operation, format!("{what} must be a string")))
}

/// A name: of a repository, a tag, a digest or a reference.
pub(super) fn name<T: FromStr<Err = NameError>>(
    operation: &'static str,
    what: &str,
    value: &JsValue,
) -> Result<T, Error> {
    let text = text(operation, what, value)?;
    text.parse().map_err(|error: NameError| Error::invalid_input(operation, error.to_string()))
}

/// Options, or any small object; `undefined` and `null` are the default.
pub(super) fn options<T: DeserializeOwned + Default>(
    operation: &'static str,
    value: &JsValue,
) -> Result<T, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(T::default());
    }
    object(operation, "options", value)
}

/// An object that an argument must be.
pub(super) fn object<T: DeserializeOwned>(
    operation: &'static str,
    what: &str,
    value: &JsValue,
) -> Result<T, Error> {
    if !value.is_object() {
        return Err(Error::invalid_input(operation, format!("{what} must be an object")));
    }
    serde_wasm_bindgen::from_value(value.clone())
        .map_err(|error| Error::invalid_input(operation, format!("{what} cannot be used: {error}")))
}
