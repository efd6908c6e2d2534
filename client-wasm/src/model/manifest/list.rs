//! Docker's manifest list.

use serde::{Deserialize, Deserializer, Serialize};

use super::descriptor::{Annotations, Descriptor};
use crate::http::Members;
use crate::name::MediaType;

/// One manifest of a list or an index (`ManifestListAttributes`): a descriptor whose platform says what it runs on.
pub type ManifestListAttributes = Descriptor;

/// Docker manifest list (`ManifestList`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestList {
    /// Always 2.
    pub schema_version: u64,
    /// The media type the list states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// The manifests, one a platform.
    pub manifests: Vec<ManifestListAttributes>,
    /// Metadata; Docker's schema has none, tools add it nonetheless.
    #[serde(skip_serializing_if = "Annotations::is_empty")]
    pub annotations: Annotations,
}

impl<'de> Deserialize<'de> for ManifestList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            schema_version: members.read("schemaVersion"),
            media_type: members.read("mediaType"),
            manifests: members.list("manifests")?,
            annotations: members.texts("annotations"),
        })
    }
}
