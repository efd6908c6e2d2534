//! What is known of a manifest wherever it is met: as a document, as a row of a list, or as an entry of an index.

use acr_client_wasm::{Annotations, Descriptor, Manifest, ManifestAttributesBase, MediaType, OciArtifact};
use serde::Deserialize as _;
use serde_json::Value;

use crate::types;

/// The facts that [`Description`](crate::Description) decides by. Missing facts are empty.
#[derive(Clone, Copy, Debug)]
pub struct Traits<'a> {
    /// The media type of the manifest.
    pub media_type: &'a str,
    /// The media type of its config; none where it has none or where this is not known.
    pub config_type: Option<&'a str>,
    /// The artifact type it states.
    pub artifact_type: Option<&'a str>,
    /// Its annotations; of an entry those of the descriptor.
    pub annotations: &'a Annotations,
    /// Its layers or blobs, where the document is at hand.
    pub layers: &'a [Descriptor],
    /// The entries of an index, where the document is at hand.
    pub entries: &'a [Descriptor],
    /// Operating system and architecture, where known.
    pub platform: Option<(&'a str, &'a str)>,
    /// Features of the operating system, where known.
    pub os_features: &'a [String],
    /// The tags on it, where known: cosign names what it stores by tags.
    pub tags: &'a [String],
    /// Whether these facts come from the document itself, so that nothing is missing.
    pub complete: bool,
}

static NO_ANNOTATIONS: Annotations = Annotations::new();

impl Default for Traits<'_> {
    fn default() -> Self {
        Self {
            media_type: "",
            config_type: None,
            artifact_type: None,
            annotations: &NO_ANNOTATIONS,
            layers: &[],
            entries: &[],
            platform: None,
            os_features: &[],
            tags: &[],
            complete: false,
        }
    }
}

impl<'a> Traits<'a> {
    /// The facts of a document that was fetched. The media type is that of the response; where it is generic, the document's own counts.
    #[must_use]
    pub fn of_manifest(manifest: &'a Manifest, media_type: &'a MediaType) -> Self {
        let stated = manifest.media_type().map_or("", MediaType::as_str);
        let media_type =
            if stated.is_empty() || media_type.is_manifest() { media_type.as_str() } else { stated };
        let media_type = if MediaType::new(media_type).is_manifest() {
            media_type
        } else {
            match manifest {
                Manifest::V1(_) => MediaType::DOCKER_V1,
                Manifest::V2(_) => MediaType::DOCKER_MANIFEST,
                Manifest::List(_) => MediaType::DOCKER_MANIFEST_LIST,
                Manifest::Oci(_) => MediaType::OCI_MANIFEST,
                Manifest::Index(_) => MediaType::OCI_INDEX,
                _ => media_type,
            }
        };
        let config_type = manifest.config().map(|config| config.media_type.as_str());
        Self {
            media_type,
            config_type,
            // The client falls back to the config's type; here the two are different facts.
            artifact_type: manifest.artifact_type().filter(|stated| Some(*stated) != config_type),
            annotations: manifest.annotations(),
            layers: manifest.layers(),
            entries: manifest.manifests(),
            complete: true,
            ..Self::default()
        }
    }

    /// The facts of a row of `GET /acr/v1/NAME/_manifests`.
    #[must_use]
    pub fn of_row(row: &'a ManifestAttributesBase) -> Self {
        let platform = match (row.os.as_deref(), row.architecture.as_deref()) {
            (None, None) => None,
            (os, architecture) => Some((os.unwrap_or_default(), architecture.unwrap_or_default())),
        };
        Self {
            media_type: row.media_type.as_ref().map_or("", MediaType::as_str),
            config_type: row.config_media_type.as_ref().map(MediaType::as_str),
            artifact_type: row.artifact_type.as_deref(),
            platform,
            tags: &row.tags,
            ..Self::default()
        }
    }

    /// The facts of an entry of an index or of the answer of the referrers API.
    #[must_use]
    pub fn of_descriptor(descriptor: &'a Descriptor) -> Self {
        let platform = descriptor.platform.as_ref();
        Self {
            media_type: descriptor.media_type.as_str(),
            artifact_type: descriptor.artifact_type.as_deref(),
            annotations: &descriptor.annotations,
            platform: platform.map(|it| (it.os.as_str(), it.architecture.as_str())),
            os_features: platform.map_or(&[], |it| it.os_features.as_slice()),
            ..Self::default()
        }
    }

    /// An annotation that is there and not empty.
    pub(crate) fn annotation(&self, key: &str) -> Option<&'a str> {
        self.annotations.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether the manifest, or one of its layers, carries an annotation.
    pub(crate) fn carries(&self, key: &str) -> bool {
        self.annotations.contains_key(key)
            || self.layers.iter().any(|layer| layer.annotations.contains_key(key))
    }

    /// The artifact type it states, by property or by annotation.
    pub(crate) fn stated_type(&self) -> Option<&'a str> {
        self.artifact_type
            .filter(|stated| !stated.is_empty())
            .or_else(|| self.annotation(types::annotation::ARTIFACT_TYPE))
    }
}

/// Reads a document that the client does not know as an artifact manifest (ORAS), as far as it is one.
pub(crate) fn artifact_of(value: &Value) -> OciArtifact {
    OciArtifact::deserialize(value).unwrap_or_default()
}
