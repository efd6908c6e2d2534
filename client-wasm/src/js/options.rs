//! Options of calls, and requests to the token service, member by member: so that an error names the member, and never quotes its value,
//! which may be a secret.

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use super::convert::member;
use crate::error::Error;

/// An object that a caller supplied, for the operation that it belongs to.
#[derive(Clone)]
pub(super) struct Options {
    operation: &'static str,
    object: JsValue,
}

impl Options {
    /// Options, of which all members are optional and which may be missing altogether.
    pub(super) fn of(operation: &'static str, options: &JsValue) -> Result<Self, Error> {
        if options.is_undefined() || options.is_null() {
            return Ok(Self { operation, object: JsValue::UNDEFINED });
        }
        Self::required(operation, options)
    }

    /// An object that must be there.
    pub(super) fn required(operation: &'static str, object: &JsValue) -> Result<Self, Error> {
        if object.is_object() {
            return Ok(Self { operation, object: object.clone() });
        }
        Err(Error::invalid_input(operation, "the options must be an object"))
    }

    /// A member as it is; `None` if it is undefined or null.
    pub(super) fn value(&self, name: &str) -> Option<JsValue> {
        Some(member(&self.object, name)).filter(|value| !value.is_undefined() && !value.is_null())
    }

    /// A member that is a string.
    pub(super) fn string(&self, name: &str) -> Result<Option<String>, Error> {
        self.read(name, "a string")
    }

    /// A member that is an integer of 32 bits.
    pub(super) fn integer(&self, name: &str) -> Result<Option<u32>, Error> {
        self.read(name, "an integer from 0 to 4294967295")
    }

    /// A member that counts bytes.
    pub(super) fn bytes(&self, name: &str) -> Result<Option<u64>, Error> {
        self.read(name, "an integer from 0 to 9007199254740991")
    }

    /// What `read` found of a member, which must be there.
    pub(super) fn need<T>(&self, name: &str, found: Option<T>) -> Result<T, Error> {
        found.ok_or_else(|| self.invalid(&[name, " is missing"]))
    }

    fn read<T: DeserializeOwned>(&self, name: &str, expected: &str) -> Result<Option<T>, Error> {
        let read = |value| {
            serde_wasm_bindgen::from_value(value).map_err(|_| self.invalid(&[name, " must be ", expected]))
        };
        self.value(name).map(read).transpose()
    }

    /// An error in the options.
    pub(super) fn invalid(&self, message: &[&str]) -> Error {
        Error::invalid_input(self.operation, message.concat())
    }
}
