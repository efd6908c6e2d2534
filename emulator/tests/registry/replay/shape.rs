//! What is compared of an answer: its JSON shape, and its texts without what is different every time.

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

/// Whether the fields that two JSON texts have in common come in the same order.
pub fn same_order(one: &str, other: &str) -> bool {
    let (one, other) = (fields(one), fields(other));
    let common = |of: &[String], with: &[String]| -> Vec<String> {
        of.iter().filter(|name| with.contains(name)).cloned().collect()
    };
    common(&one, &other) == common(&other, &one)
}

/// The names of a JSON text's fields, in the order in which they first appear.
fn fields(json: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut rest = json;
    while let Some(start) = rest.find('"') {
        let text = &rest[start + 1..];
        let mut escaped = false;
        let end = text.find(|c| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        });
        let Some(end) = end else { break };
        let name = text[..end].to_owned();
        rest = &text[end + 1..];
        if rest.starts_with(':') && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A text with its digests, ids, states, signatures and addresses blotted out.
pub fn normal(text: &str) -> String {
    let mut text = text.replace("sha256%3A", "sha256:");
    for (mark, ends) in
        [("sha256:", "/&>\"?\\"), ("_state=", "&>\""), ("uploads/", "?"), ("client with IP '", "'")]
    {
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
