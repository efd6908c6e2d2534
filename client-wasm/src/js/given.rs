//! What the JavaScript classes give an operation: texts, numbers and bytes that they have checked to be such. Names are parsed here.

use std::str::FromStr;

use bytes::Bytes;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::error::Error;
use crate::name::NameError;

/// The arguments of an operation, by their places.
pub(super) struct Given {
    /// As the API spells it.
    pub(super) operation: &'static str,
    arguments: Array,
}

impl Given {
    pub(super) fn new(operation: &'static str, arguments: Array) -> Self {
        Self { operation, arguments }
    }

    /// An argument as it is.
    pub(super) fn value(&self, place: u32) -> JsValue {
        self.arguments.get(place)
    }

    /// A text, where it is there.
    pub(super) fn some(&self, place: u32) -> Option<String> {
        self.value(place).as_string()
    }

    /// A text that is there.
    pub(super) fn text(&self, place: u32) -> String {
        self.some(place).unwrap_or_default()
    }

    /// A name.
    pub(super) fn name<T: FromStr<Err = NameError>>(&self, place: u32) -> Result<T, Error> {
        self.text(place).parse().map_err(|error| Error::from(error).in_operation(self.operation))
    }

    /// A size or an offset; 0 where it is not there.
    pub(super) fn whole(&self, place: u32) -> u64 {
        self.value(place).as_f64().unwrap_or_default() as u64
    }

    /// Bytes, copied; none where they are not there.
    pub(super) fn bytes(&self, place: u32) -> Bytes {
        self.value(place)
            .dyn_into::<Uint8Array>()
            .map_or_else(|_| Bytes::new(), |array| array.to_vec().into())
    }
}

/// A size or an offset. A number of JavaScript is exact up to 8 PiB.
pub(super) fn number(bytes: u64) -> JsValue {
    JsValue::from_f64(bytes as f64)
}
