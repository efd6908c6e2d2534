//! What a manifest refers to: subjects, entries, and what cosign's tag scheme and BuildKit's annotations say.

use acr_client_wasm::{Annotations, Descriptor, Manifest, MediaType};

use crate::kind::Kind;
use crate::traits::artifact_of;
use crate::types::annotation;

/// What a tag of cosign's scheme says (`sha256-HEX.sig`, `.att`, `.sbom`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosignTag {
    /// [`Kind::Signature`], [`Kind::Attestation`] or [`Kind::Sbom`].
    pub kind: Kind,
    /// The digest of the manifest it is about.
    pub subject: String,
}

/// Reads a tag of cosign's scheme.
///
/// ```
/// let hex = "a".repeat(64);
/// let tag = acr_artifact::cosign_tag(&format!("sha256-{hex}.sig")).unwrap();
/// assert_eq!(tag.subject, format!("sha256:{hex}"));
/// assert_eq!(acr_artifact::cosign_tag("latest"), None);
/// ```
#[must_use]
pub fn cosign_tag(tag: &str) -> Option<CosignTag> {
    let (hex, suffix) = tag.strip_prefix("sha256-")?.split_once('.')?;
    let kind = match suffix {
        "sig" => Kind::Signature,
        "att" => Kind::Attestation,
        "sbom" => Kind::Sbom,
        _ => return None,
    };
    is_hex(hex).then(|| CosignTag { kind, subject: format!("sha256:{hex}") })
}

/// Whether a tag is one of the referrers tag schema, in which clients keep the index of what refers to a manifest where a registry has no
/// referrers API: the algorithm and up to 64 characters of a digest.
///
/// ```
/// let hex = "a".repeat(64);
/// assert!(acr_artifact::relation::is_referrers_tag(&format!("sha256-{hex}")));
/// assert!(!acr_artifact::relation::is_referrers_tag(&format!("sha256-{hex}.sig")));
/// ```
#[must_use]
pub fn is_referrers_tag(tag: &str) -> bool {
    let hex = tag.strip_prefix("sha256-").or_else(|| tag.strip_prefix("sha512-"));
    hex.is_some_and(is_hex)
}

/// The digest of the manifest that a tag is evidence about: a tag of cosign's scheme or of the referrers tag schema. None for other tags,
/// and where the tag holds only a part of the digest.
#[must_use]
pub fn tag_subject(tag: &str) -> Option<String> {
    let hex = tag.strip_prefix("sha256-").filter(|hex| is_hex(hex));
    let by_referrers = hex.map(|hex| format!("sha256:{hex}"));
    by_referrers.or_else(|| cosign_tag(tag).map(|tag| tag.subject))
}

/// Whether a text is 64 hexadecimal digits in lower case.
fn is_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The tags under which cosign stores what is about a digest, and the tag of the referrers fallback of the distribution specification
/// (last).
///
/// ```
/// assert_eq!(acr_artifact::evidence_tags("sha256:00")[0], "sha256-00.sig");
/// ```
#[must_use]
pub fn evidence_tags(digest: &str) -> [String; 4] {
    // A tag cannot hold all of a sha512 digest; the specification cuts it off.
    let (algorithm, hex) = digest.split_once(':').unwrap_or((digest, ""));
    let base = format!("{algorithm}-{}", hex.get(..64).unwrap_or(hex));
    [format!("{base}.sig"), format!("{base}.att"), format!("{base}.sbom"), base]
}

/// The digest of the entry that an entry of an index is about, where it is a BuildKit attestation or a SOCI index. Empty where an attestation
/// names none.
#[must_use]
pub fn attested(entry: &Descriptor) -> Option<&str> {
    if let Some(image) = entry.annotations.get(annotation::SOCI_SUBJECT) {
        return Some(image);
    }
    let kind = entry.annotations.get(annotation::BUILDKIT_TYPE)?;
    (kind == "attestation-manifest")
        .then(|| entry.annotations.get(annotation::BUILDKIT_SUBJECT).map_or("", String::as_str))
}

/// The manifests that an index holds, without the blobs that a build cache lists among them.
pub fn children(manifest: &Manifest) -> impl Iterator<Item = &Descriptor> {
    manifest.manifests().iter().filter(|entry| is_manifest(entry))
}

/// Whether a descriptor is one of a manifest, as far as its media type says; an empty one may be.
#[must_use]
pub fn is_manifest(descriptor: &Descriptor) -> bool {
    let media_type = descriptor.media_type.as_str();
    media_type.is_empty()
        || MediaType::new(media_type).is_manifest()
        || media_type == crate::types::ORAS_ARTIFACT_MANIFEST
}

/// The manifest that a manifest is about, of ORAS artifact manifests too.
#[must_use]
pub fn subject(manifest: &Manifest) -> Option<Descriptor> {
    match manifest {
        Manifest::Unknown(value) => artifact_of(value).subject,
        known => known.subject().cloned(),
    }
}

/// The annotations of a manifest. Of ORAS artifact manifests too.
#[must_use]
pub fn annotations(manifest: &Manifest) -> Annotations {
    match manifest {
        Manifest::Unknown(value) => artifact_of(value).annotations,
        known => known.annotations().clone(),
    }
}

/// The blobs that a manifest holds: config first, then layers, of a build cache's index its blobs. Of ORAS artifact manifests too.
#[must_use]
pub fn blobs(manifest: &Manifest) -> Vec<Descriptor> {
    match manifest {
        Manifest::Unknown(value) => artifact_of(value).blobs,
        known => {
            let cached = known.manifests().iter().filter(|entry| !is_manifest(entry));
            known.config().into_iter().chain(known.layers()).chain(cached).cloned().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_of_a_long_digest_are_tags() {
        for tag in evidence_tags(&format!("sha512:{}", "0a".repeat(64))) {
            assert!(tag.parse::<acr_client_wasm::TagName>().is_ok(), "{tag}");
        }
    }

    #[test]
    fn tags_that_only_look_like_cosign_are_none() {
        let hex = "a".repeat(64);
        for tag in ["sha256-12.sig", "latest"] {
            assert_eq!(cosign_tag(tag), None);
        }
        assert_eq!(cosign_tag(&format!("sha256-{hex}.zip")), None);
        assert_eq!(cosign_tag(&format!("sha256-{}.sig", "Z".repeat(64))), None);
        assert_eq!(cosign_tag(&format!("sha256-{hex}.att")).unwrap().kind, Kind::Attestation);
        assert_eq!(cosign_tag(&format!("sha256-{hex}.sbom")).unwrap().kind, Kind::Sbom);
    }
}
