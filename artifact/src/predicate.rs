//! What the predicate type of an in-toto attestation says that the attestation is.

use crate::kind::Kind;

/// A predicate type in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    /// [`Kind::Sbom`], [`Kind::Signature`], [`Kind::ScanReport`] or [`Kind::Attestation`].
    pub kind: Kind,
    /// The name, for instance `SLSA provenance v1`; the URI itself where it is unknown.
    pub name: String,
}

/// Prefixes of predicate types, their kind and name. The version that follows the prefix is appended to names that end with a space.
static PREDICATES: &[(&str, Kind, &str)] = &[
    ("https://slsa.dev/provenance/", Kind::Attestation, "SLSA provenance "),
    ("https://slsa.dev/verification_summary/", Kind::Attestation, "SLSA verification summary "),
    ("https://in-toto.io/provenance/", Kind::Attestation, "in-toto provenance "),
    ("https://spdx.dev/document", Kind::Sbom, "SPDX"),
    ("https://cyclonedx.org/bom", Kind::Sbom, "CycloneDX"),
    ("https://cyclonedx.org/vex", Kind::Attestation, "CycloneDX VEX"),
    ("https://cyclonedx.org/schema", Kind::Sbom, "CycloneDX"),
    ("https://syft.dev/bom", Kind::Sbom, "Syft"),
    ("https://openvex.dev/ns", Kind::Attestation, "OpenVEX"),
    ("https://sigstore.dev/cosign/sign/", Kind::Signature, "cosign"),
    ("https://cosign.sigstore.dev/attestation/vuln/", Kind::ScanReport, "vulnerabilities"),
    ("cosign.sigstore.dev/attestation/vuln/", Kind::ScanReport, "vulnerabilities"),
    ("https://in-toto.io/attestation/vulns", Kind::ScanReport, "vulnerabilities"),
    ("https://cosign.sigstore.dev/attestation/", Kind::Attestation, "cosign custom "),
    ("cosign.sigstore.dev/attestation/", Kind::Attestation, "cosign custom "),
    ("https://in-toto.io/attestation/release/", Kind::Attestation, "release "),
    ("https://in-toto.io/attestation/test-result/", Kind::Attestation, "test result "),
    ("https://in-toto.io/attestation/scai/", Kind::Attestation, "SCAI "),
    ("https://in-toto.io/attestation/link/", Kind::Attestation, "in-toto link "),
    ("https://in-toto.io/link/", Kind::Attestation, "in-toto link "),
];

impl Predicate {
    /// Reads a predicate type. An unknown one is an attestation under its own name.
    ///
    /// ```
    /// use acr_artifact::{Kind, Predicate};
    ///
    /// let predicate = Predicate::new("https://slsa.dev/provenance/v1");
    /// assert_eq!((predicate.kind, predicate.name.as_str()), (Kind::Attestation, "SLSA provenance v1"));
    /// assert_eq!(Predicate::new("https://spdx.dev/Document/v2.3").kind, Kind::Sbom);
    /// ```
    #[must_use]
    pub fn new(uri: &str) -> Self {
        let lower = uri.trim().to_ascii_lowercase();
        for (prefix, kind, name) in PREDICATES {
            let Some(version) = lower.strip_prefix(prefix) else { continue };
            let name = if name.ends_with(' ') {
                format!("{name}{version}").trim_end().to_owned()
            } else {
                (*name).to_owned()
            };
            return Self { kind: *kind, name };
        }
        Self { kind: Kind::Attestation, name: uri.trim().to_owned() }
    }
}
