//! Docker's image manifest of schema 2.

use serde::{Deserialize, Serialize};

use super::descriptor::{Annotations, Descriptor};
use crate::model::wire::{or_default, texts};
use crate::name::MediaType;

/// Docker image manifest, schema 2 (`V2Manifest`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct V2Manifest {
    /// Always 2.
    #[serde(default)]
    pub schema_version: u64,
    /// The media type the manifest states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// The image's configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Descriptor>,
    /// The layers, the lowest first.
    #[serde(default, deserialize_with = "or_default")]
    pub layers: Vec<Descriptor>,
    /// The manifest this one refers to; not of Docker's schema, but tools write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Metadata; not of Docker's schema, but tools write it.
    #[serde(default, deserialize_with = "texts", skip_serializing_if = "Annotations::is_empty")]
    pub annotations: Annotations,
}
