//! What JavaScript threw or rejected with, as an error.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::http::TransportError;

/// The message of an `Error` of any realm, or a string; anything else has no words. Control characters are left out, and so are the
/// queries of URLs.
pub(crate) fn describe(value: &JsValue) -> TransportError {
    let message = || Reflect::get(value, &JsValue::from_str("message")).ok()?.as_string();
    let text = value.as_string().or_else(|| if value.is_object() { message() } else { None });
    TransportError::new(printable(&text.unwrap_or_default()))
}

fn printable(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut in_query = false;
    let keep = |c: &char| {
        in_query = (in_query || *c == '?') && *c != ' ';
        !in_query && !c.is_control()
    };
    let text: String = text.chars().filter(keep).take(LONGEST).collect();
    if text.is_empty() { "the request was rejected without a reason".to_owned() } else { text }
}
