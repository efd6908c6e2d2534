//! The OCI manifests: image manifest, image index and the withdrawn artifact manifest.

use serde::{Deserialize, Serialize};

use super::descriptor::{Annotations, Descriptor};
use super::list::ManifestListAttributes;
use crate::model::wire::{or_default, readable, texts};
use crate::name::MediaType;

/// OCI image manifest (`OCIManifest`; OCI image specification, "Image Manifest"): images, and artifacts of any type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OciManifest {
    /// Always 2.
    #[serde(default)]
    pub schema_version: u64,
    /// The media type the manifest states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// The artifact's type, where the config does not state it.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Descriptor>,
    /// The layers, the lowest first.
    #[serde(default, deserialize_with = "or_default")]
    pub layers: Vec<Descriptor>,
    /// The manifest this one refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Metadata.
    #[serde(default, deserialize_with = "texts", skip_serializing_if = "Annotations::is_empty")]
    pub annotations: Annotations,
}

/// OCI image index (`OCIIndex`; OCI image specification, "Image Index").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OciIndex {
    /// Always 2.
    #[serde(default)]
    pub schema_version: u64,
    /// The media type the index states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// The artifact's type.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The manifests it refers to.
    #[serde(default, deserialize_with = "or_default")]
    pub manifests: Vec<ManifestListAttributes>,
    /// The manifest this index refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Metadata.
    #[serde(default, deserialize_with = "texts", skip_serializing_if = "Annotations::is_empty")]
    pub annotations: Annotations,
}

/// OCI artifact manifest, of the release candidates of image specification 1.1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OciArtifact {
    /// The media type the manifest states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// The artifact's type.
    #[serde(default, deserialize_with = "readable", skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// The content.
    #[serde(default, deserialize_with = "or_default")]
    pub blobs: Vec<Descriptor>,
    /// The manifest this one refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Metadata.
    #[serde(default, deserialize_with = "texts", skip_serializing_if = "Annotations::is_empty")]
    pub annotations: Annotations,
}
