//! Pushing what no client of good faith would push: manifests and configs as they are given, byte for byte.

use anyhow::{Context, Result, ensure};
use http::header;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::json;

/// The media type of an image, and of most artifacts.
pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The media type of an image index.
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// The media type of an image's config.
pub const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// The media type of a compressed layer.
pub const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// One repository of an open registry, pushed to directly, without a gateway.
pub struct Repository {
    registry: String,
    name: String,
    token: String,
    client: reqwest::Client,
}

impl Repository {
    /// The repository `name` of the emulator at `registry`.
    pub async fn at(registry: &str, name: &str) -> Result<Self> {
        let scope = format!("{registry}/oauth2/token?scope=repository:{name}:pull,push");
        let token = json::get(&scope).await?;
        let token = token.get("access_token").and_then(Value::as_str).context("no access token")?;
        let (registry, name) = (registry.to_owned(), name.to_owned());
        Ok(Self { registry, name, token: token.to_owned(), client: reqwest::Client::new() })
    }

    /// Uploads a blob and returns its descriptor.
    pub async fn blob(&self, media_type: &str, bytes: &[u8]) -> Result<Value> {
        let start = format!("{}/v2/{}/blobs/uploads/", self.registry, self.name);
        let started = self.client.post(&start).bearer_auth(&self.token).send().await?.error_for_status()?;
        let location = started.headers().get(header::LOCATION).context("no upload")?.to_str()?.to_owned();
        let location =
            if location.starts_with('/') { format!("{}{location}", self.registry) } else { location };
        let digest = digest(bytes);
        let joint = if location.contains('?') { '&' } else { '?' };
        let put = self.client.put(format!("{location}{joint}digest={digest}")).bearer_auth(&self.token);
        put.body(bytes.to_vec()).send().await?.error_for_status()?;
        Ok(json!({ "mediaType": media_type, "digest": digest, "size": bytes.len() }))
    }

    /// Pushes these bytes as a manifest under a tag and returns the digest.
    pub async fn manifest(&self, tag: &str, bytes: Vec<u8>) -> Result<String> {
        self.put(tag, MANIFEST, bytes).await
    }

    /// Pushes these bytes as a manifest of a media type under a tag, or under their digest, and returns the digest.
    pub async fn put(&self, tag: &str, media_type: &str, bytes: Vec<u8>) -> Result<String> {
        let address = format!("{}/v2/{}/manifests/{tag}", self.registry, self.name);
        let digest = digest(&bytes);
        let put = self.client.put(address).bearer_auth(&self.token).header(header::CONTENT_TYPE, media_type);
        let answer = put.body(bytes).send().await?;
        let status = answer.status();
        ensure!(status.is_success(), "{tag} was refused with {status}: {}", answer.text().await?);
        Ok(digest)
    }

    /// Pushes an image of this config, layers and annotations under a tag and returns the manifest's digest.
    pub async fn image(
        &self,
        tag: &str,
        config: &Value,
        layers: &[Value],
        annotations: &Value,
    ) -> Result<String> {
        let config = self.blob(CONFIG, config.to_string().as_bytes()).await?;
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers, "annotations": annotations,
        });
        self.manifest(tag, manifest.to_string().into_bytes()).await
    }

    /// Pushes an index of one image for linux/amd64, which has no tag of its own, and returns the image's digest.
    pub async fn index(&self, tag: &str) -> Result<String> {
        let config =
            json!({ "os": "linux", "architecture": "amd64", "config": { "Labels": { "tag": tag } } });
        let config = self.blob(CONFIG, config.to_string().as_bytes()).await?;
        let layer = self.blob(LAYER, tag.as_bytes()).await?;
        let image = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer] });
        let image = image.to_string().into_bytes();
        let size = image.len();
        let digest = self.manifest(&digest(&image), image).await?;
        let platform = json!({ "os": "linux", "architecture": "amd64" });
        let child = json!({ "mediaType": MANIFEST, "digest": digest, "size": size, "platform": platform });
        let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [child] });
        self.put(tag, INDEX, index.to_string().into_bytes()).await?;
        Ok(digest)
    }
}

/// The digest of these bytes as registries write it.
pub fn digest(bytes: &[u8]) -> String {
    let mut text = "sha256:".to_owned();
    for byte in Sha256::digest(bytes) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}
