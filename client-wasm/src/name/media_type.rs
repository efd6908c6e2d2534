//! Media types: open, since clients may push artifacts of any kind. Constants for the known ones, and predicates.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::name_error::NameError;

/// A media type as the registry or a manifest spells it, parameters such as `; charset=utf-8` cut off.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaType(String);

impl MediaType {
    /// Docker image manifest, version 2, schema 1, unsigned.
    pub const DOCKER_V1: &'static str = "application/vnd.docker.distribution.manifest.v1+json";
    /// Docker image manifest, version 2, schema 1, signed.
    pub const DOCKER_V1_SIGNED: &'static str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    /// Docker image manifest, version 2, schema 2.
    pub const DOCKER_MANIFEST: &'static str = "application/vnd.docker.distribution.manifest.v2+json";
    /// Docker manifest list.
    pub const DOCKER_MANIFEST_LIST: &'static str =
        "application/vnd.docker.distribution.manifest.list.v2+json";
    /// OCI image manifest.
    pub const OCI_MANIFEST: &'static str = "application/vnd.oci.image.manifest.v1+json";
    /// OCI image index.
    pub const OCI_INDEX: &'static str = "application/vnd.oci.image.index.v1+json";
    /// OCI artifact manifest, which the specification gave up again and registries still hold.
    pub const OCI_ARTIFACT: &'static str = "application/vnd.oci.artifact.manifest.v1+json";
    /// ORAS artifact manifest, which came before OCI's and which Azure Container Registry still holds.
    pub const ORAS_ARTIFACT: &'static str = "application/vnd.cncf.oras.artifact.manifest.v1+json";
    /// Docker image configuration.
    pub const DOCKER_CONFIG: &'static str = "application/vnd.docker.container.image.v1+json";
    /// OCI image configuration.
    pub const OCI_CONFIG: &'static str = "application/vnd.oci.image.config.v1+json";
    /// The configuration of an artifact that has none.
    pub const OCI_EMPTY: &'static str = "application/vnd.oci.empty.v1+json";

    /// Every manifest kind this client parses, as an `Accept` header: without the list types a registry answers with one platform of a list.
    pub const ACCEPT_MANIFESTS: &'static str = "application/vnd.oci.image.index.v1+json, \
        application/vnd.oci.image.manifest.v1+json, \
        application/vnd.docker.distribution.manifest.list.v2+json, \
        application/vnd.docker.distribution.manifest.v2+json, \
        application/vnd.oci.artifact.manifest.v1+json, \
        application/vnd.cncf.oras.artifact.manifest.v1+json, \
        application/vnd.docker.distribution.manifest.v1+prettyjws, \
        application/vnd.docker.distribution.manifest.v1+json, */*";

    /// Takes a media type in any spelling; parameters are cut off. Never fails, since unknown kinds are allowed.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.split(';').next().unwrap_or_default().trim().to_owned())
    }

    /// The media type as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An OCI image index or a Docker manifest list: a manifest that lists other manifests.
    #[must_use]
    pub fn is_index(&self) -> bool {
        matches!(self.as_str(), Self::OCI_INDEX | Self::DOCKER_MANIFEST_LIST)
    }

    /// An OCI or Docker (schema 2) image manifest: one that has a config and layers.
    #[must_use]
    pub fn is_image_manifest(&self) -> bool {
        matches!(self.as_str(), Self::OCI_MANIFEST | Self::DOCKER_MANIFEST)
    }

    /// A Docker manifest of schema 1, signed or not.
    #[must_use]
    pub fn is_docker_v1(&self) -> bool {
        matches!(self.as_str(), Self::DOCKER_V1 | Self::DOCKER_V1_SIGNED)
    }

    /// Any manifest kind that this client parses.
    #[must_use]
    pub fn is_manifest(&self) -> bool {
        self.is_index()
            || self.is_image_manifest()
            || self.is_docker_v1()
            || matches!(self.as_str(), Self::OCI_ARTIFACT | Self::ORAS_ARTIFACT)
    }

    /// The configuration of a container image, which [`crate::model::ImageConfig`] parses.
    #[must_use]
    pub fn is_config(&self) -> bool {
        matches!(self.as_str(), Self::OCI_CONFIG | Self::DOCKER_CONFIG)
    }

    /// A layer of a container image: a tar archive, compressed or not.
    #[must_use]
    pub fn is_layer(&self) -> bool {
        self.as_str().starts_with("application/vnd.oci.image.layer.")
            || self.as_str().starts_with("application/vnd.docker.image.rootfs.")
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for MediaType {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for MediaType {
    type Err = NameError;

    /// Stricter than [`MediaType::new`]: for what a person typed and what is about to be sent.
    fn from_str(text: &str) -> Result<Self, NameError> {
        let valid =
            text.split_once('/').is_some_and(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty())
                && text.bytes().all(|b| b.is_ascii_graphic());
        if valid {
            Ok(Self::new(text))
        } else {
            Err(NameError::new("media type", text, "it is not of the form type/subtype"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_cut_off() {
        assert_eq!(MediaType::new("application/json; charset=utf-8").as_str(), "application/json");
    }

    #[test]
    fn predicates_distinguish_the_kinds() {
        assert!(MediaType::new(MediaType::OCI_INDEX).is_index());
        assert!(MediaType::new(MediaType::ORAS_ARTIFACT).is_manifest());
        assert!(MediaType::new(MediaType::DOCKER_MANIFEST).is_image_manifest());
        assert!(MediaType::new(MediaType::DOCKER_V1_SIGNED).is_docker_v1());
        assert!(MediaType::new("application/vnd.oci.image.layer.v1.tar+zstd").is_layer());
        assert!(MediaType::new("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip").is_layer());
        assert!(!MediaType::new("application/vnd.cncf.helm.chart.content.v1.tar+gzip").is_layer());
        assert!(MediaType::new(MediaType::DOCKER_CONFIG).is_config());
    }

    #[test]
    fn what_is_no_media_type_does_not_parse() {
        for bad in ["", "json", "/json", "application/", "application/a b", "application/\u{7f}"] {
            assert!(bad.parse::<MediaType>().is_err(), "{bad}");
        }
        assert!("application/vnd.acme.rocket.v1+json".parse::<MediaType>().is_ok());
    }
}
