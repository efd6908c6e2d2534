//! A Docker schema 2 image as schema 1, for clients that know nothing newer (distribution, `schema1` "config builder").

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::content::Content;
use super::go_json;
use crate::protocol::name::RepositoryName;

/// The layer that stands for a step without one: an empty archive, compressed.
const EMPTY_LAYER: &str = "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4";

/// Its bytes, which the repository of a converted image needs.
pub(crate) const EMPTY_LAYER_BYTES: [u8; 32] = [
    31, 139, 8, 0, 0, 9, 110, 136, 0, 255, 98, 24, 5, 163, 96, 20, 140, 88, 0, 8, 0, 0, 255, 255, 46, 175,
    181, 239, 0, 4, 0, 0,
];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Manifest<'a> {
    schema_version: u8,
    name: &'a str,
    tag: &'a str,
    architecture: &'a str,
    fs_layers: Vec<Value>,
    history: Vec<Value>,
}

/// A step of the image, oldest first.
struct Step {
    id: String,
    parent: Option<String>,
    layer: String,
    /// Its entry in the config's history.
    made: Value,
}

/// The unsigned manifest, indented as the service indents it; `None` when the config is not a Docker image's or its
/// history does not fit the layers.
pub(crate) fn convert(image: &Content, config: &[u8], name: &RepositoryName, tag: &str) -> Option<String> {
    let config_document: Map<String, Value> = serde_json::from_str(&go_json::text(config)).ok()?;
    let history = config_document.get("history")?.as_array()?;
    let mut layers = image.blobs.iter().skip(1).map(|blob| blob.digest.to_string());
    let mut steps: Vec<Step> = Vec::new();
    for (number, made) in history.iter().enumerate() {
        let layer = if is_empty(made) { EMPTY_LAYER.to_owned() } else { layers.next()? };
        let parent = steps.last().map(|step| step.id.clone());
        let is_newest = number + 1 == history.len();
        let id = id(&layer, parent.as_deref(), is_newest.then_some(config));
        steps.push(Step { id, parent, layer, made: made.clone() });
    }
    if layers.next().is_some() {
        return None;
    }
    let newest = steps.pop()?;
    let architecture = config_document.get("architecture")?.as_str()?;
    let mut fs_layers = vec![json!({ "blobSum": newest.layer })];
    let mut texts = vec![newest_text(&config_document, &newest)?];
    for step in steps.iter().rev() {
        fs_layers.push(json!({ "blobSum": step.layer }));
        texts.push(text(step)?);
    }
    let history = texts.into_iter().map(|text| json!({ "v1Compatibility": text })).collect();
    indented(&Manifest { schema_version: 1, name: name.as_str(), tag, architecture, fs_layers, history })
}

fn is_empty(made: &Value) -> bool {
    made.get("empty_layer").and_then(Value::as_bool).unwrap_or_default()
}

/// The id of a step follows from what it contains, so that the same image always has the same.
fn id(layer: &str, parent: Option<&str>, config: Option<&[u8]>) -> String {
    let hex = layer.split_once(':').map_or(layer, |(_, hex)| hex);
    let mut hash = Sha256::new_with_prefix(format!("{hex} {}", parent.unwrap_or_default()));
    if let Some(config) = config {
        hash.update(b" ");
        hash.update(config);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The description of the newest step: the config without what schema 1 lacks.
fn newest_text(config: &Map<String, Value>, step: &Step) -> Option<String> {
    let known = config.iter().filter(|(name, _)| !matches!(name.as_str(), "rootfs" | "history"));
    let mut fields: BTreeMap<&str, Value> =
        known.map(|(name, value)| (name.as_str(), value.clone())).collect();
    fields.insert("id", step.id.as_str().into());
    if let Some(parent) = &step.parent {
        fields.insert("parent", parent.as_str().into());
    }
    if is_empty(&step.made) {
        fields.insert("throwaway", true.into());
    }
    serde_json::to_string(&fields).ok()
}

#[derive(Serialize)]
struct Description<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<&'a Value>,
    container_config: Command<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'a Value>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    throwaway: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Command<'a> {
    cmd: [&'a str; 1],
}

/// The description of an older step.
fn text(step: &Step) -> Option<String> {
    let made = &step.made;
    serde_json::to_string(&Description {
        id: &step.id,
        parent: step.parent.as_deref(),
        comment: made.get("comment"),
        created: made.get("created"),
        container_config: Command {
            cmd: [made.get("created_by").and_then(Value::as_str).unwrap_or_default()],
        },
        author: made.get("author"),
        throwaway: is_empty(made),
    })
    .ok()
}

/// Indented by three spaces.
fn indented(manifest: &Manifest<'_>) -> Option<String> {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"   ");
    manifest.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter)).ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::protocol::name::Digest;
    use crate::registry::media_type::DOCKER_V2;

    fn image() -> Content {
        let digest = Digest::of(b"");
        let json = format!(
            r#"{{"schemaVersion":2,"config":{{"digest":"{digest}","size":0}},"layers":[{{"digest":"{digest}","size":0}}]}}"#
        );
        Content::parse(DOCKER_V2, Bytes::from(json)).unwrap()
    }

    #[test]
    fn steps_are_newest_first_and_those_without_a_layer_are_thrown_away() {
        let config = br#"{"architecture":"amd64","os":"linux","history":[{"created_by":"ADD"},{"created_by":"CMD","empty_layer":true}],"rootfs":{}}"#;
        let name = RepositoryName::parse("library/app").unwrap();
        let text = convert(&image(), config, &name, "1").unwrap();
        assert!(
            text.starts_with("{\n   \"schemaVersion\": 1,\n   \"name\": \"library/app\"")
                && text.ends_with("\n}")
        );
        let manifest: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(manifest["fsLayers"][0]["blobSum"], EMPTY_LAYER);
        let history = |number: usize| -> Value {
            serde_json::from_str(manifest["history"][number]["v1Compatibility"].as_str().unwrap()).unwrap()
        };
        assert_eq!((&history(0)["throwaway"], &history(0)["parent"]), (&true.into(), &history(1)["id"]));
        assert_eq!(history(1)["container_config"]["Cmd"][0], "ADD");
        assert!(history(0).get("rootfs").is_none() && history(1).get("parent").is_none());
    }

    #[test]
    fn the_empty_layer_has_its_digest() {
        assert_eq!(Digest::of(&EMPTY_LAYER_BYTES).as_str(), EMPTY_LAYER);
    }

    #[test]
    fn a_history_that_does_not_fit_the_layers_is_not_converted() {
        let name = RepositoryName::parse("a").unwrap();
        for config in [
            r#"{"architecture":"amd64","history":[]}"#,
            r#"{"architecture":"amd64","history":[{},{}]}"#,
            r#"{"architecture":"amd64","history":[{"empty_layer":true}]}"#,
            "[]",
        ] {
            assert_eq!(convert(&image(), config.as_bytes(), &name, "1"), None, "{config}");
        }
    }
}
