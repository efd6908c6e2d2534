//! Artifacts that are not images: a Helm chart, a signature, an SBOM, a WebAssembly module, and an image of Docker's first schema.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use super::image::built_at;
use super::index::with;
use super::layer::{Layer, folder, layer, program, text};
use super::pusher::{PushError, Pushed, Pusher};
use crate::protocol::name::RepositoryName;
use crate::registry::media_type::{DOCKER_V1, OCI_CONFIG, OCI_MANIFEST};

const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// A layer of an artifact: media type, bytes, annotations.
struct Part<'a> {
    media_type: &'a str,
    bytes: Bytes,
    annotations: Value,
}

/// An artifact to push.
struct Artifact<'a> {
    config_type: &'a str,
    config: Bytes,
    parts: Vec<Part<'a>>,
    artifact_type: Option<&'a str>,
    subject: Option<&'a Pushed>,
    annotations: Value,
}

impl Artifact<'_> {
    fn push(
        self,
        pusher: &mut Pusher<'_>,
        name: &RepositoryName,
        tags: &[&str],
    ) -> Result<Pushed, PushError> {
        let config = pusher.config(name, &self.config)?;
        let mut layers = Vec::new();
        for part in &self.parts {
            let digest = pusher.blob(name, &part.bytes)?;
            let layer = json!({ "mediaType": part.media_type, "digest": digest, "size": part.bytes.len() });
            let annotated = part.annotations.is_object();
            layers.push(if annotated { with(layer, "annotations", part.annotations.clone()) } else { layer });
        }
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": { "mediaType": self.config_type, "digest": config, "size": self.config.len() },
            "layers": layers,
        });
        if let Some(artifact_type) = self.artifact_type {
            manifest = with(manifest, "artifactType", artifact_type.into());
        }
        if let Some(subject) = self.subject {
            manifest = with(manifest, "subject", subject.descriptor());
        }
        if self.annotations.is_object() {
            manifest = with(manifest, "annotations", self.annotations);
        }
        pusher.manifest(name, tags, OCI_MANIFEST, &manifest)
    }
}

/// A Helm chart, as `helm push` makes it.
pub(super) fn helm_chart(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    version: &str,
    built: u64,
) -> Result<Pushed, PushError> {
    let chart = name.as_str().rsplit('/').next().unwrap_or_default();
    let about = json!({
        "apiVersion": "v2",
        "name": chart,
        "version": version,
        "appVersion": version,
        "description": "Storefront, API and worker of the Contoso shop",
        "type": "application",
        "maintainers": [{ "name": "Platform Engineering", "email": "platform@contoso.example" }],
        "dependencies": [{ "name": "redis", "version": "19.5.2", "repository": "oci://demo.azurecr.io/charts" }],
    });
    let values =
        "replicaCount: 2\nimage:\n  repository: demo.azurecr.io/services/web\nservice:\n  port: 8080\n";
    let archive = packed(
        version,
        &[
            folder(chart),
            text(
                &format!("{chart}/Chart.yaml"),
                format!("apiVersion: v2\nname: {chart}\nversion: {version}\n"),
            ),
            text(&format!("{chart}/values.yaml"), values),
            folder(&format!("{chart}/templates")),
            text(&format!("{chart}/templates/deployment.yaml"), "apiVersion: apps/v1\nkind: Deployment\n"),
            text(&format!("{chart}/templates/service.yaml"), "apiVersion: v1\nkind: Service\n"),
        ],
    )?;
    let artifact = Artifact {
        config_type: "application/vnd.cncf.helm.config.v1+json",
        config: Bytes::from(about.to_string()),
        parts: vec![Part {
            media_type: "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            bytes: archive.bytes.clone(),
            annotations: Value::Null,
        }],
        artifact_type: None,
        subject: None,
        annotations: json!({
            "org.opencontainers.image.title": chart,
            "org.opencontainers.image.version": version,
            "org.opencontainers.image.description": "Storefront, API and worker of the Contoso shop",
            "org.opencontainers.image.created": built_at(built),
        }),
    };
    artifact.push(pusher, name, &[version])
}

/// A signature as cosign stores it: an image whose layer is the signed payload.
fn signature<'a>(name: &RepositoryName, about: &Pushed) -> Part<'a> {
    let payload = json!({
        "critical": {
            "identity": { "docker-reference": format!("demo.azurecr.io/{name}") },
            "image": { "docker-manifest-digest": about.digest },
            "type": "cosign container image signature",
        },
        "optional": { "sub": "https://ci.contoso.example/pipelines/release" },
    });
    // The shape of an ECDSA signature; nothing verifies it.
    let signed = STANDARD.encode(Bytes::from(format!("0E\u{2}!{}", about.digest.hex())));
    Part {
        media_type: "application/vnd.dev.cosign.simplesigning.v1+json",
        bytes: Bytes::from(payload.to_string()),
        annotations: json!({ "dev.cosignproject.cosign/signature": signed }),
    }
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
        "rootfs": { "type": "layers", "diff_ids": [crate::protocol::name::Digest::of(&part.bytes)] },
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
    let artifact = Artifact {
        config_type: EMPTY,
        config: Bytes::from_static(b"{}"),
        parts: vec![signature(name, about)],
        artifact_type: Some("application/vnd.dev.cosign.artifact.sig.v1+json"),
        subject: Some(about),
        annotations: json!({ "org.opencontainers.image.created": built_at(200) }),
    };
    artifact.push(pusher, name, &[])
}

/// Pushes an SPDX document that refers to its subject.
pub(super) fn sbom_referrer(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    about: &Pushed,
) -> Result<Pushed, PushError> {
    let document = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": format!("demo.azurecr.io/{name}@{}", about.digest),
        "creationInfo": { "created": built_at(200), "creators": ["Tool: syft-1.18.0"] },
        "documentNamespace": format!("https://contoso.example/sbom/{}", about.digest.hex()),
        "packages": super::demo::packages::spdx(),
    });
    let artifact = Artifact {
        config_type: EMPTY,
        config: Bytes::from_static(b"{}"),
        parts: vec![Part {
            media_type: "application/spdx+json",
            bytes: Bytes::from(document.to_string()),
            annotations: json!({ "org.opencontainers.image.title": "sbom.spdx.json" }),
        }],
        artifact_type: Some("application/spdx+json"),
        subject: Some(about),
        annotations: json!({ "org.opencontainers.image.created": built_at(200) }),
    };
    artifact.push(pusher, name, &[])
}

/// A WebAssembly module, which is an artifact of a type of its own.
pub(super) fn wasm_module(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    version: &str,
) -> Result<Pushed, PushError> {
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    // A custom section that holds the version.
    let section = [&[7][..], b"version", version.as_bytes()].concat();
    module.extend([0, u8::try_from(section.len()).unwrap_or(0)]);
    module.extend(section);
    let artifact = Artifact {
        config_type: EMPTY,
        config: Bytes::from_static(b"{}"),
        parts: vec![Part {
            media_type: "application/wasm",
            bytes: Bytes::from(module),
            annotations: json!({ "org.opencontainers.image.title": "edge-filter.wasm" }),
        }],
        artifact_type: Some("application/vnd.wasm.module.v1"),
        subject: None,
        annotations: json!({ "org.opencontainers.image.licenses": "MIT OR Apache-2.0" }),
    };
    artifact.push(pusher, name, &[version])
}

/// An image of Docker's first schema, as old clients pushed them.
pub(super) fn schema_1(
    pusher: &mut Pusher<'_>,
    name: &RepositoryName,
    tag: &str,
) -> Result<Pushed, PushError> {
    let root = packed(
        "v1",
        &[folder("bin"), program("bin/busybox", 60_000), text("etc/issue", "Debian GNU/Linux 7\n")],
    )?;
    let app = packed("v1", &[folder("var/www"), text("var/www/index.php", "<?php phpinfo();\n")])?;
    let mut layers = Vec::new();
    for layer in [&app, &root] {
        pusher.layer(name, &layer.digest, &layer.bytes)?;
        layers.push(json!({ "blobSum": layer.digest }));
    }
    let newest = json!({
        "architecture": "amd64",
        "os": "linux",
        "id": app.digest.hex(),
        "parent": root.digest.hex(),
        "created": "2016-02-11T18:02:34.417398Z",
        "docker_version": "1.9.1",
        "config": { "Cmd": ["apache2-foreground"], "ExposedPorts": { "80/tcp": {} }, "Env": ["PHP_VERSION=5.6.18"] },
        "container_config": { "Cmd": ["/bin/sh", "-c", "#(nop) CMD [\"apache2-foreground\"]"] },
    });
    let oldest = json!({
        "id": root.digest.hex(),
        "created": "2016-01-25T22:25:15.013Z",
        "container_config": { "Cmd": ["/bin/sh", "-c", "#(nop) ADD file:wheezy in /"] },
    });
    let manifest = json!({
        "schemaVersion": 1,
        "name": name.as_str(),
        "tag": tag,
        "architecture": "amd64",
        "fsLayers": layers,
        "history": [{ "v1Compatibility": newest.to_string() }, { "v1Compatibility": oldest.to_string() }],
    });
    pusher.manifest(name, &[tag], DOCKER_V1, &manifest)
}

fn packed(salt: &str, files: &[super::layer::File]) -> Result<std::sync::Arc<Layer>, PushError> {
    Ok(layer(salt, files)?)
}
