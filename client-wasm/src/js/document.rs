//! The registry's documents, parsed by the browser. Every field is kept; lists that the registry sent as `null` are made empty.

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsValue;

use super::convert::member;
use crate::error::{Error, ErrorKind};
use crate::operation::{Answer, LastItem};

/// Lists that the registry may send as `null`, by the object that holds them.
pub(super) const ATTRIBUTES: &[&str] = &["tags", "references"];
/// The same of a manifest's content.
pub(super) const CONTENT: &[&str] = &["manifests", "layers", "fsLayers", "history", "signatures", "blobs"];

/// JSON of the registry as the browser parses it.
pub(super) fn parse(operation: &'static str, bytes: &[u8]) -> Result<JsValue, Error> {
    let text = String::from_utf8_lossy(bytes);
    JSON::parse(text.trim_start_matches('\u{feff}')).map_err(|_| decode_error(operation, "it is not JSON"))
}

/// The object that an answer must be.
pub(super) fn object(answer: &Answer) -> Result<JsValue, Error> {
    let value = parse(answer.operation, &answer.body)?;
    if value.is_object() && !Array::is_array(&value) {
        Ok(value)
    } else {
        Err(decode_error(answer.operation, "it is not an object"))
    }
}

/// The object that an answer must be, which every answer of its operation is.
pub(super) fn object_of(answer: Option<Box<Answer>>) -> Result<JsValue, Error> {
    answer.map_or(Ok(JsValue::UNDEFINED), |answer| object(&answer))
}

/// The items of a list, which the answer holds in a member; none if that is `null` or missing.
pub(super) fn items(answer: &Answer, name: &str, lists: &[&str]) -> Result<Vec<JsValue>, Error> {
    let list = member(&object(answer)?, name);
    if list.is_null() || list.is_undefined() {
        return Ok(Vec::new());
    }
    if !Array::is_array(&list) {
        return Err(decode_error(answer.operation, &format!("it has no list {name}")));
    }
    let items = Array::from(&list).to_vec();
    if contains(&answer.body, b"null") {
        items.iter().for_each(|item| fill(item, lists));
    }
    Ok(items)
}

/// What a list can be continued after: an item by the member that names it.
pub(super) fn last_item(item: &JsValue, name: &str) -> Option<LastItem> {
    let text = |name| member(item, name).as_string();
    Some(LastItem { name: text(name)?, updated: text("lastUpdateTime") })
}

/// Makes the lists named empty if the registry sent `null`.
pub(super) fn fill(object: &JsValue, lists: &[&str]) {
    for name in lists {
        if member(object, name).is_null() {
            // A member of a parsed object can be set.
            let _ = Reflect::set(object, &JsValue::from_str(name), &Array::new());
        }
    }
}

/// Makes the lists named empty if the registry sent `null` or nothing.
pub(super) fn make_lists(object: &JsValue, lists: &[&str]) {
    for name in lists {
        if !Array::is_array(&member(object, name)) {
            // A member of a parsed object can be set.
            let _ = Reflect::set(object, &JsValue::from_str(name), &Array::new());
        }
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

fn decode_error(operation: &'static str, why: &str) -> Error {
    Error::new(ErrorKind::Decode, operation, format!("the registry's answer cannot be read: {why}"))
}
