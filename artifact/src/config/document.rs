//! The JSON of a config, of which one odd part is lost alone: a number beyond every range, nesting without an end, a text that is none.

use std::collections::BTreeMap;

use acr_client_wasm::repaired_json;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// How deep objects and lists are taken apart to find the odd part: down to a field of a step of the history.
const DEPTH: u32 = 4;

/// What a document holds, as far as it can be read; `None` where it is no JSON.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok().or_else(|| value(&repaired_json(bytes), DEPTH))
}

fn value(text: &str, depth: u32) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let depth = depth.checked_sub(1)?;
    let part = |part: &RawValue| value(part.get(), depth).unwrap_or_else(odd);
    if let Ok(fields) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
        return Some(fields.into_iter().map(|(key, value)| (key, part(value))).collect());
    }
    let items = serde_json::from_str::<Vec<&RawValue>>(text).ok()?;
    Some(items.into_iter().map(part).collect())
}

/// In the place of what cannot be read: no field of a config has this type.
fn odd() -> Value {
    json!([[]])
}
