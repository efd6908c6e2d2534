//! Reading a stream of the browser.

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;

use super::rejection::describe;
use crate::http::TransportError;

/// The next bytes of a stream; `None` at its end.
pub(crate) async fn next_array(
    reader: &ReadableStreamDefaultReader,
) -> Result<Option<Uint8Array>, TransportError> {
    let read = JsFuture::from(reader.read()).await.map_err(|error| describe(&error))?;
    let part = |name: &str| Reflect::get(&read, &JsValue::from_str(name)).map_err(|error| describe(&error));
    if part("done")?.is_truthy() {
        return Ok(None);
    }
    let bytes = bytes_of(&part("value")?);
    bytes.map(Some).ok_or_else(|| TransportError::new("the stream contains something that is not bytes"))
}

/// A view of the bytes of a `Uint8Array` or another view, of this realm or another; `None` if the value is not one.
pub(crate) fn bytes_of(value: &JsValue) -> Option<Uint8Array> {
    if let Some(array) = value.dyn_ref::<Uint8Array>() {
        return Some(array.clone());
    }
    if !ArrayBuffer::is_view(value) {
        return None;
    }
    let member = |name: &str| Reflect::get(value, &JsValue::from_str(name)).ok();
    let number = |name: &str| member(name)?.as_f64().map(|number| number as u32);
    Some(Uint8Array::new_with_byte_offset_and_length(
        &member("buffer")?,
        number("byteOffset")?,
        number("byteLength")?,
    ))
}
