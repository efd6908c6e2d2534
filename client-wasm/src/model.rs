//! What the registry says, as types: one file a resource. Total for their readers: a `null` list is an empty one, a missing
//! switch is on, a missing text is empty or `None`. Fields carry the wire names of the ACR API in their serde form. No I/O here.
//!
//! Times are UTC, sizes are bytes. Fields beyond these definitions are ignored on read here; a manifest keeps its own bytes.

mod attributes;
mod image_config;
mod json_text;
pub mod manifest;
mod manifests;
mod repositories;
mod tags;
mod timestamp;
mod tokens;
mod wire;

pub use attributes::{
    ChangeableAttributes, ChangeableAttributesPatch, ManifestChangeableAttributes,
    ManifestChangeableAttributesPatch,
};
pub use image_config::{ContainerConfig, HealthCheck, HistoryEntry, ImageConfig, RootFs};
pub use json_text::repaired_json;
pub use manifest::{
    Annotations, Descriptor, FsLayer, History, ImageSignature, Jwk, JwkHeader, Manifest, ManifestList,
    ManifestListAttributes, OciArtifact, OciIndex, OciManifest, Platform, V1Manifest, V2Manifest,
};
pub use manifests::{AcrManifests, ManifestAttributes, ManifestAttributesBase, ManifestReference};
pub use repositories::{DeletedRepository, RepositoryAttributes, RepositoryList, RepositoryTags};
pub use tags::{TagAttributes, TagAttributesBase, TagList};
pub use timestamp::Timestamp;
pub use tokens::{AccessToken, RefreshToken};
