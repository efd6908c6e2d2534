//! The state of the registry that an exchange shows: what must have been there for the recorded answer.

use serde_json::{Value, json};

use super::exchange::{Exchange, Resource};
use super::plant::{Manifest, SOME_TIME, State, Tag, open, ticks, ticks_of_http_date};
use crate::image::{DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST, digest};

pub const EMPTY_CONFIG: &[u8] = b"{}";
const ARTIFACT: &str = "application/vnd.oci.artifact.manifest.v1+json";
const FILLER: &str = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00";

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

fn filler(state: &mut State, name: &str) {
    let text = r#"{"schemaVersion":2,"manifests":[]}"#;
    state.repository(name).manifests.insert(FILLER.to_owned(), Manifest::new(OCI_INDEX, text));
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

/// The flags before the request: those of the answer, with what a PATCH set the other way round.
fn flags(exchange: &Exchange, recorded: &Value, locked: bool) -> Value {
    let mut flags = open();
    if locked {
        for name in ["deleteEnabled", "writeEnabled", "readEnabled"] {
            flags[name] = false.into();
        }
    }
    let patch: Value = exchange
        .request
        .body
        .as_ref()
        .map_or(Value::Null, |body| serde_json::from_str(body).unwrap_or_default());
    for (name, flag) in flags.as_object_mut().unwrap() {
        if let Some(recorded) = recorded[name].as_bool() {
            *flag = (recorded ^ patch[name].is_boolean()).into();
        }
    }
    flags
}

fn tag(exchange: &Exchange, row: &Value) -> (String, Tag) {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let tag = Tag {
        digest: text("digest").to_owned(),
        created: ticks(text("createdTime")),
        updated: ticks(text("lastUpdateTime")),
        flags: flags(exchange, &row["changeableAttributes"], false),
    };
    (text("name").to_owned(), tag)
}

fn add_tag(state: &mut State, repository: &str, name: String, tag: Tag) {
    let repository = state.repository(repository);
    let manifest = || Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#);
    repository.manifests.entry(tag.digest.clone()).or_insert_with(manifest);
    repository.tags.insert(name, tag);
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

/// A manifest as a row of a list or the answer about one shows it.
fn add_row(state: &mut State, exchange: &Exchange, name: &str, row: &Value) {
    let text = |name: &str| row[name].as_str().map(str::to_owned);
    let media_type = text("mediaType").unwrap_or_else(|| DOCKER_MANIFEST.to_owned());
    let attributes = &row["changeableAttributes"];
    let mut quarantine = json!({});
    for field in ["quarantineState", "quarantineDetails"] {
        if attributes[field].is_string() {
            quarantine[field] = attributes[field].clone();
        }
    }
    let manifest = Manifest {
        text: content(&media_type, row),
        architecture: text("architecture"),
        os: text("os"),
        created: ticks(&text("createdTime").unwrap()),
        updated: ticks(&text("lastUpdateTime").unwrap()),
        image_size: row["imageSize"].as_u64().unwrap_or_default(),
        flags: flags(exchange, attributes, false),
        quarantine,
        media_type,
    };
    let digest = text("digest").unwrap();
    let repository = state.repository(name);
    repository.manifests.insert(digest.clone(), manifest);
    for tag in texts(&row["tags"]) {
        repository.tags.insert(tag, Tag::new(&digest));
    }
}

/// A manifest of a media type, of which a row shows the references and the config's type.
fn content(media_type: &str, row: &Value) -> String {
    let kind = media_type.rsplit('.').nth(1).unwrap_or_default();
    if media_type == ARTIFACT || kind == "artifact" {
        return json!({ "mediaType": media_type }).to_string();
    }
    if media_type.contains("manifest.v1") && media_type.contains("docker") {
        return json!({ "schemaVersion": 1, "architecture": row["architecture"], "fsLayers": [] })
            .to_string();
    }
    if media_type.contains("list") || media_type.contains("index") {
        let references = row["references"].as_array().cloned().unwrap_or_default();
        let children: Vec<Value> = references
            .iter()
            .map(|entry| {
                json!({
                    "digest": entry["digest"],
                    "platform": { "architecture": entry["architecture"], "os": entry["os"] },
                })
            })
            .collect();
        return json!({ "schemaVersion": 2, "manifests": children }).to_string();
    }
    // An older answer leaves the type of the config out, though an image has one.
    let config_type = match row["configMediaType"].as_str() {
        Some(text) => text,
        None if row["architecture"].is_string() => "application/vnd.docker.container.image.v1+json",
        None => "",
    };
    let config = json!({ "mediaType": config_type, "digest": digest(EMPTY_CONFIG), "size": 2 });
    json!({ "schemaVersion": 2, "config": config, "layers": [] }).to_string()
}

fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn manifest(state: &mut State, exchange: &Exchange, name: &str, reference: &str) {
    let status = exchange.response.status;
    let message = exchange.response.message();
    match exchange.request.method.as_str() {
        "PUT" => return push(state, exchange, name, reference),
        "DELETE" if status == 202 => {
            state
                .repository(name)
                .manifests
                .insert(reference.to_owned(), Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#));
            return;
        }
        "GET" | "HEAD" if status == 200 || status == 304 => pulled(state, exchange, name, reference),
        _ if message.contains("OCI artifact found") => {
            point(state, name, reference, Manifest::new(ARTIFACT, "{}"));
        }
        _ if message.contains("OCI index found") => {
            point(state, name, reference, Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#));
        }
        _ if message.contains("OCI manifest found") => {
            point(state, name, reference, Manifest::new(OCI_MANIFEST, content(OCI_MANIFEST, &Value::Null)));
        }
        _ if exchange.response.code() == "REGISTRY_DISALLOWED_OPERATION" => {
            let flags = flags(exchange, &Value::Null, true);
            let manifest = Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#);
            point(state, name, reference, Manifest { flags, ..manifest });
        }
        _ if name.chars().all(|c| !c.is_ascii_uppercase()) => filler(state, name),
        _ => {}
    }
}

/// Puts a manifest under a reference.
fn point(state: &mut State, name: &str, reference: &str, manifest: Manifest) {
    let repository = state.repository(name);
    let digest = if reference.contains(':') { reference } else { FILLER };
    repository.manifests.insert(digest.to_owned(), manifest);
    if !reference.contains(':') {
        repository.tags.insert(reference.to_owned(), Tag::new(digest));
    }
}

fn pulled(state: &mut State, exchange: &Exchange, name: &str, reference: &str) {
    let response = &exchange.response;
    let media_type = response.header("content-type").unwrap_or_else(|| OCI_MANIFEST.to_owned());
    if is_conversion(exchange) {
        return convertible(state, name, reference);
    }
    let length = response.content_length().unwrap_or_default();
    // What a HEAD does not show is as long as it says.
    let text = response.bytes().map_or_else(
        || format!("{:<length$}", content(&media_type, &Value::Null)),
        |bytes| String::from_utf8(bytes).unwrap(),
    );
    let digest = response.header("docker-content-digest").unwrap_or_else(|| digest(text.as_bytes()));
    let repository = state.repository(name);
    repository.manifests.insert(digest.clone(), Manifest::new(&media_type, text));
    if !reference.contains(':') {
        repository.tags.insert(reference.to_owned(), Tag::new(&digest));
    }
}

/// Whether a Docker image was converted to schema 1 for its client.
pub fn is_conversion(exchange: &Exchange) -> bool {
    let sent = exchange.response.header("content-type").unwrap_or_default();
    let accepted = exchange.request.header("accept").unwrap_or_default();
    sent.ends_with("manifest.v1+prettyjws") && !accepted.contains("docker.distribution.manifest")
}

/// A Docker image with a history, to be converted.
fn convertible(state: &mut State, name: &str, reference: &str) {
    let config = json!({
        "architecture": "amd64",
        "os": "linux",
        "config": { "Cmd": ["/hello"] },
        "created": "2021-09-23T23:47:57.442225064Z",
        "history": [
            { "created": "2021-09-23T23:47:57.0Z", "created_by": "/bin/sh -c #(nop) COPY file:0 in / " },
            { "created": "2021-09-23T23:47:57.4Z", "created_by": "/bin/sh -c #(nop)  CMD [\"/hello\"]", "empty_layer": true },
        ],
        "rootfs": { "type": "layers", "diff_ids": [digest(b"layer")] },
    })
    .to_string();
    let (config_digest, layer_digest) = (digest(config.as_bytes()), digest(b"layer"));
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": { "mediaType": "application/vnd.docker.container.image.v1+json", "digest": config_digest, "size": config.len() },
        "layers": [{ "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "digest": layer_digest, "size": 5 }],
    });
    state.blob(name, &config_digest, config.into_bytes());
    state.blob(name, &layer_digest, b"layer".to_vec());
    point(state, name, reference, Manifest::new(DOCKER_MANIFEST, manifest.to_string()));
}

/// What a pushed manifest names.
fn push(state: &mut State, exchange: &Exchange, name: &str, reference: &str) {
    state.blob(name, &digest(EMPTY_CONFIG), EMPTY_CONFIG.to_vec());
    if exchange.response.code() == "REGISTRY_DISALLOWED_OPERATION" {
        let flags = flags(exchange, &Value::Null, true);
        state.repository(name).flags = flags;
        return point(state, name, reference, Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#));
    }
    let manifest: Value =
        exchange.request.bytes().and_then(|body| serde_json::from_slice(&body).ok()).unwrap_or_default();
    if exchange.response.status >= 400 {
        return;
    }
    let list = |field: &str| manifest[field].as_array().cloned().unwrap_or_default();
    let layers = [list("layers"), list("blobs"), vec![manifest["config"].clone()]].concat();
    let schema_1 = list("fsLayers").into_iter().map(|layer| layer["blobSum"].clone());
    let blobs = layers.iter().map(|layer| layer["digest"].clone()).chain(schema_1);
    for blob in blobs.filter_map(|digest| digest.as_str().map(str::to_owned)) {
        state.blob(name, &blob, b"blob".to_vec());
    }
    for child in list("manifests") {
        let child = child["digest"].as_str().unwrap_or(FILLER).to_owned();
        state.repository(name).manifests.insert(child, Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#));
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
