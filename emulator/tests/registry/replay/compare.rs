//! What is compared of an answer: everything, except what differs from one answer to the next.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::exchange::{Exchange, Resource};
use super::manifest::is_conversion;
use super::shape::{normal, shape};
use crate::client::Answer;

/// Headers whose value differs from one answer to the next.
const VARYING: [&str; 8] = [
    "x-ms-correlation-request-id",
    "x-ms-client-request-id",
    "x-ms-request-id",
    "docker-upload-uuid",
    "date",
    "x-ms-copy-id",
    "x-ms-copy-source",
    "connection",
];

/// Headers that recorders have left out, or that belong to the connection.
const MAY_BE_EXTRA: [&str; 5] = [
    "date",
    "connection",
    "transfer-encoding",
    "content-length",
    "x-ms-ratelimit-remaining-calls-per-second",
];

/// The differences between an answer and the recorded one. `substitutes` are texts of ours and what they stand for.
pub fn differences(exchange: &Exchange, answer: &Answer, substitutes: &[(String, String)]) -> Vec<String> {
    let mut differences = Vec::new();
    if answer.status.as_u16() != exchange.response.status {
        let (ours, theirs) = (answer.status, exchange.response.status);
        differences.push(format!("status {ours} instead of {theirs}: {}", answer.text()));
        return differences;
    }
    let substitute = |text: &str| {
        substitutes.iter().fold(text.to_owned(), |text, (ours, theirs)| text.replace(ours, theirs))
    };
    headers(exchange, answer, &substitute, &mut differences);
    body(exchange, answer, &substitute, &mut differences);
    differences
}

fn headers(
    exchange: &Exchange,
    answer: &Answer,
    substitute: &dyn Fn(&str) -> String,
    differences: &mut Vec<String>,
) {
    let recorded = &exchange.response.headers;
    for (name, values) in recorded {
        let lower = name.to_lowercase();
        let ours = answer.headers.get_all(&lower).iter().map(|value| substitute(value.to_str().unwrap()));
        let ours: Vec<String> = ours.collect();
        let theirs = values.values();
        let same = match lower.as_str() {
            "content-length" | "transfer-encoding" => same_length(exchange, answer),
            // Recording 55 lists both by mistake.
            "x-ms-client-request-id" | "x-ms-request-id" if exchange.response.status == 307 => true,
            "etag" if exchange.is_from_storage() => !ours.is_empty(),
            // The image that is converted is not the recorded one.
            "etag" | "docker-content-digest" if is_conversion(exchange) => !ours.is_empty(),
            "www-authenticate" => challenge(&ours.join("")) == challenge(&theirs.join("")),
            varying if VARYING.contains(&varying) => !ours.is_empty(),
            // The recorder split the products of storage's `Server` into values.
            "server" => ours.join(" ") == theirs.join(" "),
            _ => ours.iter().map(|v| normal(v)).eq(theirs.iter().map(|v| normal(v))),
        };
        if !same {
            differences.push(format!("{name} is {ours:?} instead of {theirs:?}"));
        }
    }
    if exchange.is_reported() {
        return;
    }
    for name in answer.headers.keys().map(http::HeaderName::as_str) {
        let is_recorded = recorded.keys().any(|recorded| recorded.eq_ignore_ascii_case(name));
        let removed_tag = exchange.request.method == "DELETE" && name.starts_with("x-ms-");
        if !is_recorded && !MAY_BE_EXTRA.contains(&name) && !removed_tag {
            differences.push(format!("{name} is not in the recording"));
        }
    }
}

/// The order of scopes and actions varies in the service, so it is not compared.
fn challenge(text: &str) -> String {
    let Some((before, rest)) = text.split_once("scope=\"") else { return text.to_owned() };
    let (scopes, after) = rest.split_once('"').unwrap_or((rest, ""));
    let mut scopes: Vec<String> = scopes.split(' ').map(sorted_actions).collect();
    scopes.sort();
    format!("{before}scope=\"{}\"{after}", scopes.join(" "))
}

fn sorted_actions(scope: &str) -> String {
    let Some((resource, actions)) = scope.rsplit_once(':') else { return scope.to_owned() };
    let mut actions: Vec<&str> = actions.split(',').collect();
    actions.sort_unstable();
    format!("{resource}:{}", actions.join(","))
}

/// A length is compared where the bodies are the same; else it is enough that there is one, or chunks.
fn same_length(exchange: &Exchange, answer: &Answer) -> bool {
    let ours = answer.header("content-length").parse::<usize>().ok();
    let redirect = exchange.response.status == 307;
    let recorded = exchange.response.content_length();
    // What was blotted out of a recording changed its length.
    let body = exchange.response.bytes().map_or(0, |body| body.len());
    let is_true = body == 0 || recorded.is_some_and(|length| length == body || length == body + 1);
    match recorded {
        Some(theirs) if is_true && !redirect && !is_conversion(exchange) => ours == Some(theirs),
        _ => ours.is_some() || answer.headers.contains_key("transfer-encoding"),
    }
}

fn body(
    exchange: &Exchange,
    answer: &Answer,
    substitute: &dyn Fn(&str) -> String,
    differences: &mut Vec<String>,
) {
    let Some(theirs) = exchange.response.bytes() else { return };
    let Ok(theirs) = String::from_utf8(theirs.clone()) else {
        if answer.body != theirs {
            differences.push("the bytes differ".to_owned());
        }
        return;
    };
    let ours = substitute(&answer.text());
    let token_service = matches!(exchange.resource(), Resource::Exchange | Resource::Token);
    if token_service && exchange.response.status == 200 {
        return tokens(&ours, &theirs, differences);
    }
    if is_conversion(exchange) {
        let parsed = |text: &str| {
            serde_json::from_str(text).map_or_else(|error| error.to_string(), |json| shape(&json))
        };
        let (ours, theirs) = (parsed(&ours), parsed(&theirs));
        if ours != theirs {
            differences.push(format!("the shape is {ours} instead of {theirs}"));
        }
        return;
    }
    let same = match theirs.split_once('…') {
        Some((before, after)) => ours.starts_with(before) && ours.ends_with(after),
        None if exchange.body_bytes_exact && !lost_newline(exchange, &theirs) => {
            normal(&ours) == normal(&theirs)
        }
        None => normal(&ours).trim_end() == normal(&theirs).trim_end(),
    };
    if !same {
        differences.push(format!("the body is {ours} instead of {theirs}"));
    }
}

/// A recorder that kept the length and lost the closing newline.
fn lost_newline(exchange: &Exchange, text: &str) -> bool {
    !text.ends_with('\n') && exchange.response.content_length() == Some(text.len() + 1)
}

/// Tokens are compared by the names of their claims and how long they live, as far as those were recorded.
fn tokens(ours: &str, theirs: &str, differences: &mut Vec<String>) {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (ours, theirs) = (parse(ours), parse(theirs));
    let names = |tokens: &Value| tokens.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
    if names(&ours) != names(&theirs) {
        return differences.push(format!(
            "the fields are {:?} instead of {:?}",
            names(&ours),
            names(&theirs)
        ));
    }
    for (name, token) in theirs.as_object().into_iter().flatten() {
        let Some(recorded) = claims(token).filter(|claims| claims.get("jti").is_some()) else { continue };
        let minted = claims(&ours[name]).unwrap_or_default();
        let mut shapes = [shape(&recorded), shape(&minted)];
        // Whose tenant it is depends on the form.
        shapes.iter_mut().for_each(|shape| *shape = shape.replace("tenant:string,", ""));
        let life =
            |claims: &Value| claims["exp"].as_u64().zip(claims["nbf"].as_u64()).map(|(exp, nbf)| exp - nbf);
        let fixed = ["iss", "version", "grant_type"].iter().all(|name| recorded[name] == minted[name]);
        if shapes[0] != shapes[1] || life(&recorded) != life(&minted) || !fixed {
            differences.push(format!("the claims are {minted} instead of {recorded}"));
        }
    }
}

fn claims(token: &Value) -> Option<Value> {
    let payload = token.as_str()?.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?).ok()
}
