//! The configuration of a container image: a blob of its own, which the manifest's config descriptor points to
//! (OCI image specification, "Image Configuration"; Docker's is the same with more fields).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::json_text::repaired_json;
use super::timestamp::Timestamp;
use super::wire::{or_default, texts};
use crate::error::{Error, ErrorKind};

/// How an image was made and how it is to run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageConfig {
    /// When the image was built.
    #[serde(deserialize_with = "or_default")]
    pub created: Option<Timestamp>,
    /// Who built it.
    pub author: Option<String>,
    /// CPU architecture.
    #[serde(deserialize_with = "or_default")]
    pub architecture: String,
    /// Variant of the CPU.
    pub variant: Option<String>,
    /// Operating system.
    #[serde(deserialize_with = "or_default")]
    pub os: String,
    /// Version of the operating system.
    #[serde(rename = "os.version")]
    pub os_version: Option<String>,
    /// What a container of this image starts with.
    #[serde(deserialize_with = "or_default")]
    pub config: ContainerConfig,
    /// How the image was built, the oldest step first.
    #[serde(deserialize_with = "or_default")]
    pub history: Vec<HistoryEntry>,
    /// The layers by the digests of their uncompressed content.
    #[serde(deserialize_with = "or_default")]
    pub rootfs: RootFs,
}

impl ImageConfig {
    /// Parses the blob of an image configuration.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] where the bytes are no JSON or of another shape.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(repaired_json(bytes).as_bytes()).map_err(|error| {
            Error::new(
                ErrorKind::Decode,
                "Blob_Get",
                format!("this image configuration cannot be read: {error}"),
            )
        })
    }
}

/// What a container of an image starts with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ContainerConfig {
    /// The user, by name or number, with or without group.
    #[serde(deserialize_with = "or_default")]
    pub user: String,
    /// The ports it listens on, for instance `80/tcp`.
    #[serde(deserialize_with = "or_default")]
    pub exposed_ports: BTreeMap<String, Value>,
    /// The environment, `NAME=value`.
    #[serde(deserialize_with = "or_default")]
    pub env: Vec<String>,
    /// What always runs.
    #[serde(deserialize_with = "or_default")]
    pub entrypoint: Vec<String>,
    /// The default arguments of the entry point.
    #[serde(deserialize_with = "or_default")]
    pub cmd: Vec<String>,
    /// Directories whose content lives outside the image.
    #[serde(deserialize_with = "or_default")]
    pub volumes: BTreeMap<String, Value>,
    /// The directory it starts in.
    #[serde(deserialize_with = "or_default")]
    pub working_dir: String,
    /// Metadata.
    #[serde(deserialize_with = "texts")]
    pub labels: BTreeMap<String, String>,
    /// The signal that stops it.
    pub stop_signal: Option<String>,
    /// How to find out whether it works; Docker only.
    pub healthcheck: Option<HealthCheck>,
    /// The shell of the Dockerfile's shell forms; Docker only.
    #[serde(deserialize_with = "or_default")]
    pub shell: Vec<String>,
    /// What a build that is based on the image runs first, as instructions of a Dockerfile; Docker only.
    #[serde(deserialize_with = "or_default")]
    pub on_build: Vec<String>,
}

/// How to find out whether a container works. Durations are nanoseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct HealthCheck {
    /// The command, after `NONE`, `CMD` or `CMD-SHELL`.
    #[serde(deserialize_with = "or_default")]
    pub test: Vec<String>,
    /// Time between two checks.
    pub interval: Option<u64>,
    /// Time until a check counts as failed.
    pub timeout: Option<u64>,
    /// Time in which failures do not count.
    pub start_period: Option<u64>,
    /// How many failures in a row count.
    pub retries: Option<u64>,
}

/// One step of an image's build.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryEntry {
    /// When the step ran.
    #[serde(deserialize_with = "or_default")]
    pub created: Option<Timestamp>,
    /// Who ran it.
    pub author: Option<String>,
    /// The command.
    pub created_by: Option<String>,
    /// What the builder noted.
    pub comment: Option<String>,
    /// Whether the step made no layer.
    #[serde(deserialize_with = "or_default")]
    pub empty_layer: bool,
}

/// The layers of an image by their uncompressed content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RootFs {
    /// Always `layers`.
    #[serde(rename = "type", deserialize_with = "or_default")]
    pub kind: String,
    /// Digests of the uncompressed layers, the lowest first.
    #[serde(deserialize_with = "or_default")]
    pub diff_ids: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nulls_and_missing_fields_read_as_nothing() {
        let json = br#"{"architecture":"amd64","os":"linux","config":{"Cmd":["sh"],"Entrypoint":null,"Volumes":{"/data":{}},"Env":null},
            "history":[{"created_by":"ADD file","empty_layer":true},{}],"rootfs":{"type":"layers","diff_ids":["sha256:0"]},"container":"x"}"#;
        let config = ImageConfig::from_slice(json).unwrap();
        assert_eq!(config.config.cmd, ["sh"]);
        assert!(config.config.entrypoint.is_empty() && config.config.env.is_empty());
        assert!(config.config.volumes.contains_key("/data"));
        assert!(config.history[0].empty_layer && !config.history[1].empty_layer);
        assert_eq!(config.rootfs.diff_ids.len(), 1);
    }

    #[test]
    fn what_is_no_image_configuration_is_a_decode_error() {
        assert_eq!(ImageConfig::from_slice(b"[]garbage").unwrap_err().kind(), ErrorKind::Decode);
    }
}
