//! The OCI manifests: image manifest, image index and the withdrawn artifact manifest.

use serde::{Deserialize, Deserializer, Serialize};

use super::descriptor::{Annotations, Descriptor};
use super::list::ManifestListAttributes;
use crate::http::Members;
use crate::name::MediaType;

/// OCI image manifest (`OCIManifest`; OCI image specification, "Image Manifest"): images, and artifacts of any type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OciManifest {
    /// Always 2.
    pub schema_version: u64,
    /// The media type the manifest states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// The artifact's type, where the config does not state it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Descriptor>,
    /// The layers, the lowest first.
    pub layers: Vec<Descriptor>,
    /// The manifest this one refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Metadata.
    #[serde(skip_serializing_if = "Annotations::is_empty")]
    pub annotations: Annotations,
}

impl<'de> Deserialize<'de> for OciManifest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            schema_version: members.read("schemaVersion"),
            media_type: members.read("mediaType"),
            artifact_type: members.read("artifactType"),
            config: members.read("config"),
            layers: members.list("layers")?,
            subject: members.read("subject"),
            annotations: members.texts("annotations"),
        })
    }
}

/// OCI image index (`OCIIndex`; OCI image specification, "Image Index").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OciIndex {
    /// Always 2.
    pub schema_version: u64,
    /// The media type the index states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// The artifact's type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The manifests it refers to.
    pub manifests: Vec<ManifestListAttributes>,
    /// The manifest this index refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Metadata.
    #[serde(skip_serializing_if = "Annotations::is_empty")]
    pub annotations: Annotations,
}

impl<'de> Deserialize<'de> for OciIndex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            schema_version: members.read("schemaVersion"),
            media_type: members.read("mediaType"),
            artifact_type: members.read("artifactType"),
            manifests: members.list("manifests")?,
            subject: members.read("subject"),
            annotations: members.texts("annotations"),
        })
    }
}

/// OCI artifact manifest, of the release candidates of image specification 1.1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OciArtifact {
    /// The media type the manifest states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// The artifact's type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The content.
    pub blobs: Vec<Descriptor>,
    /// The manifest this one refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Metadata.
    #[serde(skip_serializing_if = "Annotations::is_empty")]
    pub annotations: Annotations,
}

impl<'de> Deserialize<'de> for OciArtifact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            media_type: members.read("mediaType"),
            artifact_type: members.read("artifactType"),
            blobs: members.list("blobs")?,
            subject: members.read("subject"),
            annotations: members.texts("annotations"),
        })
    }
}
