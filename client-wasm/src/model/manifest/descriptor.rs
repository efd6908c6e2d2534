//! Descriptors: how a manifest points at content (OCI image specification, "Content Descriptors").

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::http::Members;
use crate::name::MediaType;

/// Metadata by key, `org.opencontainers.image.*` among them (`Annotations`; OCI image specification, "Annotations").
pub type Annotations = BTreeMap<String, String>;

/// What a manifest says of a piece of content (`Descriptor`). A field of another type than the specification says reads as if it were missing,
/// here and in every manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// Media type of the content.
    pub media_type: MediaType,
    /// Digest of the content.
    pub digest: String,
    /// Size of the content, in bytes; `None` where it is not stated, or is not a size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Other places to fetch the content from. Hostile text: never followed by this client.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// Metadata of this use of the content.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: Annotations,
    /// The artifact's type, where the content is a manifest of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// What the content runs on, where it is a manifest in an index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// The content itself, base64, where it is small and the manifest carries it along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

impl<'de> Deserialize<'de> for Descriptor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            media_type: members.read("mediaType"),
            digest: members.read("digest"),
            size: members.read("size"),
            urls: members.strings("urls"),
            annotations: members.texts("annotations"),
            artifact_type: members.read("artifactType"),
            platform: members.read("platform"),
            data: members.read("data"),
        })
    }
}

/// What an image runs on (`Platform`), in the words of the Go language: `GOOS` and `GOARCH`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Platform {
    /// CPU architecture, for instance `amd64`.
    pub architecture: String,
    /// Operating system, for instance `linux`.
    pub os: String,
    /// Version of the operating system, for instance `10.0.20348.2227`.
    #[serde(rename = "os.version", skip_serializing_if = "Option::is_none")]
    pub os_version: Option<String>,
    /// Features the operating system must have, for instance `win32k`.
    #[serde(rename = "os.features", skip_serializing_if = "Vec::is_empty")]
    pub os_features: Vec<String>,
    /// Variant of the CPU, for instance `v8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Features the CPU must have, for instance `sse4`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
}

impl<'de> Deserialize<'de> for Platform {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            architecture: members.read("architecture"),
            os: members.read("os"),
            os_version: members.read("os.version"),
            os_features: members.strings("os.features"),
            variant: members.read("variant"),
            features: members.strings("features"),
        })
    }
}
