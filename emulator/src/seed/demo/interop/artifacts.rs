//! Artifacts and evidence in formats that few tools write or read.

use bytes::Bytes;
use serde_json::{Value, json};

use super::tool::tool;
use crate::registry::media_type::{OCI_MANIFEST, ORAS_ARTIFACT};
use crate::seed::artifact::EMPTY;
use crate::seed::chart::Chart;
use crate::seed::evidence::Bundle;
use crate::seed::image::AMD64;
use crate::seed::packages;
use crate::seed::pusher::{PushError, Pusher, repository};

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    oras_manifests(pusher)?;
    sigstore_bundles(pusher)?;
    octet_stream(pusher)?;
    null_annotations(pusher)?;
    // A version with build metadata, whose plus sign no tag can have.
    let chart = Chart { version: "1.2.3+build.7", built: 185, signed: true };
    chart.push(pusher, &repository("tests/charts/web")?).map(drop)
}

/// The artifact manifest of ORAS, which registries had before OCI 1.1: a Notary signature and an index for lazy loading.
fn oras_manifests(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/oras-artifact")?;
    let subject = tool(AMD64, "signed")?.push(pusher, &name, &["2022"])?;
    let signature = Bytes::from_static(b"{\"payload\":\"e30\",\"protected\":\"e30\",\"signature\":\"AA\"}");
    let toc = Bytes::from_static(b"ztoc of one layer");
    for (tag, artifact_type, media_type, blob) in [
        ("signature", "application/vnd.cncf.notary.v2.signature", "application/jose+json", signature),
        ("soci", "application/vnd.amazon.soci.index.v1+json", "application/octet-stream", toc),
    ] {
        let digest = pusher.blob(&name, &blob)?;
        let manifest = json!({
            "mediaType": ORAS_ARTIFACT,
            "artifactType": artifact_type,
            "blobs": [{ "mediaType": media_type, "digest": digest, "size": blob.len() }],
            "subject": subject.descriptor(),
            "annotations": { "io.cncf.oras.artifact.created": "2022-04-01T08:00:00Z" },
        });
        pusher.manifest(&name, &[tag], ORAS_ARTIFACT, &manifest)?;
    }
    Ok(())
}

/// Sigstore bundles: a signature, provenance and an SBOM, all of one artifact type.
fn sigstore_bundles(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/sigstore-bundles")?;
    let subject = tool(AMD64, "attested")?.push(pusher, &name, &["1.0"])?;
    let provenance = json!({
        "buildDefinition": {
            "buildType": "https://actions.github.io/buildtypes/workflow/v1",
            "externalParameters": {
                "workflow": {
                    "ref": "refs/tags/v1.0",
                    "repository": "https://github.com/contoso/attested",
                    "path": ".github/workflows/release.yml",
                },
            },
            "resolvedDependencies": [{
                "uri": "git+https://github.com/contoso/attested@refs/tags/v1.0",
                "digest": { "gitCommit": "8c1f0e2d9b7a4c5e6f7081920a1b2c3d4e5f6071" },
            }],
        },
        "runDetails": { "builder": { "id": "https://github.com/contoso/attested/.github/workflows/release.yml@refs/tags/v1.0" } },
    });
    let sbom = packages::spdx_document(name.as_str());
    for bundle in [
        Bundle::Signature,
        Bundle::Attestation("https://slsa.dev/provenance/v1", provenance),
        Bundle::Attestation("https://spdx.dev/Document/v2.3", sbom),
    ] {
        bundle.push(pusher, &name, &subject)?;
    }
    Ok(())
}

/// A table whose config is declared as bytes of no type.
fn octet_stream(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/octet-stream")?;
    let data = Bytes::from_static(b"id,name\n1,Contoso\n2,Fabrikam\n");
    let digest = pusher.blob(&name, &data)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": { "mediaType": "application/octet-stream", "digest": digest, "size": data.len() },
        "layers": [{ "mediaType": "text/csv", "digest": digest, "size": data.len(), "annotations": { "org.opencontainers.image.title": "customers.csv" } }],
    });
    pusher.manifest(&name, &["export"], OCI_MANIFEST, &manifest).map(drop)
}

/// Annotations that a program in Python left as `null`: a value, and all of them.
fn null_annotations(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/null-annotations")?;
    let empty = Bytes::from_static(b"{}");
    let config = pusher.blob(&name, &empty)?;
    let data = Bytes::from_static(b"2 checks, 0 findings\n");
    let digest = pusher.blob(&name, &data)?;
    let value = json!({ "org.opencontainers.image.version": null, "com.contoso.team": "storefront" });
    for (tag, annotations) in [("value", value), ("all", Value::Null)] {
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "artifactType": "application/vnd.contoso.report",
            "config": { "mediaType": EMPTY, "digest": config, "size": empty.len() },
            "layers": [{ "mediaType": "text/plain", "digest": digest, "size": data.len(), "annotations": null, "platform": null }],
            "annotations": annotations,
        });
        pusher.manifest(&name, &[tag], OCI_MANIFEST, &manifest)?;
    }
    Ok(())
}
