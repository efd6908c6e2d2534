//! The state of the registry that an exchange shows: what must have been there for the recorded answer.

use serde_json::{Value, json};

use super::exchange::{Exchange, Resource};
use super::manifest::manifest;
use super::plant::{Manifest, SOME_TIME, State, Tag, ticks, ticks_of_http_date};
use super::rows::{FILLER, add_row, add_tag, content, filler, flags, tag, texts};
use crate::image::{OCI_INDEX, OCI_MANIFEST, digest};

/// The state before the request.
pub fn before(exchange: &Exchange) -> State {
    let mut state = State::default();
    let status = exchange.response.status;
    let body = exchange.response.json();
    if exchange.response.code() == "NAME_UNKNOWN" {
        return state;
    }
    match exchange.resource() {
        Resource::Catalog if status == 200 => catalog(&mut state, exchange, &body),
        Resource::Repository(name) => repository(&mut state, exchange, &name, &body),
        Resource::Tags(name) if status == 200 => tags(&mut state, exchange, &name, &body),
        Resource::Tag(name, tag) => one_tag(&mut state, exchange, &name, &tag, &body),
        Resource::ManifestList(name) if status == 200 => manifests(&mut state, exchange, &name, &body),
        Resource::ManifestAttributes(name, _) if status == 200 => {
            add_row(&mut state, exchange, &name, &body["manifest"]);
        }
        Resource::Manifest(name, reference) => manifest(&mut state, exchange, &name, &reference),
        Resource::Blob(name, digest) if status < 400 || status == 416 => {
            blob(&mut state, exchange, &name, &digest);
        }
        Resource::Uploads(_) if status < 400 => mount_source(&mut state, exchange),
        Resource::Referrers(name, subject) if status == 200 => referrers(&mut state, &name, &subject, &body),
        resource => known_repository(&mut state, &resource),
    }
    state
}

/// A repository in which what the request names is not.
fn known_repository(state: &mut State, resource: &Resource) {
    let (Resource::ManifestAttributes(name, _) | Resource::Blob(name, _) | Resource::ManifestList(name)) =
        resource
    else {
        return;
    };
    filler(state, name);
}

fn catalog(state: &mut State, exchange: &Exchange, body: &Value) {
    let names = body["repositories"].as_array().cloned().unwrap_or_default();
    let names = names.iter().filter_map(|name| name.as_str().map(str::to_owned));
    let more = exchange.response.header("link").map(|_| "zzzz".to_owned());
    for name in names.chain(exchange.query("last")).chain(more) {
        filler(state, &name);
    }
}

fn repository(state: &mut State, exchange: &Exchange, name: &str, body: &Value) {
    let locked = exchange.response.status == 405;
    if exchange.request.method == "DELETE" && exchange.response.status == 202 {
        let digests = texts(&body["manifestsDeleted"]);
        for digest in &digests {
            let manifest = Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#);
            state.repository(name).manifests.insert(digest.clone(), manifest);
        }
        for tag in texts(&body["tagsDeleted"]) {
            state.repository(name).tags.insert(tag, Tag::new(&digests[0]));
        }
        return;
    }
    filler(state, name);
    let repository = state.repository(name);
    repository.flags = flags(exchange, &body["changeableAttributes"], locked);
    if let (Some(created), Some(updated)) = (body["createdTime"].as_str(), body["lastUpdateTime"].as_str()) {
        (repository.created, repository.updated) = (ticks(created), ticks(updated));
    }
    for number in 1..body["manifestCount"].as_u64().unwrap_or(1) {
        let manifest = Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#);
        repository.manifests.insert(digest(&number.to_be_bytes()), manifest);
    }
    for number in 0..body["tagCount"].as_u64().unwrap_or_default() {
        repository.tags.insert(format!("tag{number}"), Tag::new(FILLER));
    }
}

fn tags(state: &mut State, exchange: &Exchange, name: &str, body: &Value) {
    let rows = body["tags"].as_array().cloned().unwrap_or_default();
    if rows.is_empty() {
        filler(state, name);
    }
    let mut last = Tag::new(&exchange.query("digest").unwrap_or_else(|| FILLER.to_owned()));
    for row in &rows {
        let (name_of_tag, value) = match row.as_str() {
            Some(name) => (name.to_owned(), Tag::new(FILLER)),
            None => tag(exchange, row),
        };
        last = value.clone();
        add_tag(state, name, name_of_tag, value);
    }
    if let Some((cursor, updated)) = cursor(exchange) {
        add_tag(state, name, cursor, Tag { updated: updated.unwrap_or(last.updated), ..last.clone() });
    }
    if exchange.response.header("link").is_some() {
        let updated = beyond(exchange, last.updated);
        add_tag(state, name, "zzzz".to_owned(), Tag { updated, ..last });
    }
}

/// The last item of the page before, with its time in time order.
fn cursor(exchange: &Exchange) -> Option<(String, Option<u64>)> {
    const DOTNET_EPOCH: u64 = 621_355_968_000_000_000;
    let last = exchange.query("last").filter(|last| !last.is_empty())?;
    Some(match last.split_once('&') {
        Some((ticks, name)) => (name.to_owned(), Some(ticks.parse::<u64>().unwrap() - DOTNET_EPOCH)),
        None => (last, None),
    })
}

/// A time that comes after the last item of a page, in the page's order.
fn beyond(exchange: &Exchange, updated: u64) -> u64 {
    if exchange.query("orderby").as_deref() == Some("timedesc") { updated - 1 } else { updated + 1 }
}

fn one_tag(state: &mut State, exchange: &Exchange, name: &str, tag_name: &str, body: &Value) {
    let status = exchange.response.status;
    if let Some(pointed) = exchange.response.header("x-ms-int-docker-content-digest") {
        return add_tag(state, name, tag_name.to_owned(), Tag::new(&pointed));
    }
    if status == 200 {
        let (tag_name, value) = tag(exchange, &body["tag"]);
        return add_tag(state, name, tag_name, value);
    }
    if status == 405 {
        let flags = flags(exchange, &Value::Null, true);
        return add_tag(state, name, tag_name.to_owned(), Tag { flags, ..Tag::new(FILLER) });
    }
    if name.chars().all(|c| !c.is_ascii_uppercase()) {
        filler(state, name);
    }
}

fn manifests(state: &mut State, exchange: &Exchange, name: &str, body: &Value) {
    let rows = body["manifests"].as_array().cloned().unwrap_or_default();
    for row in &rows {
        add_row(state, exchange, name, row);
    }
    let last = rows.last().map_or(SOME_TIME, |row| ticks(row["lastUpdateTime"].as_str().unwrap()));
    let other = |updated| Manifest { updated, ..Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#) };
    if let Some((cursor, updated)) = cursor(exchange) {
        state.repository(name).manifests.insert(cursor, other(updated.unwrap_or(last)));
    }
    if exchange.response.header("link").is_some() {
        state.repository(name).manifests.insert(FILLER.to_owned(), other(beyond(exchange, last)));
    }
    if rows.is_empty() {
        state.repository(name);
    }
}

fn blob(state: &mut State, exchange: &Exchange, name: &str, digest: &str) {
    let response = &exchange.response;
    let range = response.header("content-range").unwrap_or_default();
    let (first, total) = match range.strip_prefix("bytes ").and_then(|range| range.split_once('/')) {
        Some((part, total)) => {
            (part.split('-').next().and_then(|first| first.parse().ok()), total.parse().ok())
        }
        None => (None, None),
    };
    let first: usize = first.unwrap_or_default();
    let is_blob = exchange.is_from_storage() || exchange.request.method == "HEAD";
    let size = total.or(response.content_length().filter(|_| is_blob)).unwrap_or(1);
    let mut bytes = vec![b'.'; size];
    let recorded = response.bytes().filter(|_| is_blob && response.status < 300).unwrap_or_default();
    for (place, byte) in bytes.iter_mut().skip(first).zip(recorded) {
        *place = byte;
    }
    let blob = state.blob(name, digest, bytes);
    blob.imported = response.header("x-ms-copy-status").is_some();
    if let Some(date) = response.header("last-modified") {
        blob.at = ticks_of_http_date(&date);
    }
}

fn mount_source(state: &mut State, exchange: &Exchange) {
    if let (Some(from), Some(digest)) = (exchange.query("from"), exchange.query("mount")) {
        state.blob(&from, &digest, b"mounted".to_vec());
    }
}

fn referrers(state: &mut State, name: &str, subject: &str, body: &Value) {
    for row in body["manifests"].as_array().cloned().unwrap_or_default() {
        let media_type = row["mediaType"].as_str().unwrap_or(OCI_MANIFEST);
        let mut manifest: Value = serde_json::from_str(&content(media_type, &Value::Null)).unwrap();
        manifest["subject"] = json!({ "digest": subject });
        for field in ["artifactType", "annotations"] {
            manifest[field] = row[field].clone();
        }
        let length = usize::try_from(row["size"].as_u64().unwrap_or_default()).unwrap();
        let text = format!("{:<length$}", manifest.to_string());
        let digest = row["digest"].as_str().unwrap().to_owned();
        state.repository(name).manifests.insert(digest, Manifest::new(media_type, text));
    }
}
