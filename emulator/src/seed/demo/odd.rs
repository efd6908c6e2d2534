//! `odd/…`: what other tools push and few tools expect, one of each.

use bytes::Bytes;
use serde_json::{Value, json};

use super::foundations::PATH;
use crate::protocol::name::RepositoryName;
use crate::registry::media_type::{OCI_CONFIG, OCI_INDEX, OCI_MANIFEST};
use crate::seed::base::{application, root};
use crate::seed::image::{AMD64, ARM64, Image, Platform, WINDOWS, made, set};
use crate::seed::index::{Index, for_platforms, with};
use crate::seed::pusher::{PushError, Pushed, Pusher, repository};

/// The configuration of an artifact that has none.
const EMPTY: &str = "application/vnd.oci.empty.v1+json";

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    pusher.days_ago(27);
    typed_index(pusher)?;
    nested_index(pusher)?;
    shell_history(pusher)?;
    windows_history(pusher)?;
    oras_manifest(pusher)?;
    sigstore_bundle(pusher)?;
    foreign_layer(pusher)?;
    octet_stream(pusher)?;
    chart_with_build(pusher)
}

/// An index with an artifact type of its own, as OpenTofu pushes providers: its children are untagged and needed.
fn typed_index(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("odd/provider")?;
    let mut entries = Vec::new();
    for platform in [AMD64, ARM64, WINDOWS] {
        let archive = application(platform, "terraform-provider-contoso", "1.4.0", 40_000)?;
        let part = ("archive/zip", archive.bytes.clone());
        let child = {
            let manifest = artifact(pusher, &name, "application/vnd.opentofu.provider-target", None, part)?;
            pusher.manifest(&name, &[], OCI_MANIFEST, &manifest)?
        };
        entries.push(with(child.descriptor(), "platform", platform.to_json()));
    }
    let index = json!({
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "artifactType": "application/vnd.opentofu.provider",
        "manifests": entries,
    });
    pusher.manifest(&name, &["1.4.0"], OCI_INDEX, &index).map(drop)
}

/// An index of an index.
fn nested_index(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("odd/nested-index")?;
    let images = for_platforms(&[AMD64, ARM64], |platform| tool(platform, "nested"))?;
    let inner = Index::new(images).push(pusher, &name, &["stable"])?;
    let outer = json!({
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "manifests": [with(inner.descriptor(), "annotations", json!({ "org.opencontainers.image.ref.name": "stable" }))],
    });
    pusher.manifest(&name, &["channels"], OCI_INDEX, &outer).map(drop)
}

/// Steps as BuildKit writes them: build arguments, another shell, several lines.
fn shell_history(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("odd/buildkit-history")?;
    let app = application(AMD64, "made", "22.11.0", 20_000)?;
    let steps = vec![
        made("ADD rootfs.tar.gz / # buildkit", &root(AMD64)?),
        set("ARG VERSION=22.11.0"),
        made("RUN |1 VERSION=22.11.0 /bin/sh -c make install # buildkit", &app),
        set("SHELL [/bin/bash -o pipefail -c]"),
        made(
            "RUN /bin/bash -o pipefail -c curl -fsSL https://example.org/tool | tar -x # buildkit",
            &application(AMD64, "tool", "1", 12_000)?,
        ),
        made(
            "RUN /bin/bash -o pipefail -c set -eux\necho one > /etc/one\necho two > /etc/two\n # buildkit",
            &application(AMD64, "lines", "1", 4_000)?,
        ),
        set(
            "HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f http://localhost/ || exit 1\"] \"30s\" \"3s\" \"0s\" \"0s\" '\\x00'}",
        ),
        set("EXPOSE map[8080/tcp:{}]"),
    ];
    Image::new(AMD64, 180, steps, json!({ "Env": [PATH], "Shell": ["/bin/bash", "-o", "pipefail", "-c"] }))
        .push(pusher, &name, &["1"])
        .map(drop)
}

/// A Windows image: cmd and PowerShell, and no root.
fn windows_history(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("odd/windows")?;
    let steps = vec![
        made("Apply image 10.0.20348.2700", &root(WINDOWS)?),
        set("cmd /S /C #(nop)  SHELL [powershell -Command $ErrorActionPreference = 'Stop';]"),
        set("cmd /S /C #(nop)  ENV APP_VERSION=4.8.1"),
        made(
            "powershell -Command $ErrorActionPreference = 'Stop'; Invoke-WebRequest -OutFile setup.exe https://example.org/setup.exe",
            &application(WINDOWS, "setup.exe", "4.8.1", 30_000)?,
        ),
        set("cmd /S /C #(nop)  CMD [\"c:\\\\app\\\\run.exe\"]"),
    ];
    Image::new(WINDOWS, 170, steps, json!({ "Cmd": ["c:\\app\\run.exe"], "Env": ["APP_VERSION=4.8.1"] }))
        .docker()
        .push(pusher, &name, &["4.8.1"])
        .map(drop)
}

/// The artifact manifest of ORAS, which registries got before OCI 1.1: here a Notary signature of 2022.
fn oras_manifest(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    const MANIFEST: &str = "application/vnd.cncf.oras.artifact.manifest.v1+json";
    let name = repository("odd/oras-artifact")?;
    let subject = tool(AMD64, "signed")?.push(pusher, &name, &["2022"])?;
    let signature = Bytes::from_static(b"{\"payload\":\"e30\",\"protected\":\"e30\",\"signature\":\"AA\"}");
    let digest = pusher.blob(&name, &signature)?;
    let manifest = json!({
        "mediaType": MANIFEST,
        "artifactType": "application/vnd.cncf.notary.v2.signature",
        "blobs": [{ "mediaType": "application/jose+json", "digest": digest, "size": signature.len() }],
        "subject": subject.descriptor(),
        "annotations": { "io.cncf.oras.artifact.created": "2022-04-01T08:00:00Z" },
    });
    pusher.manifest(&name, &["artifact"], MANIFEST, &manifest).map(drop)
}

/// A Sigstore bundle: the type is that of signatures and attestations alike, its annotations tell them apart.
fn sigstore_bundle(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
    let name = repository("odd/sigstore-bundle")?;
    let subject = tool(AMD64, "attested")?.push(pusher, &name, &["1.0.0"])?;
    let bundle = json!({ "mediaType": BUNDLE, "verificationMaterial": {}, "dsseEnvelope": { "payload": "e30=", "payloadType": "application/vnd.in-toto+json", "signatures": [] } });
    let part = (BUNDLE, Bytes::from(bundle.to_string()));
    let annotations = json!({
        "dev.sigstore.bundle.content": "dsse-envelope",
        "dev.sigstore.bundle.predicateType": "https://slsa.dev/provenance/v1",
    });
    let manifest = artifact(pusher, &name, BUNDLE, Some(&subject), part)?;
    pusher.manifest(&name, &[], OCI_MANIFEST, &with(manifest, "annotations", annotations)).map(drop)
}

/// A layer that lies elsewhere, as those of old Windows base images.
fn foreign_layer(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("odd/foreign-layer")?;
    let own = application(WINDOWS, "own.exe", "1", 9_000)?;
    pusher.layer(&name, &own.digest, &own.bytes)?;
    let elsewhere = root(WINDOWS)?;
    let config = json!({ "architecture": "amd64", "os": "windows", "config": {}, "rootfs": { "type": "layers", "diff_ids": [elsewhere.diff_id, own.diff_id] } });
    let config = Bytes::from(config.to_string());
    let config_digest = pusher.config(&name, &config)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": { "mediaType": OCI_CONFIG, "digest": config_digest, "size": config.len() },
        "layers": [
            {
                "mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
                "digest": elsewhere.digest,
                "size": elsewhere.bytes.len(),
                "urls": ["https://mcr.microsoft.com/v2/windows/blobs/base"],
            },
            { "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": own.digest, "size": own.bytes.len() },
        ],
    });
    pusher.manifest(&name, &["ltsc2022"], OCI_MANIFEST, &manifest).map(drop)
}

/// An image whose configuration is declared as bytes of no type.
fn octet_stream(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("odd/octet-stream")?;
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

/// A chart whose version has build metadata, which a tag cannot spell, and its provenance.
fn chart_with_build(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("odd/charts/web")?;
    let about =
        Bytes::from(json!({ "apiVersion": "v2", "name": "web", "version": "1.2.3+build.7" }).to_string());
    let config = pusher.blob(&name, &about)?;
    let chart = application(AMD64, "chart", "1.2.3", 3_000)?;
    pusher.layer(&name, &chart.digest, &chart.bytes)?;
    let provenance = Bytes::from_static(
        b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nname: web\nversion: 1.2.3+build.7\n",
    );
    let provenance_digest = pusher.blob(&name, &provenance)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": { "mediaType": "application/vnd.cncf.helm.config.v1+json", "digest": config, "size": about.len() },
        "layers": [
            { "mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "digest": chart.digest, "size": chart.bytes.len() },
            { "mediaType": "application/vnd.cncf.helm.chart.provenance.v1.prov", "digest": provenance_digest, "size": provenance.len() },
        ],
    });
    pusher.manifest(&name, &["1.2.3_build.7"], OCI_MANIFEST, &manifest).map(drop)
}

/// A small image.
fn tool(platform: Platform, name: &str) -> Result<Image, PushError> {
    let steps = vec![made("COPY tool /tool # buildkit", &application(platform, name, "1", 8_000)?)];
    Ok(Image::new(platform, 160, steps, json!({ "Cmd": ["/tool"], "Env": [PATH] })))
}

/// The manifest of an artifact of one layer, whose media type and bytes `part` has.
fn artifact(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    artifact_type: &str,
    subject: Option<&Pushed>,
    part: (&str, Bytes),
) -> Result<Value, PushError> {
    let empty = Bytes::from_static(b"{}");
    let config = pusher.blob(name, &empty)?;
    let (media_type, bytes) = part;
    let digest = pusher.blob(name, &bytes)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": artifact_type,
        "config": { "mediaType": EMPTY, "digest": config, "size": empty.len() },
        "layers": [{ "mediaType": media_type, "digest": digest, "size": bytes.len() }],
    });
    Ok(match subject {
        Some(subject) => with(manifest, "subject", subject.descriptor()),
        None => manifest,
    })
}
