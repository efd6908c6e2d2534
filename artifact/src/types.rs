//! The one table of media types, artifact types and annotations that this crate decides by.

use crate::kind::Kind;

/// A line of [`TYPES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownType {
    /// The type in lower case. A star at either end stands for any text.
    pub pattern: &'static str,
    /// The kind of a manifest that has this as its artifact type, config type or layer type.
    pub kind: Kind,
    /// The format within the kind, for instance `SPDX`; empty where the kind says all there is to say.
    pub format: &'static str,
}

const fn known(pattern: &'static str, kind: Kind, format: &'static str) -> KnownType {
    KnownType { pattern, kind, format }
}

/// Every type that is known, the first match wins. Names follow the specification or the tool that writes them.
pub static TYPES: &[KnownType] = &[
    // Images.
    known("application/vnd.oci.image.config.v1+json", Kind::Image, ""),
    known("application/vnd.docker.container.image.v1+json", Kind::Image, ""),
    known("application/vnd.nydus.image.manifest.v1+json", Kind::Image, "Nydus"),
    known("application/vnd.docker.plugin.v1+json", Kind::DockerPlugin, ""),
    // Evidence about other manifests.
    known("application/vnd.cncf.notary.signature*", Kind::Signature, "Notation"),
    known("application/vnd.cncf.notary.v2*", Kind::Signature, "Notation"),
    known("application/vnd.dev.cosign.simplesigning.v1+json", Kind::Signature, "cosign"),
    known("application/vnd.dev.cosign.artifact.sig*", Kind::Signature, "cosign"),
    known("application/vnd.dev.cosign.artifact.sbom*", Kind::Sbom, ""),
    known("application/vnd.dev.cosign.artifact.att*", Kind::Attestation, ""),
    known(SIGSTORE_BUNDLE, Kind::Signature, "sigstore"),
    known("*spdx*", Kind::Sbom, "SPDX"),
    known("*cyclonedx*", Kind::Sbom, "CycloneDX"),
    known("*syft*", Kind::Sbom, "Syft"),
    known("*sbom*", Kind::Sbom, ""),
    known("*openvex*", Kind::Attestation, "OpenVEX"),
    known("application/vnd.in-toto*provenance*", Kind::Attestation, "provenance"),
    known("application/vnd.in-toto*", Kind::Attestation, ""),
    known("application/vnd.dsse.envelope*", Kind::Attestation, ""),
    known("application/vnd.docker.attestation.manifest*", Kind::Attestation, "BuildKit"),
    known("*slsa*provenance*", Kind::Attestation, "provenance"),
    known("application/sarif+json", Kind::ScanReport, "SARIF"),
    known("application/vnd.security.vulnerability.report*", Kind::ScanReport, ""),
    known("application/vnd.aquasec.trivy.report*", Kind::ScanReport, "Trivy"),
    known("application/vnd.scanner.adapter.vuln.report*", Kind::ScanReport, ""),
    // What build tools and runtimes leave.
    known(BUILDKIT_CACHE_CONFIG, Kind::BuildCache, "BuildKit"),
    known("application/vnd.amazon.soci.index.v1*", Kind::LazyLoadingIndex, "SOCI"),
    known("application/vnd.amazon.soci.index.v2*", Kind::LazyLoadingIndex, "SOCI v2"),
    known("application/vnd.amazon.soci*", Kind::LazyLoadingIndex, "SOCI"),
    known("application/vnd.azure.artifact.streaming*", Kind::LazyLoadingIndex, "artifact streaming"),
    known("application/vnd.microsoft.artifact.lifecycle*", Kind::Artifact, "Lifecycle metadata"),
    known("application/vnd.aquasec.trivy*", Kind::Artifact, "Trivy database"),
    // Kubernetes.
    known("application/vnd.cncf.helm*", Kind::HelmChart, ""),
    known("application/vnd.cncf.flux*", Kind::Flux, ""),
    known("application/vnd.cncf.openpolicyagent*", Kind::OpaBundle, ""),
    known("application/vnd.opa*", Kind::OpaBundle, ""),
    known("application/vnd.cncf.kyverno*", Kind::KyvernoPolicy, ""),
    known("application/vnd.cncf.falco.rulesfile*", Kind::Falco, "rules"),
    known("application/vnd.cncf.falco.plugin*", Kind::Falco, "plugin"),
    known("application/vnd.cncf.falco*", Kind::Falco, ""),
    known("application/vnd.cdf.tekton*", Kind::TektonBundle, ""),
    known("application/vnd.crossplane*", Kind::CrossplanePackage, ""),
    known("application/vnd.cnab*", Kind::CnabBundle, ""),
    known("application/vnd.timoni*", Kind::Artifact, "Timoni module"),
    known("application/vnd.zarf*", Kind::Artifact, "Zarf package"),
    known("application/vnd.cncf.artifacthub*", Kind::Artifact, "Artifact Hub metadata"),
    known("application/vnd.ocm.software*", Kind::Artifact, "OCM component"),
    known("application/vnd.gardener.cloud.cnudie*", Kind::Artifact, "OCM component"),
    known("application/vnd.gadget*", Kind::Artifact, "Inspektor Gadget"),
    known("application/vnd.cue.*", Kind::Artifact, "CUE module"),
    // Infrastructure as code.
    known("application/vnd.ms.bicep.provider*", Kind::Bicep, "extension"),
    known("application/vnd.ms.bicep.extension*", Kind::Bicep, "extension"),
    known("application/vnd.ms.bicep*", Kind::Bicep, ""),
    known("application/vnd.opentofu.provider*", Kind::TofuProvider, "OpenTofu"),
    known("application/vnd.opentofu.module*", Kind::TofuModule, "OpenTofu"),
    known("application/vnd.terraform.provider*", Kind::TofuProvider, "Terraform"),
    known("application/vnd.terraform.module*", Kind::TofuModule, "Terraform"),
    known("application/vnd.docker.compose*", Kind::Compose, ""),
    known("application/vnd.devcontainers.collection*", Kind::DevContainer, "collection"),
    known("application/vnd.devcontainers*", Kind::DevContainer, ""),
    // Programs and models.
    known("application/vnd.fermyon.spin*", Kind::Wasm, "Spin application"),
    known("application/vnd.wasmcloud*", Kind::Wasm, "wasmCloud"),
    known("*wasm*", Kind::Wasm, ""),
    known("application/vnd.cncf.model*", Kind::Model, "CNCF ModelPack"),
    known("application/vnd.cnai.model*", Kind::Model, "CNCF ModelPack"),
    known("application/vnd.ollama.image*", Kind::Model, "Ollama"),
    known("application/vnd.docker.ai*", Kind::Model, "Docker Model Runner"),
    known("application/vnd.kitops*", Kind::Model, "KitOps"),
    known("application/vnd.sylabs.sif*", Kind::Singularity, ""),
    known("*homebrew*", Kind::HomebrewBottle, ""),
    known("application/vnd.conda*", Kind::Artifact, "Conda package"),
];

/// The artifact type of a sigstore bundle, whatever its version.
pub const SIGSTORE_BUNDLE: &str = "application/vnd.dev.sigstore.bundle*";
/// The media type of the config of BuildKit's registry cache.
pub const BUILDKIT_CACHE_CONFIG: &str = "application/vnd.buildkit.cacheconfig.v0";
/// The media type of the ORAS artifact manifest, the format of ACR's preview of supply chain artifacts (2021 to 2023).
pub const ORAS_ARTIFACT_MANIFEST: &str = "application/vnd.cncf.oras.artifact.manifest.v1+json";

/// Types that say nothing about what an artifact is: empty configs, and what tools write where no type was chosen.
pub static MEANINGLESS: &[&str] = &[
    "",
    "application/vnd.oci.empty.v1+json",
    "application/vnd.oci.scratch.v1+json",
    "application/vnd.unknown.config.v1+json",
    "application/vnd.unknown.artifact.v1",
    "application/octet-stream",
    "application/json",
    "text/html",
    "text/plain",
];

/// Config types with which Docker 1.10 and tools of its time pushed images of schema 2; Docker itself accepts these
/// (`defaultImageTypes` of moby).
pub static LEGACY_DOCKER_CONFIGS: &[&str] =
    &["", "application/octet-stream", "application/json", "text/html"];

/// The keys of annotations that decide something.
pub mod annotation {
    /// What a sigstore bundle holds: `dsse-envelope` or `message-signature`.
    pub const SIGSTORE_CONTENT: &str = "dev.sigstore.bundle.content";
    /// The predicate type of a sigstore bundle.
    pub const SIGSTORE_PREDICATE: &str = "dev.sigstore.bundle.predicateType";
    /// The predicate type of an in-toto statement, as BuildKit and ORAS write it.
    pub const IN_TOTO_PREDICATE: &str = "in-toto.io/predicate-type";
    /// The predicate type of an attestation, as cosign writes it on a layer.
    pub const COSIGN_PREDICATE: &str = "predicateType";
    /// What an entry of an index is to another entry; `attestation-manifest` is the only value in use.
    pub const BUILDKIT_TYPE: &str = "vnd.docker.reference.type";
    /// The digest of the entry that a BuildKit attestation is about.
    pub const BUILDKIT_SUBJECT: &str = "vnd.docker.reference.digest";
    /// An artifact type, before image indexes had a property for it.
    pub const ARTIFACT_TYPE: &str = "org.opencontainers.artifactType";
    /// What kind of package GitHub shows: Homebrew and dev containers write it.
    pub const GITHUB_PACKAGE: &str = "com.github.package.type";
    /// The digest of the image layer that a SOCI ztoc indexes.
    pub const SOCI_LAYER: &str = "com.amazon.soci.image-layer-digest";
    /// The digest of the image that a SOCI index is about (SOCI v2).
    pub const SOCI_SUBJECT: &str = "com.amazon.soci.image-manifest-digest";
    /// The digest of the SOCI index of an image (SOCI v2).
    pub const SOCI_INDEX: &str = "com.amazon.soci.index-digest";
    /// The digest of the table of contents of an eStargz layer.
    pub const ESTARGZ_TOC: &str = "containerd.io/snapshot/stargz/toc.digest";
    /// Marks the Nydus bootstrap layer.
    pub const NYDUS_BOOTSTRAP: &str = "containerd.io/snapshot/nydus-bootstrap";
    /// Marks a Nydus data layer.
    pub const NYDUS_BLOB: &str = "containerd.io/snapshot/nydus-blob";
    /// Marks an overlaybd layer, the format of ACR's artifact streaming.
    pub const OVERLAYBD: &str = "containerd.io/snapshot/overlaybd/blob-digest";
    /// The checksum of the manifest of a zstd:chunked layer.
    pub const ZSTD_CHUNKED: &str = "io.github.containers.zstd-chunked.manifest-checksum";
    /// Marks an index entry whose layers are compressed with zstd.
    pub const ZSTD: &str = "io.github.containers.compression.zstd";
    /// `compat` on images that carry a WebAssembly module for proxies.
    pub const WASM_VARIANT: &str = "module.wasm.image/variant";
    /// The kind of the Tekton resource in a layer.
    pub const TEKTON_KIND: &str = "dev.tekton.image.kind";
    /// The role of a layer in a Crossplane package.
    pub const CROSSPLANE: &str = "io.crossplane.xpkg";
    /// The version of the CNAB runtime that a bundle is for.
    pub const CNAB_RUNTIME: &str = "io.cnab.runtime_version";
    /// The file name of a blob.
    pub const TITLE: &str = "org.opencontainers.image.title";
    /// The name by which an index refers to an entry.
    pub const REF_NAME: &str = "org.opencontainers.image.ref.name";
}

/// The line of the table for an artifact type, a config type or a layer type. Parameters and case do not matter.
///
/// ```
/// use acr_artifact::{Kind, types};
///
/// assert_eq!(types::find("application/vnd.cncf.helm.config.v1+json").map(|known| known.kind), Some(Kind::HelmChart));
/// assert!(types::find("application/vnd.acme.rocket").is_none());
/// ```
#[must_use]
pub fn find(text: &str) -> Option<&'static KnownType> {
    let text = normalised(text);
    TYPES.iter().find(|known| matches(known.pattern, &text))
}

/// Whether a type says nothing about what an artifact is.
#[must_use]
pub fn is_meaningless(text: &str) -> bool {
    let text = normalised(text);
    MEANINGLESS.contains(&text.as_str())
}

/// Whether a type is one of a sigstore bundle.
pub(crate) fn is_sigstore_bundle(text: &str) -> bool {
    matches(SIGSTORE_BUNDLE, &normalised(text))
}

/// A type in lower case and without parameters.
pub(crate) fn normalised(text: &str) -> String {
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a text has the parts of a pattern between its stars, in their order.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        assert!(matches("a/b", "a/b") && !matches("a/b", "a/bc") && !matches("a/b", "xa/b"));
        assert!(matches("a*", "a") && matches("a*", "abc") && !matches("a*", "b"));
        assert!(matches("*b*", "abc") && matches("*b*", "b") && !matches("*b*", "ac"));
        assert!(matches("a*c*e", "abcde") && !matches("a*c*e", "abcd") && !matches("a*c*e", "aec"));
    }

    #[test]
    fn patterns_are_lower_case_and_none_hides_a_later_one() {
        for (at, known) in TYPES.iter().enumerate() {
            assert_eq!(known.pattern, known.pattern.to_ascii_lowercase());
            let sample = known.pattern.replace('*', "");
            let first = TYPES.iter().position(|other| matches(other.pattern, &sample)).unwrap();
            assert_eq!(first, at, "{} hides {}", TYPES[first].pattern, known.pattern);
        }
    }

    #[test]
    fn case_and_parameters_do_not_matter() {
        assert_eq!(find("Application/SPDX+JSON; charset=utf-8").unwrap().format, "SPDX");
        assert!(is_meaningless("TEXT/HTML; charset=utf-8"));
    }
}
