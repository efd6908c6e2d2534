//! The manifest media types the registry takes, and what each is.

/// What a manifest is, by its media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Docker schema 1, signed or not.
    DockerV1,
    /// A Docker schema 2 image.
    DockerV2,
    /// A Docker manifest list.
    DockerList,
    /// An OCI image or artifact.
    OciManifest,
    /// An OCI index.
    OciIndex,
    /// An OCI or ORAS artifact manifest, with `blobs` in place of layers.
    Artifact,
}

pub(crate) const DOCKER_V2: &str = "application/vnd.docker.distribution.manifest.v2+json";
pub(crate) const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
pub(crate) const DOCKER_V1_SIGNED: &str = "application/vnd.docker.distribution.manifest.v1+prettyjws";
pub(crate) const DOCKER_V1: &str = "application/vnd.docker.distribution.manifest.v1+json";
pub(crate) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const OCI_ARTIFACT: &str = "application/vnd.oci.artifact.manifest.v1+json";
pub(crate) const ORAS_ARTIFACT: &str = "application/vnd.cncf.oras.artifact.manifest.v1+json";

pub(crate) const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
pub(crate) const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// Whether layers of this type may be fetched from elsewhere, so that the registry need not have them.
pub(crate) fn is_foreign_layer(media_type: &str) -> bool {
    media_type == "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
        || media_type.starts_with("application/vnd.oci.image.layer.nondistributable.v1.tar")
}

impl Kind {
    /// The kind of a media type; `None` for one the registry does not take.
    pub(crate) fn of(media_type: &str) -> Option<Self> {
        Some(match media_type {
            DOCKER_V1 | DOCKER_V1_SIGNED => Self::DockerV1,
            DOCKER_V2 => Self::DockerV2,
            DOCKER_LIST => Self::DockerList,
            OCI_MANIFEST => Self::OciManifest,
            OCI_INDEX => Self::OciIndex,
            OCI_ARTIFACT | ORAS_ARTIFACT => Self::Artifact,
            _ => return None,
        })
    }
}
