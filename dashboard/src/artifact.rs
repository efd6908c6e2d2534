//! What a manifest is, in people's words: an image, an index, a Helm chart, a signature, an SBOM, an attestation. Pure.

use acr_client_wasm::{Descriptor, MediaType};

/// The kinds of things a registry holds, as far as they are shown differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Image,
    Index,
    HelmChart,
    Signature,
    Sbom,
    Attestation,
    Wasm,
    Artifact,
}

/// The annotation by which BuildKit marks an attestation among an index's manifests.
const BUILDKIT_KIND: &str = "vnd.docker.reference.type";
/// The annotation that names the manifest a BuildKit attestation is about.
const BUILDKIT_SUBJECT: &str = "vnd.docker.reference.digest";

impl Kind {
    /// From what the registry's lists say of a manifest.
    pub(crate) fn of(media_type: Option<&str>, config: Option<&str>, artifact_type: Option<&str>) -> Self {
        if media_type.is_some_and(|media_type| MediaType::new(media_type).is_index())
            && artifact_type.is_none()
        {
            return Self::Index;
        }
        let declared = artifact_type.filter(|text| !text.is_empty());
        if let Some(kind) = declared.or(config).and_then(Self::of_type) {
            return kind;
        }
        match (declared, config) {
            (Some(_), _) => Self::Artifact,
            (None, None) => Self::Image,
            (None, Some(config)) if MediaType::new(config).is_config() => Self::Image,
            (None, Some(_)) => Self::Artifact,
        }
    }

    /// From an artifact type, or the media type of a config or a layer.
    pub(crate) fn of_type(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let has = |part: &str| text.contains(part);
        if has("helm") {
            Some(Self::HelmChart)
        } else if has("notary.signature")
            || has("cosign.simplesigning")
            || has("cosign.artifact.sig")
            || has("sigstore.bundle")
        {
            Some(Self::Signature)
        } else if has("spdx") || has("cyclonedx") || has("sbom") || has("syft") {
            Some(Self::Sbom)
        } else if has("in-toto") || has("dsse") || has("attestation") || has("provenance") {
            Some(Self::Attestation)
        } else if has("wasm") {
            Some(Self::Wasm)
        } else {
            None
        }
    }

    /// From a manifest's own words: its artifact type, its config, its layers.
    pub(crate) fn of_manifest(manifest: &acr_client_wasm::Manifest, media_type: &str) -> Self {
        let config = manifest.config().map(|config| config.media_type.as_str());
        let kind = Self::of(Some(media_type), config, manifest.artifact_type());
        let layers = manifest.layers();
        match kind {
            // Cosign and BuildKit use an image's config; only the layers tell.
            Self::Image | Self::Artifact if !layers.is_empty() => {
                let kinds: Vec<_> =
                    layers.iter().map(|layer| Self::of_type(layer.media_type.as_str())).collect();
                kinds
                    .first()
                    .copied()
                    .flatten()
                    .filter(|first| kinds.iter().all(|k| *k == Some(*first)))
                    .unwrap_or(kind)
            }
            _ => kind,
        }
    }

    /// Whether a manifest of an index is an attestation about another one, and about which.
    pub(crate) fn attested(descriptor: &Descriptor) -> Option<&str> {
        let kind = descriptor.annotations.get(BUILDKIT_KIND)?;
        (kind == "attestation-manifest")
            .then(|| descriptor.annotations.get(BUILDKIT_SUBJECT).map_or("", String::as_str))
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        use crate::text::manifest as text;
        match self {
            Self::Image => text::KIND_IMAGE,
            Self::Index => text::KIND_INDEX,
            Self::HelmChart => text::KIND_HELM,
            Self::Signature => text::KIND_SIGNATURE,
            Self::Sbom => text::KIND_SBOM,
            Self::Attestation => text::KIND_ATTESTATION,
            Self::Wasm => text::KIND_WASM,
            Self::Artifact => text::KIND_ARTIFACT,
        }
    }

    /// Whether people run it; everything else is an artifact to the Manifests tab.
    pub(crate) fn is_runnable(self) -> bool {
        matches!(self, Self::Image | Self::Index)
    }
}

/// What cosign's tag scheme says: `sha256-<hex>.sig`, `.att` or `.sbom` is about the manifest of that digest.
pub(crate) fn cosign_tag(tag: &str) -> Option<(Kind, String)> {
    let (digest, suffix) = tag.strip_prefix("sha256-")?.split_once('.')?;
    let kind = match suffix {
        "sig" => Kind::Signature,
        "att" => Kind::Attestation,
        "sbom" => Kind::Sbom,
        _ => return None,
    };
    (digest.len() == 64).then(|| (kind, format!("sha256:{digest}")))
}

/// Whether a platform says nothing, as attestations and artifacts have it.
pub(crate) fn is_unknown_platform(os: &str, architecture: &str) -> bool {
    [os, architecture].iter().all(|part| part.is_empty() || *part == "unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_named_for_what_they_are() {
        let oci = Some("application/vnd.oci.image.manifest.v1+json");
        for (media_type, config, artifact, kind) in [
            (Some("application/vnd.oci.image.index.v1+json"), None, None, Kind::Index),
            (Some("application/vnd.docker.distribution.manifest.list.v2+json"), None, None, Kind::Index),
            (oci, Some("application/vnd.oci.image.config.v1+json"), None, Kind::Image),
            (oci, Some("application/vnd.cncf.helm.config.v1+json"), None, Kind::HelmChart),
            (oci, Some("application/vnd.cncf.notary.signature"), None, Kind::Signature),
            (oci, Some("application/vnd.oci.empty.v1+json"), Some("application/spdx+json"), Kind::Sbom),
            (
                oci,
                Some("application/vnd.oci.empty.v1+json"),
                Some("application/vnd.acme.rocket"),
                Kind::Artifact,
            ),
            (Some("application/vnd.docker.distribution.manifest.v1+prettyjws"), None, None, Kind::Image),
        ] {
            assert_eq!(
                Kind::of(media_type, config, artifact),
                kind,
                "{media_type:?} {config:?} {artifact:?}"
            );
        }
    }

    #[test]
    fn cosign_tags_name_kind_and_subject() {
        let hex = "a".repeat(64);
        assert_eq!(
            cosign_tag(&format!("sha256-{hex}.sig")),
            Some((Kind::Signature, format!("sha256:{hex}")))
        );
        assert_eq!(cosign_tag(&format!("sha256-{hex}.zip")), None);
        assert_eq!(cosign_tag("sha256-12.sig"), None);
        assert_eq!(cosign_tag("latest"), None);
    }
}
