//! Evidence about other manifests: signatures of cosign, SBOMs, and Sigstore bundles. The signatures have the shape of real ones and verify
//! against no key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::artifact::{Artifact, Part};
use super::image::built_at;
use super::packages;
use super::pusher::{PushError, Pushed, Pusher};
use crate::protocol::name::{Digest, RepositoryName};
use crate::registry::media_type::OCI_CONFIG;

/// Where the workflows of the demo's company run, as a signature's certificate names it.
const WORKFLOW: &str = "https://ci.contoso.example/pipelines/release";

/// A signature as cosign stores it: an image whose layer is the signed payload.
fn signature<'a>(name: &RepositoryName, about: &Pushed) -> Part<'a> {
    let payload = json!({
        "critical": {
            "identity": { "docker-reference": format!("demo.azurecr.io/{name}") },
            "image": { "docker-manifest-digest": about.digest },
            "type": "cosign container image signature",
        },
        "optional": { "sub": WORKFLOW },
    });
    let payload = payload.to_string();
    let signed = ecdsa_shaped(payload.as_bytes());
    Part {
        annotations: json!({ "dev.cosignproject.cosign/signature": signed }),
        ..Part::new("application/vnd.dev.cosign.simplesigning.v1+json", payload)
    }
}

/// An ECDSA signature in DER, base64: two integers of 32 bytes that follow from the payload.
fn ecdsa_shaped(payload: &[u8]) -> String {
    let mut der = vec![0x30, 0x44];
    for salt in [b"r", b"s"] {
        let mut integer = Sha256::new_with_prefix(salt).chain_update(payload).finalize().to_vec();
        // Positive, and not padded.
        if let Some(first) = integer.first_mut() {
            *first = *first & 0x3F | 0x40;
        }
        der.extend([0x02, 0x20]);
        der.extend(integer);
    }
    STANDARD.encode(der)
}

/// Pushes a signature under cosign's tag, `sha256-….sig`.
pub(super) fn signature_by_tag(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    about: &Pushed,
) -> Result<Pushed, PushError> {
    let part = signature(name, about);
    let config = json!({
        "architecture": "",
        "os": "",
        "config": {},
        "rootfs": { "type": "layers", "diff_ids": [Digest::of(&part.bytes)] },
    });
    let tag = format!("sha256-{}.sig", about.digest.hex());
    let artifact = Artifact {
        config_type: OCI_CONFIG,
        config: Bytes::from(config.to_string()),
        parts: vec![part],
        artifact_type: None,
        subject: None,
        annotations: Value::Null,
    };
    artifact.push(pusher, name, &[&tag])
}

/// Pushes a signature that refers to its subject.
pub(super) fn signature_referrer(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    about: &Pushed,
) -> Result<Pushed, PushError> {
    let artifact_type = "application/vnd.dev.cosign.artifact.sig.v1+json";
    let artifact = Artifact {
        subject: Some(about),
        annotations: json!({ "org.opencontainers.image.created": built_at(200) }),
        ..Artifact::new(artifact_type, vec![signature(name, about)])
    };
    artifact.push(pusher, name, &[])
}

/// Pushes an SPDX document that refers to its subject.
pub(super) fn sbom_referrer(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    about: &Pushed,
) -> Result<Pushed, PushError> {
    const SPDX: &str = "application/spdx+json";
    let document = packages::spdx_document(&format!("demo.azurecr.io/{name}@{}", about.digest));
    let part = Part {
        annotations: json!({ "org.opencontainers.image.title": "sbom.spdx.json" }),
        ..Part::new(SPDX, document.to_string())
    };
    let artifact = Artifact {
        subject: Some(about),
        annotations: json!({ "org.opencontainers.image.created": built_at(200) }),
        ..Artifact::new(SPDX, vec![part])
    };
    artifact.push(pusher, name, &[])
}

/// What a Sigstore bundle holds: a signature, or an in-toto statement in an envelope.
pub(super) enum Bundle {
    /// A signature of the manifest's digest.
    Signature,
    /// An attestation with its predicate type and predicate.
    Attestation(&'static str, Value),
}

impl Bundle {
    /// Pushes the bundle as a referrer. Its artifact type is the same for signatures and attestations; annotations distinguish them.
    pub(super) fn push(
        self,
        pusher: &mut Pusher<'_>,
        name: &RepositoryName,
        about: &Pushed,
    ) -> Result<Pushed, PushError> {
        const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
        let (content, annotations) = match self {
            Self::Signature => {
                let digest = STANDARD.encode(Sha256::digest(about.digest.as_str()));
                let signature = ecdsa_shaped(about.digest.as_str().as_bytes());
                let message = json!({ "messageDigest": { "algorithm": "SHA2_256", "digest": digest }, "signature": signature });
                (("messageSignature", message), json!({ "dev.sigstore.bundle.content": "message-signature" }))
            }
            Self::Attestation(predicate_type, predicate) => {
                let statement = json!({
                    "_type": "https://in-toto.io/Statement/v1",
                    "subject": [{ "name": format!("demo.azurecr.io/{name}"), "digest": { "sha256": about.digest.hex() } }],
                    "predicateType": predicate_type,
                    "predicate": predicate,
                });
                let statement = statement.to_string();
                let envelope = json!({
                    "payload": STANDARD.encode(&statement),
                    "payloadType": "application/vnd.in-toto+json",
                    "signatures": [{ "sig": ecdsa_shaped(statement.as_bytes()) }],
                });
                let annotations = json!({
                    "dev.sigstore.bundle.content": "dsse-envelope",
                    "dev.sigstore.bundle.predicateType": predicate_type,
                });
                (("dsseEnvelope", envelope), annotations)
            }
        };
        let (key, content) = content;
        let document = json!({
            "mediaType": BUNDLE,
            "verificationMaterial": { "publicKey": { "hint": "contoso-release" }, "tlogEntries": [] },
            key: content,
        });
        let artifact = Artifact {
            subject: Some(about),
            annotations,
            ..Artifact::new(BUNDLE, vec![Part::new(BUNDLE, document.to_string())])
        };
        artifact.push(pusher, name, &[])
    }
}
