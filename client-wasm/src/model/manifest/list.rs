//! Docker's manifest list.

use serde::{Deserialize, Serialize};

use super::descriptor::{Annotations, Descriptor};
use crate::model::wire::{or_default, texts};
use crate::name::MediaType;

/// One manifest of a list or an index (`ManifestListAttributes`): a descriptor whose platform says what it runs on.
pub type ManifestListAttributes = Descriptor;

/// Docker manifest list (`ManifestList`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestList {
    /// Always 2.
    #[serde(default)]
    pub schema_version: u64,
    /// The media type the list states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// The manifests, one a platform.
    #[serde(default, deserialize_with = "or_default")]
    pub manifests: Vec<ManifestListAttributes>,
    /// Metadata; Docker's schema has none, tools add it nonetheless.
    #[serde(default, deserialize_with = "texts", skip_serializing_if = "Annotations::is_empty")]
    pub annotations: Annotations,
}
