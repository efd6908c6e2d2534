//! The state that a pull, a push and a deletion of a manifest show.

use serde_json::{Value, json};

use super::exchange::Exchange;
use super::plant::{Manifest, State, Tag};
use super::rows::{ARTIFACT, EMPTY_CONFIG, FILLER, content, filler, flags};
use crate::image::{DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST, digest};

pub fn manifest(state: &mut State, exchange: &Exchange, name: &str, reference: &str) {
    let status = exchange.response.status;
    let message = exchange.response.message();
    match exchange.request.method.as_str() {
        "PUT" => push(state, exchange, name, reference),
        "DELETE" if status == 202 => {
            state
                .repository(name)
                .manifests
                .insert(reference.to_owned(), Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#));
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
pub fn point(state: &mut State, name: &str, reference: &str, manifest: Manifest) {
    let repository = state.repository(name);
    let digest = if reference.contains(':') { reference } else { FILLER };
    repository.manifests.insert(digest.to_owned(), manifest);
    if !reference.contains(':') {
        repository.tags.insert(reference.to_owned(), Tag::new(digest));
    }
}

pub fn pulled(state: &mut State, exchange: &Exchange, name: &str, reference: &str) {
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
pub fn convertible(state: &mut State, name: &str, reference: &str) {
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
pub fn push(state: &mut State, exchange: &Exchange, name: &str, reference: &str) {
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
