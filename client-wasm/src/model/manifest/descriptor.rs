//! Descriptors: how a manifest points at content (OCI image specification, "Content Descriptors").

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::wire::{readable, texts};
use crate::name::MediaType;

/// Metadata by key, `org.opencontainers.image.*` among them (`Annotations`; OCI image specification, "Annotations").
pub type Annotations = BTreeMap<String, String>;

/// What a manifest says of a piece of content (`Descriptor`). A field that is of another type than the specification says reads as if it were
/// missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// Media type of the content.
    #[serde(default, deserialize_with = "readable")]
    pub media_type: MediaType,
    /// Digest of the content.
    #[serde(default, deserialize_with = "readable")]
    pub digest: String,
    /// Size of the content, in bytes; 0 where it is not stated, or no size.
    #[serde(default, deserialize_with = "readable")]
    pub size: u64,
    /// Other places to fetch the content from. Hostile text: never followed by this client.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// Metadata of this use of the content.
    #[serde(default, deserialize_with = "texts", skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: Annotations,
    /// The artifact's type, where the content is a manifest of one.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// What the content runs on, where it is a manifest in an index.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// The content itself, base64, where it is small and the manifest carries it along.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

/// What an image runs on (`Platform`), in the words of the Go language: `GOOS` and `GOARCH`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Platform {
    /// CPU architecture, for instance `amd64`.
    #[serde(default, deserialize_with = "readable")]
    pub architecture: String,
    /// Operating system, for instance `linux`.
    #[serde(default, deserialize_with = "readable")]
    pub os: String,
    /// Version of the operating system, for instance `10.0.20348.2227`.
    #[serde(
        default,
        rename = "os.version",
        deserialize_with = "readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub os_version: Option<String>,
    /// Features the operating system must have, for instance `win32k`.
    #[serde(
        default,
        rename = "os.features",
        deserialize_with = "readable",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub os_features: Vec<String>,
    /// Variant of the CPU, for instance `v8`.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Features the CPU must have, for instance `sse4`.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
}
