//! Images in JSON: what `kubectl get … -o json`, `docker inspect` and others print.

use serde_json::{Deserializer, Map, Value};

use super::found::{Found, Parts, is_part};

/// Every image of a text that consists of JSON documents; `None` where it does not.
pub(super) fn found(text: &str) -> Option<Found> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut found = Found::default();
    for document in Deserializer::from_str(text).into_iter::<Value>() {
        walk(&document.ok()?, "", "", &mut found);
    }
    Some(found.finish())
}

/// `key` is that of the value, and `user` the nearest object with a kind and a name that is around. Documents are as deep as their parser
/// allows, 128 levels.
fn walk(value: &Value, key: &str, user: &str, found: &mut Found) {
    match value {
        Value::String(text) => found.text(text, user),
        Value::Array(items) => items.iter().for_each(|item| walk(item, key, user, found)),
        Value::Object(object) => {
            let own = user_of(object);
            let user = own.as_deref().unwrap_or(user);
            found.mapping(key, parts_of(object), user);
            for (key, item) in object.iter().filter(|(key, item)| !item.is_string() || !is_part(key)) {
                walk(item, key, user, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn user_of(object: &Map<String, Value>) -> Option<String> {
    let kind = object.get("kind")?.as_str()?;
    let name = object.get("metadata")?.get("name")?.as_str()?;
    Some(format!("{}/{name}", kind.to_lowercase()))
}

fn parts_of(object: &Map<String, Value>) -> Parts {
    let mut parts = Parts::default();
    for (key, value) in object {
        match value {
            Value::String(text) => parts.set(key, text),
            // A tag such as 2 or 1.5 needs no quotes.
            Value::Number(number) => parts.set(key, &number.to_string()),
            _ => {}
        }
    }
    parts
}
