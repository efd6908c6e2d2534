//! A manifest's content: what is read from the bytes that were pushed. Pure; whether the blobs and manifests it
//! names exist is asked elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde::Deserialize;
use std::collections::BTreeMap;

use super::go_json::{self, Object};
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
    /// Of signed schema 1: the payload that its digest is of.
    payload: Option<Bytes>,
    /// Of schema 1, which carries it itself.
    pub(crate) architecture: Option<String>,
}

/// A blob that a manifest names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BlobRef {
    pub(crate) digest: Digest,
    /// As the manifest has it, in bytes; a negative one is 0.
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
    schema_version: Option<i64>,
    media_type: Option<String>,
    config: Option<Object<WireDescriptor>>,
    layers: Option<Vec<Object<WireDescriptor>>>,
    blobs: Option<Vec<Object<WireDescriptor>>>,
    manifests: Option<Vec<Object<WireDescriptor>>>,
    subject: Option<Object<WireDescriptor>>,
    artifact_type: Option<String>,
    annotations: Option<BTreeMap<String, Option<String>>>,
    architecture: Option<String>,
    fs_layers: Option<Vec<Object<WireFsLayer>>>,
    signatures: Option<Vec<Object<WireSignature>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDescriptor {
    media_type: Option<String>,
    digest: String,
    /// An `int64` of Go, and not checked beyond that.
    size: Option<i64>,
    urls: Option<Vec<String>>,
    platform: Option<Object<WirePlatform>>,
}

/// A signature of schema 1. What it protects says where in the document the signed payload ends.
#[derive(Deserialize)]
struct WireSignature {
    protected: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignedPart {
    format_length: usize,
    format_tail: String,
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
        let is_foreign = self.media_type.as_deref().is_some_and(media_type::is_foreign_layer);
        let foreign = is_foreign && self.urls.as_ref().is_some_and(|urls| !urls.is_empty());
        let size = self.size.and_then(|size| size.try_into().ok()).unwrap_or_default();
        Ok(BlobRef { digest: self.digest()?, size, foreign })
    }
}

impl Content {
    /// Parses a manifest pushed with `content_type`.
    ///
    /// # Errors
    /// `MANIFEST_INVALID` when it is not JSON, when its media type is not taken or not the one it names itself, or
    /// when what its kind must have is missing.
    pub(crate) fn parse(content_type: &str, bytes: Bytes) -> Result<Self, ApiError> {
        let wire: WireManifest = go_json::object(&bytes).map_err(|_| ApiError::manifest_invalid())?;
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
            subject: wire.subject.as_ref().map(|Object(subject)| subject.digest()).transpose()?,
            artifact_type: wire.artifact_type.clone(),
            // Go reads `null` in a map of texts as an empty text.
            annotations: wire
                .annotations
                .iter()
                .flatten()
                .map(|(key, value)| (key.clone(), value.clone().unwrap_or_default()))
                .collect(),
            payload: None,
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
                for Object(layer) in layers {
                    let digest = Digest::parse(&layer.blob_sum).ok_or_else(ApiError::manifest_invalid)?;
                    self.blobs.push(BlobRef { digest, size: 0, foreign: false });
                }
                self.architecture = wire.architecture.clone();
                self.payload = signed_payload(wire, &self.bytes);
            }
            Kind::DockerV2 | Kind::OciManifest => {
                let Object(config) = wire.config.as_ref().ok_or_else(ApiError::manifest_invalid)?;
                self.config_media_type = Some(config.media_type.clone().unwrap_or_default());
                self.blobs.push(config.blob()?);
                self.add_blobs(wire.layers.as_deref().unwrap_or_default())?;
            }
            Kind::Artifact => self.add_blobs(wire.blobs.as_deref().unwrap_or_default())?,
            Kind::DockerList | Kind::OciIndex => {
                for Object(child) in wire.manifests.iter().flatten() {
                    let platform = child.platform.as_ref().map(|Object(platform)| platform);
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

    fn add_blobs(&mut self, descriptors: &[Object<WireDescriptor>]) -> Result<(), ApiError> {
        for Object(descriptor) in descriptors {
            self.blobs.push(descriptor.blob()?);
        }
        Ok(())
    }

    /// The digest of the manifest: of its bytes, and of signed schema 1 of its payload. By SHA-256, or by the algorithm of
    /// `like`.
    pub(crate) fn digest(&self, like: Option<&Digest>) -> Digest {
        let bytes = self.payload.as_ref().unwrap_or(&self.bytes);
        like.map_or_else(|| Digest::of(bytes), |like| like.same_algorithm_of(bytes))
    }

    /// Whether the manifest names no layers, blobs or manifests. Its image size is 0 then.
    pub(crate) fn is_without_layers(&self) -> bool {
        match self.kind {
            Kind::DockerV2 | Kind::OciManifest => self.blobs.len() <= 1,
            Kind::Artifact => self.blobs.is_empty(),
            Kind::DockerV1 | Kind::DockerList | Kind::OciIndex => false,
        }
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

/// The payload that the signatures of schema 1 are of: the document's first bytes and a tail (distribution, "JSON Web
/// Signature" of schema 1). `None` without a readable signature.
fn signed_payload(wire: &WireManifest, bytes: &Bytes) -> Option<Bytes> {
    let Object(WireSignature { protected }) = wire.signatures.as_ref()?.first()?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
    let part: SignedPart = serde_json::from_slice(&decode(protected)?).ok()?;
    let mut payload = bytes.get(..part.format_length)?.to_vec();
    payload.extend(decode(&part.format_tail)?);
    Some(payload.into())
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
        go_json::object(bytes).unwrap_or_default()
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
            r#"{"schemaVersion":2,"config":null,"layers":null}"#,
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

    #[test]
    fn null_is_nothing_wherever_go_reads_it_so() {
        let digest = Digest::of(b"");
        let json = format!(
            r#"{{"schemaVersion":2,"config":{{"mediaType":"x/y","digest":"{digest}","size":null,"annotations":null}},"layers":null,"annotations":{{"a":null,"b":"c"}}}}"#
        );
        let content = parse(media_type::OCI_MANIFEST, &json).unwrap();
        assert!(content.is_without_layers());
        assert_eq!(content.annotations.get("a").map(String::as_str), Some(""));
        let index = parse(media_type::OCI_INDEX, r#"{"schemaVersion":2,"manifests":null}"#).unwrap();
        assert!(index.children.is_empty());
    }

    #[test]
    fn fields_are_read_as_go_reads_them() {
        let digest = Digest::of(b"");
        let image = |size: &str, more: &str| {
            let json = format!(
                r#"{{"schemaVersion":2,"config":{{"mediaType":"x/y","digest":"{digest}","size":{size}}},"layers":[]{more}}}"#
            );
            parse(media_type::OCI_MANIFEST, &json)
        };
        assert_eq!(image("-1", "").unwrap().blobs[0].size, 0);
        for size in ["18446744073709551615", "5.0", "1e3", "\"5\""] {
            assert_eq!(image(size, "").unwrap_err(), ApiError::manifest_invalid(), "{size}");
        }
        let deep = format!(r#","odd":{}{},"number":1e999"#, "[".repeat(200), "]".repeat(200));
        assert!(image("1", &deep).is_ok());
        let odd = image(
            r#"3,"size":4"#,
            r#","annotations":{"a":"1"},"annotations":{"a":"\ud83d","b":"1","b":"2"}"#,
        );
        let odd = odd.unwrap();
        assert_eq!(
            (odd.blobs[0].size, odd.annotations["a"].as_str(), odd.annotations["b"].as_str()),
            (4, "\u{fffd}", "2")
        );
    }

    #[test]
    fn only_layers_of_a_foreign_type_may_be_elsewhere() {
        let digest = Digest::of(b"");
        let layer = |layer_type: &str| {
            let json = format!(
                r#"{{"schemaVersion":2,"config":{{"mediaType":"x/y","digest":"{digest}","size":0}},"layers":[{{"mediaType":"{layer_type}","digest":"{digest}","size":0,"urls":["https://example.test/"]}}]}}"#
            );
            parse(media_type::OCI_MANIFEST, &json).unwrap().blobs[1].foreign
        };
        assert!(layer("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"));
        assert!(layer("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"));
        assert!(!layer("application/vnd.docker.image.rootfs.diff.tar.gzip"));
    }

    #[test]
    fn the_digest_of_signed_schema_1_is_its_payloads() {
        let payload = "{\n   \"schemaVersion\": 1,\n   \"fsLayers\": []\n}";
        let protected = URL_SAFE_NO_PAD.encode(format!(
            r#"{{"formatLength":{},"formatTail":"{}","time":"2016-10-14T16:12:09Z"}}"#,
            payload.len() - 2,
            URL_SAFE_NO_PAD.encode("\n}")
        ));
        let signed = payload.replace(
            "\n}",
            &format!(",\n   \"signatures\": [{{\"protected\": \"{protected}\", \"signature\": \"x\"}}]\n}}"),
        );
        let content = parse(media_type::DOCKER_V1_SIGNED, &signed).unwrap();
        assert_eq!(content.digest(None), Digest::of(payload.as_bytes()));
        let unsigned = parse(media_type::DOCKER_V1, payload).unwrap();
        assert_eq!(unsigned.digest(None), Digest::of(payload.as_bytes()));
    }
}
