//! Pushing images as clients do.

use bytes::Bytes;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::Client;

pub const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
pub const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

pub fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// Pushes a blob in one piece.
pub async fn push_blob(client: &Client, name: &str, bytes: impl Into<Bytes>) -> String {
    let bytes = bytes.into();
    let digest = digest(&bytes);
    let started = client.send(Method::POST, &format!("/v2/{name}/blobs/uploads/"), &[], Bytes::new()).await;
    assert_eq!(started.status, StatusCode::ACCEPTED, "{}", started.text());
    let location = format!("{}&digest={digest}", started.header("location"));
    let done = client.send(Method::PUT, &location, &[], bytes).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text());
    digest
}

/// A pushed manifest.
#[derive(Clone, Debug)]
pub struct Pushed {
    pub digest: String,
    pub bytes: Bytes,
    pub media_type: &'static str,
}

impl Pushed {
    fn descriptor(&self, os: &str, architecture: &str) -> Value {
        json!({
            "mediaType": self.media_type, "digest": self.digest, "size": self.bytes.len(),
            "platform": { "os": os, "architecture": architecture },
        })
    }
}

/// Pushes an image of one layer that holds `content`.
pub async fn push_image(
    client: &Client,
    name: &str,
    reference: Option<&str>,
    media_type: &'static str,
    architecture: &str,
    content: &str,
) -> Pushed {
    let manifest = image_manifest(client, name, media_type, architecture, content).await;
    push_manifest(client, name, reference, media_type, &manifest).await
}

/// Pushes the blobs of an image, and answers the manifest to push.
pub async fn image_manifest(
    client: &Client,
    name: &str,
    media_type: &str,
    architecture: &str,
    content: &str,
) -> Value {
    let (config_type, layer_type) = if media_type == DOCKER_MANIFEST {
        (
            "application/vnd.docker.container.image.v1+json",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
        )
    } else {
        ("application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip")
    };
    let config = json!({ "architecture": architecture, "os": "linux", "rootfs": { "type": "layers", "diff_ids": [] } });
    let config = config.to_string();
    let config_digest = push_blob(client, name, config.clone()).await;
    let layer_digest = push_blob(client, name, content.to_owned()).await;
    json!({
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": { "mediaType": config_type, "digest": config_digest, "size": config.len() },
        "layers": [{ "mediaType": layer_type, "digest": layer_digest, "size": content.len() }],
    })
}

/// Pushes a manifest by tag, or by digest.
pub async fn push_manifest(
    client: &Client,
    name: &str,
    reference: Option<&str>,
    media_type: &'static str,
    manifest: &Value,
) -> Pushed {
    let bytes = Bytes::from(manifest.to_string());
    let digest = digest(&bytes);
    let reference = reference.unwrap_or(&digest);
    let path = format!("/v2/{name}/manifests/{reference}");
    let answer = client.send(Method::PUT, &path, &[("content-type", media_type)], bytes.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!(answer.header("docker-content-digest"), digest);
    Pushed { digest, bytes, media_type }
}

/// Pushes an index of an amd64 and an arm64 image.
pub async fn push_index(
    client: &Client,
    name: &str,
    tag: Option<&str>,
    media_type: &'static str,
    content: &str,
) -> Pushed {
    let image_type = if media_type == DOCKER_LIST { DOCKER_MANIFEST } else { OCI_MANIFEST };
    let mut entries = Vec::new();
    for architecture in ["amd64", "arm64"] {
        let image = push_image(client, name, None, image_type, architecture, content).await;
        entries.push(image.descriptor("linux", architecture));
    }
    let index = json!({ "schemaVersion": 2, "mediaType": media_type, "manifests": entries });
    push_manifest(client, name, tag, media_type, &index).await
}
