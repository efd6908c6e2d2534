//! A manifest's content: what is read from the bytes that were pushed. Pure; whether the blobs and manifests it
//! names exist is asked elsewhere.

use bytes::Bytes;
use serde::Deserialize;
use std::collections::BTreeMap;

use super::media_type::{self, Kind};
use crate::protocol::error::ApiError;
use crate::protocol::name::Digest;

/// A parsed manifest and its bytes.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) media_type: String,
    pub(crate) kind: Kind,
    pub(crate) bytes: Bytes,
    /// The config, layers or blobs that must exist in the repository, in order.
    pub(crate) blobs: Vec<BlobRef>,
    /// The config's place in `blobs`, always the first when there is one.
    pub(crate) config_media_type: Option<String>,
    /// The manifests of an index.
    pub(crate) children: Vec<Child>,
    pub(crate) subject: Option<Digest>,
    pub(crate) artifact_type: Option<String>,
    pub(crate) annotations: BTreeMap<String, String>,
    /// Of schema 1, which carries it itself.
    pub(crate) architecture: Option<String>,
}

/// A blob that a manifest names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BlobRef {
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    /// It is fetched from elsewhere and need not be in the registry.
    pub(crate) foreign: bool,
}

/// A manifest that an index names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Child {
    pub(crate) digest: Digest,
    pub(crate) architecture: Option<String>,
    pub(crate) os: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireManifest {
    schema_version: Option<u64>,
    media_type: Option<String>,
    config: Option<WireDescriptor>,
    layers: Option<Vec<WireDescriptor>>,
    blobs: Option<Vec<WireDescriptor>>,
    manifests: Option<Vec<WireDescriptor>>,
    subject: Option<WireDescriptor>,
    artifact_type: Option<String>,
    annotations: Option<BTreeMap<String, String>>,
    architecture: Option<String>,
    fs_layers: Option<Vec<WireFsLayer>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDescriptor {
    media_type: Option<String>,
    digest: String,
    #[serde(default)]
    size: u64,
    urls: Option<Vec<String>>,
    platform: Option<WirePlatform>,
}

#[derive(Deserialize)]
struct WirePlatform {
    architecture: Option<String>,
    os: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireFsLayer {
    blob_sum: String,
}

impl WireDescriptor {
    fn digest(&self) -> Result<Digest, ApiError> {
        Digest::parse(&self.digest).ok_or_else(ApiError::manifest_invalid)
    }

    fn blob(&self) -> Result<BlobRef, ApiError> {
        let foreign = self.urls.as_ref().is_some_and(|urls| !urls.is_empty());
        Ok(BlobRef { digest: self.digest()?, size: self.size, foreign })
    }
}

impl Content {
    /// Parses a manifest pushed with `content_type`.
    ///
    /// # Errors
    /// `MANIFEST_INVALID` when it is not JSON, when its media type is not taken or not the one it names itself, or
    /// when what its kind must have is missing.
    pub(crate) fn parse(content_type: &str, bytes: Bytes) -> Result<Self, ApiError> {
        // Serde would take a list for an object's fields in order.
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err(ApiError::manifest_invalid());
        }
        let wire: WireManifest = serde_json::from_slice(&bytes).map_err(|_| ApiError::manifest_invalid())?;
        let declared = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let media_type = match declared.as_str() {
            "" | "application/json" | "application/octet-stream" => infer(&wire).unwrap_or_default(),
            _ => declared,
        };
        let kind = Kind::of(&media_type).ok_or_else(ApiError::manifest_invalid)?;
        if wire.media_type.as_ref().is_some_and(|named| *named != media_type) {
            return Err(ApiError::manifest_invalid());
        }
        let mut content = Self {
            media_type,
            kind,
            bytes,
            blobs: Vec::new(),
            config_media_type: None,
            children: Vec::new(),
            subject: wire.subject.as_ref().map(WireDescriptor::digest).transpose()?,
            artifact_type: wire.artifact_type.clone(),
            annotations: wire.annotations.clone().unwrap_or_default(),
            architecture: None,
        };
        content.fill(&wire)?;
        Ok(content)
    }

    fn fill(&mut self, wire: &WireManifest) -> Result<(), ApiError> {
        let required_version = match self.kind {
            Kind::DockerV1 => Some(1),
            Kind::Artifact => None,
            _ => Some(2),
        };
        if required_version.is_some() && wire.schema_version != required_version {
            return Err(ApiError::manifest_invalid());
        }
        match self.kind {
            Kind::DockerV1 => {
                let layers = wire.fs_layers.as_ref().ok_or_else(ApiError::manifest_invalid)?;
                for layer in layers {
                    let digest = Digest::parse(&layer.blob_sum).ok_or_else(ApiError::manifest_invalid)?;
                    self.blobs.push(BlobRef { digest, size: 0, foreign: false });
                }
                self.architecture = wire.architecture.clone();
            }
            Kind::DockerV2 | Kind::OciManifest => {
                let config = wire.config.as_ref().ok_or_else(ApiError::manifest_invalid)?;
                self.config_media_type = Some(config.media_type.clone().unwrap_or_default());
                self.blobs.push(config.blob()?);
                let layers = wire.layers.as_ref().ok_or_else(ApiError::manifest_invalid)?;
                self.add_blobs(layers)?;
            }
            Kind::Artifact => self.add_blobs(wire.blobs.as_deref().unwrap_or_default())?,
            Kind::DockerList | Kind::OciIndex => {
                for child in wire.manifests.as_ref().ok_or_else(ApiError::manifest_invalid)? {
                    let platform = child.platform.as_ref();
                    self.children.push(Child {
                        digest: child.digest()?,
                        architecture: platform.and_then(|p| p.architecture.clone()),
                        os: platform.and_then(|p| p.os.clone()),
                    });
                }
            }
        }
        Ok(())
    }

    fn add_blobs(&mut self, descriptors: &[WireDescriptor]) -> Result<(), ApiError> {
        for descriptor in descriptors {
            self.blobs.push(descriptor.blob()?);
        }
        Ok(())
    }

    /// The config blob, when it is an image's and says the platform.
    pub(crate) fn image_config(&self) -> Option<&BlobRef> {
        let is_image = matches!(
            self.config_media_type.as_deref(),
            Some(media_type::DOCKER_CONFIG | media_type::OCI_CONFIG)
        );
        self.blobs.first().filter(|_| is_image)
    }

    /// What a referrers list calls the artifact: its own type, else its config's.
    pub(crate) fn referrer_type(&self) -> Option<&str> {
        self.artifact_type.as_deref().filter(|text| !text.is_empty()).or(self.config_media_type.as_deref())
    }
}

/// The media type of a manifest that was sent without one.
fn infer(wire: &WireManifest) -> Option<String> {
    wire.media_type.clone().or_else(|| match wire.schema_version {
        Some(1) => Some(media_type::DOCKER_V1.to_owned()),
        Some(2) if wire.manifests.is_some() => Some(media_type::OCI_INDEX.to_owned()),
        Some(2) if wire.config.is_some() => Some(media_type::OCI_MANIFEST.to_owned()),
        _ => None,
    })
}

/// The platform that an image's config names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Platform {
    pub(crate) architecture: Option<String>,
    pub(crate) os: Option<String>,
}

impl Platform {
    /// Reads a config blob; one that is not JSON names no platform.
    pub(crate) fn from_config(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(content_type: &str, json: &str) -> Result<Content, ApiError> {
        Content::parse(content_type, Bytes::copy_from_slice(json.as_bytes()))
    }

    fn image(media_type: &str) -> String {
        let digest = Digest::of(b"");
        format!(
            r#"{{"schemaVersion":2,"mediaType":"{media_type}","config":{{"mediaType":"{}","digest":"{digest}","size":0}},"layers":[]}}"#,
            media_type::OCI_CONFIG
        )
    }

    #[test]
    fn the_content_type_must_be_the_one_the_manifest_names() {
        let json = image(media_type::OCI_MANIFEST);
        assert!(parse(media_type::OCI_MANIFEST, &json).is_ok());
        assert_eq!(parse(media_type::DOCKER_V2, &json).unwrap_err(), ApiError::manifest_invalid());
        assert_eq!(parse("application/json", &json).unwrap().kind, Kind::OciManifest);
    }

    #[test]
    fn what_is_no_manifest_is_invalid() {
        for bad in [
            "",
            "[]",
            "{",
            "{}",
            r#"{"schemaVersion":2}"#,
            r#"{"schemaVersion":2,"config":{"digest":"x"},"layers":[]}"#,
        ] {
            assert_eq!(
                parse(media_type::OCI_MANIFEST, bad).unwrap_err(),
                ApiError::manifest_invalid(),
                "{bad}"
            );
        }
        assert!(parse("text/html", &image(media_type::OCI_MANIFEST)).is_err());
    }

    #[test]
    fn schema_1_names_its_layers_and_architecture() {
        let digest = Digest::of(b"");
        let json =
            format!(r#"{{"schemaVersion":1,"architecture":"amd64","fsLayers":[{{"blobSum":"{digest}"}}]}}"#);
        let content = parse(media_type::DOCKER_V1, &json).unwrap();
        assert_eq!((content.architecture.as_deref(), content.blobs.len()), (Some("amd64"), 1));
    }
}
