//! The content of manifests, by schema: one file each. Parsed in addition to the bytes, never instead of them.

mod descriptor;
mod list;
mod oci;
mod v1;
mod v2;

use serde::Serialize;
use serde_json::Value;

pub use descriptor::{Annotations, Descriptor, Platform};
pub use list::{ManifestList, ManifestListAttributes};
pub use oci::{OciArtifact, OciIndex, OciManifest};
pub use v1::{FsLayer, History, ImageSignature, Jwk, JwkHeader, V1Manifest};
pub use v2::V2Manifest;

use crate::http::Members;
use crate::model::json_text::repaired_json;
use crate::name::MediaType;

/// A manifest of any kind (`Manifest` and `ManifestWrapper` of the API's definitions).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Manifest {
    /// Docker, schema 1.
    V1(V1Manifest),
    /// Docker, schema 2.
    V2(V2Manifest),
    /// Docker manifest list.
    List(ManifestList),
    /// OCI image manifest, artifacts included.
    Oci(OciManifest),
    /// OCI image index.
    Index(OciIndex),
    /// OCI or ORAS artifact manifest: withdrawn by the specification, still found in registries.
    Artifact(OciArtifact),
    /// JSON of a kind this client does not know, as it came.
    Unknown(Value),
}

impl Manifest {
    /// Parses a manifest. The media type decides; where it is generic or unknown, the content's own `mediaType` and shape do.
    ///
    /// # Errors
    /// Fails where the bytes are no JSON, or not of the shape that the media type promises.
    pub fn from_slice(bytes: &[u8], media_type: &MediaType) -> Result<Self, serde_json::Error> {
        let bytes = repaired_json(bytes);
        let bytes = bytes.as_bytes();
        if let Some(manifest) = Self::parse_as(bytes, media_type.as_str())? {
            return Ok(manifest);
        }
        let Some(members) = Members::from_slice(bytes) else {
            return serde_json::from_slice(bytes).map(Self::Unknown);
        };
        match Self::parse_as(bytes, &guess_media_type(&members))? {
            Some(manifest) => Ok(manifest),
            None => Ok(Self::Unknown(members.values().into())),
        }
    }

    fn parse_as(bytes: &[u8], media_type: &str) -> Result<Option<Self>, serde_json::Error> {
        Ok(Some(match media_type {
            MediaType::DOCKER_V1 | MediaType::DOCKER_V1_SIGNED => Self::V1(serde_json::from_slice(bytes)?),
            MediaType::DOCKER_MANIFEST => Self::V2(serde_json::from_slice(bytes)?),
            MediaType::DOCKER_MANIFEST_LIST => Self::List(serde_json::from_slice(bytes)?),
            MediaType::OCI_MANIFEST => Self::Oci(serde_json::from_slice(bytes)?),
            MediaType::OCI_INDEX => Self::Index(serde_json::from_slice(bytes)?),
            MediaType::OCI_ARTIFACT | MediaType::ORAS_ARTIFACT => {
                Self::Artifact(serde_json::from_slice(bytes)?)
            }
            _ => return Ok(None),
        }))
    }

    /// The version of the schema: 1 or 2.
    #[must_use]
    pub fn schema_version(&self) -> Option<u64> {
        match self {
            Self::V1(manifest) => Some(manifest.schema_version),
            Self::V2(manifest) => Some(manifest.schema_version),
            Self::List(manifest) => Some(manifest.schema_version),
            Self::Oci(manifest) => Some(manifest.schema_version),
            Self::Index(manifest) => Some(manifest.schema_version),
            Self::Artifact(_) => None,
            Self::Unknown(value) => value.get("schemaVersion")?.as_u64(),
        }
    }

    /// The media type the content itself states.
    #[must_use]
    pub fn media_type(&self) -> Option<&MediaType> {
        match self {
            Self::V1(_) | Self::Unknown(_) => None,
            Self::V2(manifest) => manifest.media_type.as_ref(),
            Self::List(manifest) => manifest.media_type.as_ref(),
            Self::Oci(manifest) => manifest.media_type.as_ref(),
            Self::Index(manifest) => manifest.media_type.as_ref(),
            Self::Artifact(manifest) => manifest.media_type.as_ref(),
        }
    }

    /// The descriptor of the configuration, where the schema has one.
    #[must_use]
    pub fn config(&self) -> Option<&Descriptor> {
        match self {
            Self::V2(manifest) => manifest.config.as_ref(),
            Self::Oci(manifest) => manifest.config.as_ref(),
            _ => None,
        }
    }

    /// The layers, the lowest first; of an artifact manifest its blobs. Empty where the schema has none, and on schema 1, whose
    /// [`V1Manifest::fs_layers`] are no descriptors and run the other way round.
    #[must_use]
    pub fn layers(&self) -> &[Descriptor] {
        match self {
            Self::V2(manifest) => &manifest.layers,
            Self::Oci(manifest) => &manifest.layers,
            Self::Artifact(manifest) => &manifest.blobs,
            _ => &[],
        }
    }

    /// The manifests an index or a list refers to, in its order.
    #[must_use]
    pub fn manifests(&self) -> &[ManifestListAttributes] {
        match self {
            Self::List(manifest) => &manifest.manifests,
            Self::Index(manifest) => &manifest.manifests,
            _ => &[],
        }
    }

    /// The annotations of the manifest itself.
    #[must_use]
    pub fn annotations(&self) -> &Annotations {
        static NONE: Annotations = Annotations::new();
        match self {
            Self::V2(manifest) => &manifest.annotations,
            Self::Oci(manifest) => &manifest.annotations,
            Self::Index(manifest) => &manifest.annotations,
            Self::List(manifest) => &manifest.annotations,
            Self::Artifact(manifest) => &manifest.annotations,
            Self::V1(_) | Self::Unknown(_) => &NONE,
        }
    }

    /// The manifest this one refers to: what a signature signs, what an SBOM describes.
    #[must_use]
    pub fn subject(&self) -> Option<&Descriptor> {
        match self {
            Self::V2(manifest) => manifest.subject.as_ref(),
            Self::Oci(manifest) => manifest.subject.as_ref(),
            Self::Index(manifest) => manifest.subject.as_ref(),
            Self::Artifact(manifest) => manifest.subject.as_ref(),
            _ => None,
        }
    }

    /// The artifact's type: what the manifest states, else its config's media type where that is no image configuration.
    #[must_use]
    pub fn artifact_type(&self) -> Option<&str> {
        let stated = match self {
            Self::Oci(manifest) => manifest.artifact_type.as_deref(),
            Self::Index(manifest) => manifest.artifact_type.as_deref(),
            Self::Artifact(manifest) => manifest.artifact_type.as_deref(),
            _ => None,
        };
        let by_config = || {
            self.config()
                .map(|config| &config.media_type)
                .filter(|kind| !kind.is_config())
                .map(MediaType::as_str)
        };
        stated.filter(|kind| !kind.is_empty()).or_else(by_config).filter(|kind| !kind.is_empty())
    }
}

/// What the content itself says it is, for registries that answer with `application/json`.
fn guess_media_type(members: &Members) -> String {
    if let Some(stated) = members.string("mediaType") {
        return stated;
    }
    // A member that is `null` says what the manifest is as well.
    let has = |key: &str| members.has(key);
    let media_type = match members.integer("schemaVersion") {
        Some(1) if has("fsLayers") => MediaType::DOCKER_V1,
        Some(2) if has("manifests") => MediaType::OCI_INDEX,
        Some(2) if has("config") || has("layers") => MediaType::OCI_MANIFEST,
        _ => "",
    };
    media_type.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str, media_type: &str) -> Manifest {
        Manifest::from_slice(json.as_bytes(), &MediaType::new(media_type)).unwrap()
    }

    #[test]
    fn a_generic_media_type_leaves_the_choice_to_the_content() {
        assert!(matches!(
            parse(r#"{"schemaVersion":2,"manifests":[]}"#, "application/json"),
            Manifest::Index(_)
        ));
        assert!(matches!(parse(r#"{"schemaVersion":2,"layers":null}"#, ""), Manifest::Oci(_)));
        assert!(matches!(parse(r#"{"schemaVersion":1,"fsLayers":[]}"#, "text/plain"), Manifest::V1(_)));
        let list = format!(r#"{{"mediaType":"{}","schemaVersion":2}}"#, MediaType::DOCKER_MANIFEST_LIST);
        assert!(matches!(parse(&list, "application/json"), Manifest::List(_)));
    }

    #[test]
    fn json_of_an_unknown_kind_is_kept() {
        let Manifest::Unknown(value) = parse(r#"{"a":[1]}"#, "application/vnd.acme.v9+json") else {
            panic!("known?")
        };
        assert_eq!(value["a"][0], 1);
    }

    #[test]
    fn an_artifact_is_known_by_its_config_where_it_states_no_type() {
        let helm = r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:0","size":2}}"#;
        assert_eq!(
            parse(helm, MediaType::OCI_MANIFEST).artifact_type(),
            Some("application/vnd.cncf.helm.config.v1+json")
        );
        let image = r#"{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:0","size":2}}"#;
        assert_eq!(parse(image, MediaType::OCI_MANIFEST).artifact_type(), None);
    }

    #[test]
    fn an_oras_artifact_manifest_has_its_blobs_and_its_subject() {
        let text = r#"{"mediaType":"application/vnd.cncf.oras.artifact.manifest.v1+json","artifactType":"signature/example",
            "blobs":[{"mediaType":"application/jose+json","digest":"sha256:0","size":2,"annotations":null}],
            "subject":{"mediaType":"x/y","digest":"sha256:1","size":3},"annotations":{"a":null,"b":"c"}}"#;
        for media_type in [MediaType::ORAS_ARTIFACT, "application/json"] {
            let manifest = parse(text, media_type);
            assert_eq!(manifest.artifact_type(), Some("signature/example"), "{media_type}");
            assert_eq!((manifest.layers().len(), manifest.subject().unwrap().size), (1, Some(3)));
            assert_eq!(manifest.annotations().len(), 1, "an annotation without a value is left out");
        }
    }

    #[test]
    fn null_values_and_null_lists_lose_themselves_only() {
        let text = r#"{"schemaVersion":2,"config":{"mediaType":null,"digest":"sha256:0","size":2,"annotations":{"x":null}},
            "layers":null,"annotations":{"org.opencontainers.image.title":null,"y":7,"z":"kept"}}"#;
        let manifest = parse(text, MediaType::OCI_MANIFEST);
        assert!(manifest.layers().is_empty() && manifest.config().unwrap().annotations.is_empty());
        assert_eq!(manifest.annotations().get("z").map(String::as_str), Some("kept"));
    }

    #[test]
    fn content_that_is_not_a_list_is_not_read_as_none() {
        for (json, media_type) in [
            (r#"{"layers":7}"#, MediaType::OCI_MANIFEST),
            (r#"{"layers":{}}"#, MediaType::DOCKER_MANIFEST),
            (r#"{"manifests":"x"}"#, MediaType::OCI_INDEX),
            (r#"{"fsLayers":7}"#, MediaType::DOCKER_V1),
        ] {
            assert!(Manifest::from_slice(json.as_bytes(), &MediaType::new(media_type)).is_err(), "{json}");
        }
        assert!(parse(r#"{"layers":null}"#, MediaType::OCI_MANIFEST).layers().is_empty());
    }

    #[test]
    fn an_odd_field_of_a_descriptor_is_lost_alone() {
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        for odd in [
            r#""size":-1"#,
            r#""size":36893488147419103232"#,
            r#""size":5.0"#,
            r#""size":"5""#,
            r#""size":1e999"#,
            r#""urls":"x""#,
            r#""data":7"#,
            r#""artifactType":7"#,
            r#""platform":"linux/amd64""#,
            r#""annotations":7"#,
            r#""annotations":{"a":1e999}"#,
            r#""mediaType":[]"#,
            &format!(r#""data":{deep}"#),
        ] {
            let json = format!(
                r#"{{"schemaVersion":2,"layers":[{{"digest":"sha256:1",{odd}}}],"artifactType":"a/b"}}"#
            );
            let manifest = parse(&json, MediaType::OCI_MANIFEST);
            let expected = Descriptor { digest: "sha256:1".into(), ..Descriptor::default() };
            assert_eq!(
                (manifest.layers(), manifest.artifact_type()),
                (&[expected][..], Some("a/b")),
                "{odd}"
            );
        }
    }

    #[test]
    fn an_odd_field_of_a_manifest_is_lost_alone() {
        for odd in [
            r#""schemaVersion":"2""#,
            r#""mediaType":7"#,
            r#""config":7"#,
            r#""subject":"sha256:1""#,
            r#""annotations":[]"#,
            r#""odd":[{"a":1e999}]"#,
            r#""odd":"\ud83d""#,
            r#""annotations":{"z":"first"}"#,
        ] {
            for media_type in [
                MediaType::DOCKER_V1,
                MediaType::DOCKER_MANIFEST,
                MediaType::DOCKER_MANIFEST_LIST,
                MediaType::OCI_MANIFEST,
                MediaType::OCI_INDEX,
                MediaType::OCI_ARTIFACT,
            ] {
                let json = format!(r#"{{{odd},"annotations":{{"z":"kept"}},"architecture":"amd64"}}"#);
                let kept = match parse(&json, media_type) {
                    Manifest::V1(manifest) => manifest.architecture == "amd64",
                    manifest => manifest.annotations().get("z").is_some_and(|value| value == "kept"),
                };
                assert!(kept, "{media_type} {odd}");
            }
            let Manifest::Unknown(value) = parse(&format!(r#"{{{odd},"a":[1]}}"#), "x/y") else {
                panic!("{odd} is known?")
            };
            assert_eq!(value["a"][0], 1, "{odd}");
        }
        let odd_layers = parse(r#"{"layers":[7,null,{"digest":"sha256:1"}]}"#, MediaType::OCI_MANIFEST);
        let digests: Vec<&str> = odd_layers.layers().iter().map(|layer| layer.digest.as_str()).collect();
        assert_eq!(digests, ["", "", "sha256:1"], "every layer keeps its place");
    }

    #[test]
    fn texts_that_are_not_text_are_repaired() {
        let json = b"\xef\xbb\xbf{\"annotations\":{\"a\":\"\\ud83d\",\"b\":\"x\xff\"}}";
        let manifest = Manifest::from_slice(json, &MediaType::new(MediaType::OCI_MANIFEST)).unwrap();
        let annotations: Vec<&str> = manifest.annotations().values().map(String::as_str).collect();
        assert_eq!(annotations, ["\u{fffd}", "x\u{fffd}"]);
    }

    #[test]
    fn bytes_that_are_no_json_are_an_error() {
        assert!(Manifest::from_slice(b"<html>", &MediaType::new(MediaType::OCI_INDEX)).is_err());
        assert!(Manifest::from_slice(b"", &MediaType::new("x/y")).is_err());
    }
}
