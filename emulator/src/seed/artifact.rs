//! Artifacts that are not images: a manifest with a config, layers of any type, and often a subject.

use bytes::Bytes;
use serde_json::{Value, json};

use super::index::with;
use super::pusher::{PushError, Pushed, Pusher};
use crate::protocol::name::RepositoryName;
use crate::registry::media_type::OCI_MANIFEST;

/// The config type of an artifact that has none.
pub(super) const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// A layer of an artifact: media type, bytes, annotations.
pub(super) struct Part<'a> {
    pub(super) media_type: &'a str,
    pub(super) bytes: Bytes,
    pub(super) annotations: Value,
}

/// An artifact to push.
pub(super) struct Artifact<'a> {
    pub(super) config_type: &'a str,
    pub(super) config: Bytes,
    pub(super) parts: Vec<Part<'a>>,
    pub(super) artifact_type: Option<&'a str>,
    pub(super) subject: Option<&'a Pushed>,
    pub(super) annotations: Value,
}

impl<'a> Part<'a> {
    /// A layer without annotations.
    pub(super) fn new(media_type: &'a str, bytes: impl Into<Bytes>) -> Self {
        Self { media_type, bytes: bytes.into(), annotations: Value::Null }
    }
}

impl<'a> Artifact<'a> {
    /// An artifact of a type of its own, with an empty config.
    pub(super) fn new(artifact_type: &'a str, parts: Vec<Part<'a>>) -> Self {
        Self {
            config_type: EMPTY,
            config: Bytes::from_static(b"{}"),
            parts,
            artifact_type: Some(artifact_type),
            subject: None,
            annotations: Value::Null,
        }
    }

    /// Pushes config, layers and manifest.
    pub(super) fn push(
        self,
        pusher: &mut Pusher<'_>,
        name: &RepositoryName,
        tags: &[&str],
    ) -> Result<Pushed, PushError> {
        let config = pusher.config(name, &self.config)?;
        let mut layers = Vec::new();
        for part in &self.parts {
            let digest = pusher.blob(name, &part.bytes)?;
            let layer = json!({ "mediaType": part.media_type, "digest": digest, "size": part.bytes.len() });
            let annotated = part.annotations.is_object();
            layers.push(if annotated { with(layer, "annotations", part.annotations.clone()) } else { layer });
        }
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": { "mediaType": self.config_type, "digest": config, "size": self.config.len() },
            "layers": layers,
        });
        if let Some(artifact_type) = self.artifact_type {
            manifest = with(manifest, "artifactType", artifact_type.into());
        }
        if let Some(subject) = self.subject {
            manifest = with(manifest, "subject", subject.descriptor());
        }
        if self.annotations.is_object() {
            manifest = with(manifest, "annotations", self.annotations);
        }
        pusher.manifest(name, tags, OCI_MANIFEST, &manifest)
    }
}
