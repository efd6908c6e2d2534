//! Docker's image manifest of schema 2.

use serde::{Deserialize, Deserializer, Serialize};

use super::descriptor::{Annotations, Descriptor};
use crate::http::Members;
use crate::name::MediaType;

/// Docker image manifest, schema 2 (`V2Manifest`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct V2Manifest {
    /// Always 2.
    pub schema_version: u64,
    /// The media type the manifest states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// The image's configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Descriptor>,
    /// The layers, the lowest first.
    pub layers: Vec<Descriptor>,
    /// The manifest this one refers to; not of Docker's schema, but tools write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    /// Metadata; not of Docker's schema, but tools write it.
    #[serde(skip_serializing_if = "Annotations::is_empty")]
    pub annotations: Annotations,
}

impl<'de> Deserialize<'de> for V2Manifest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            schema_version: members.read("schemaVersion"),
            media_type: members.read("mediaType"),
            config: members.read("config"),
            layers: members.list("layers")?,
            subject: members.read("subject"),
            annotations: members.texts("annotations"),
        })
    }
}
