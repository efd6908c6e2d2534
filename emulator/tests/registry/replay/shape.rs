//! The shape of JSON, and texts without what is different every time.

use std::collections::BTreeSet;

use serde_json::Value;

/// The names and kinds of a JSON value; of a list the different shapes of its items.
pub fn shape(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "string".to_owned(),
        Value::Array(items) => {
            let shapes: BTreeSet<String> = items.iter().map(shape).collect();
            format!("[{}]", shapes.into_iter().collect::<Vec<_>>().join("|"))
        }
        Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name}:{}", shape(value))).collect();
            format!("{{{}}}", fields.join(","))
        }
    }
}

/// A text without ids, states, signatures and addresses.
pub fn normal(text: &str) -> String {
    let mut text = text.to_owned();
    for (mark, ends) in [("_state=", "&>\""), ("uploads/", "?"), ("client with IP '", "'")] {
        text = blot(&text, mark, ends);
    }
    if let Some((_, query)) = text.split_once("/data?") {
        let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
        return format!("storage address with {}", names.join(" "));
    }
    text
}

/// Replaces what stands between `mark` and the next of `ends` by a star.
fn blot(text: &str, mark: &str, ends: &str) -> String {
    let mut parts = text.split(mark);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c| ends.contains(c)).unwrap_or(part.len());
        result.push_str(mark);
        result.push('*');
        result.push_str(&part[end..]);
    }
    result
}
