//! What the rows of lists and the answers about one thing show of the state.

use serde_json::{Value, json};

use super::exchange::Exchange;
use super::plant::{Manifest, State, Tag, open, ticks};
use crate::image::{DOCKER_MANIFEST, OCI_INDEX, digest};

pub const EMPTY_CONFIG: &[u8] = b"{}";
pub const ARTIFACT: &str = "application/vnd.oci.artifact.manifest.v1+json";
pub const FILLER: &str = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00";

pub fn filler(state: &mut State, name: &str) {
    let text = r#"{"schemaVersion":2,"manifests":[]}"#;
    state.repository(name).manifests.insert(FILLER.to_owned(), Manifest::new(OCI_INDEX, text));
}

/// The flags before the request: those of the answer, with what a PATCH set the other way round.
pub fn flags(exchange: &Exchange, recorded: &Value, locked: bool) -> Value {
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

pub fn tag(exchange: &Exchange, row: &Value) -> (String, Tag) {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let tag = Tag {
        digest: text("digest").to_owned(),
        created: ticks(text("createdTime")),
        updated: ticks(text("lastUpdateTime")),
        flags: flags(exchange, &row["changeableAttributes"], false),
    };
    (text("name").to_owned(), tag)
}

pub fn add_tag(state: &mut State, repository: &str, name: String, tag: Tag) {
    let repository = state.repository(repository);
    let manifest = || Manifest::new(OCI_INDEX, r#"{"schemaVersion":2}"#);
    repository.manifests.entry(tag.digest.clone()).or_insert_with(manifest);
    repository.tags.insert(name, tag);
}

/// A manifest as a row of a list or the answer about one shows it.
pub fn add_row(state: &mut State, exchange: &Exchange, name: &str, row: &Value) {
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
pub fn content(media_type: &str, row: &Value) -> String {
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

pub fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
