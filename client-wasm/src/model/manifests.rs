//! Manifests as the registry lists them: attributes, not content. Their content is in [`super::manifest`].

use serde::{Deserialize, Serialize};

use super::attributes::ManifestChangeableAttributes;
use super::timestamp::Timestamp;
use super::wire::or_default;
use crate::name::MediaType;

/// A page of manifests (`AcrManifests`; Manifests_GetList).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AcrManifests {
    /// The login server.
    #[serde(default, deserialize_with = "or_default")]
    pub registry: String,
    /// The repository's name.
    #[serde(default, deserialize_with = "or_default")]
    pub image_name: String,
    /// The manifests, in the order asked for.
    #[serde(default, deserialize_with = "or_default")]
    pub manifests: Vec<ManifestAttributesBase>,
}

/// What the registry knows of a manifest, with the place it lies in (`ManifestAttributes`; Manifests_GetAttributes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestAttributes {
    /// The login server.
    #[serde(default, deserialize_with = "or_default")]
    pub registry: String,
    /// The repository's name.
    #[serde(default, deserialize_with = "or_default")]
    pub image_name: String,
    /// The manifest itself.
    pub manifest: ManifestAttributesBase,
}

/// What the registry knows of a manifest (`ManifestAttributesBase`, and `ManifestAttributes_manifest` which adds references and quarantine tag).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestAttributesBase {
    /// The manifest's digest.
    pub digest: String,
    /// Bytes: of an image its manifest, config and layers; of an index the sum of its children and its own bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_size: Option<u64>,
    /// When it was first pushed.
    #[serde(default, deserialize_with = "or_default")]
    pub created_time: Timestamp,
    /// When it was last pushed, or a tag moved to or from it.
    #[serde(default, deserialize_with = "or_default")]
    pub last_update_time: Timestamp,
    /// CPU architecture, absent on an index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// Operating system, absent on an index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// Media type of the manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// Media type of the config, which states what kind of artifact it is; absent on an index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_media_type: Option<MediaType>,
    /// The artifact's type, where the manifest says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// Tags on this manifest. May be cut short in lists; ask the tag list with this digest for all of them.
    #[serde(default, deserialize_with = "or_default")]
    pub tags: Vec<String>,
    /// The switches that lock it, and its quarantine.
    #[serde(default, deserialize_with = "or_default")]
    pub changeable_attributes: ManifestChangeableAttributes,
    /// The manifests an index refers to; only in the answer of a single manifest.
    #[serde(default, deserialize_with = "or_default")]
    pub references: Vec<ManifestReference>,
    /// The quarantine tag, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine_tag: Option<String>,
}

/// One manifest that an index refers to, as the registry reports it (`ManifestAttributes_manifest_references`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestReference {
    /// The manifest's digest.
    pub digest: String,
    /// CPU architecture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// Operating system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
}
