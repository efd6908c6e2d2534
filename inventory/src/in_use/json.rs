//! Images in JSON: what `kubectl get … -o json`, `docker inspect` and others print.

use serde_json::{Deserializer, Map, Value};

use super::image_use::ImageUse;
use super::reference::{of_parts, references_in};

/// Every image of a text that consists of JSON documents; `None` where it does not.
pub(super) fn uses(text: &str) -> Option<Vec<ImageUse>> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut uses = Vec::new();
    for document in Deserializer::from_str(text).into_iter::<Value>() {
        walk(&document.ok()?, "", &mut uses);
    }
    Some(uses)
}

/// `user` is the nearest object with a kind and a name that is around. Documents are as deep as their parser allows, 128 levels.
fn walk(value: &Value, user: &str, uses: &mut Vec<ImageUse>) {
    match value {
        Value::String(text) => {
            uses.extend(references_in(text).map(|image| ImageUse { image, user: user.to_owned() }));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, user, uses)),
        Value::Object(object) => {
            let own = user_of(object);
            let user = own.as_deref().unwrap_or(user);
            uses.extend(of_chart(object).map(|image| ImageUse { image, user: user.to_owned() }));
            object.values().for_each(|item| walk(item, user, uses));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn user_of(object: &Map<String, Value>) -> Option<String> {
    let kind = object.get("kind")?.as_str()?;
    let name = object.get("metadata")?.get("name")?.as_str()?;
    Some(format!("{}/{name}", kind.to_lowercase()))
}

fn of_chart(object: &Map<String, Value>) -> Option<super::ImageReference> {
    let text = |key: &str| object.get(key).and_then(Value::as_str);
    of_parts(text("registry"), text("repository")?, text("tag"), text("digest"))
}
