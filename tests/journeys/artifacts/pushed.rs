//! The artifacts, pushed to an emulator: in the form in which builders, package managers and signing tools write them.

use acr_tests::archive::layer;
use acr_tests::push::{CONFIG, INDEX, LAYER, MANIFEST, Repository, digest};
use anyhow::Result;
use serde_json::{Value, json};

/// The repository that holds all of them.
pub(super) const REPOSITORY: &str = "field/artifacts";

const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
const DOCKER_LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";
const SCHEMA_1: &str = "application/vnd.docker.distribution.manifest.v1+json";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// Pushes every artifact under a tag of its own.
pub(super) async fn all(registry: &str) -> Result<()> {
    let to = Repository::at(registry, REPOSITORY).await?;
    provider(&to).await?;
    cache(&to).await?;
    indexes(&to).await?;
    chart(&to).await?;
    legacy(&to).await?;
    schema_1(&to).await?;
    windows(&to).await?;
    evidence(&to).await
}

/// A manifest as bytes, and its descriptor with a platform.
fn entry(media_type: &str, manifest: &Value, platform: &Value) -> (Vec<u8>, Value) {
    let bytes = manifest.to_string().into_bytes();
    let mut entry = json!({ "mediaType": media_type, "digest": digest(&bytes), "size": bytes.len() });
    if let (Some(entry), false) = (entry.as_object_mut(), platform.is_null()) {
        entry.insert("platform".to_owned(), platform.clone());
    }
    (bytes, entry)
}

async fn index(to: &Repository, tag: &str, artifact_type: Option<&str>, entries: &[Value]) -> Result<Value> {
    let mut index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": entries });
    if let (Some(index), Some(artifact_type)) = (index.as_object_mut(), artifact_type) {
        index.insert("artifactType".to_owned(), artifact_type.into());
    }
    let (bytes, entry) = entry(INDEX, &index, &Value::Null);
    to.put(tag, INDEX, bytes).await?;
    Ok(entry)
}

/// An image of one layer, without a tag; its entry in an index.
async fn image(to: &Repository, name: &str, os: &str, architecture: &str, platform: &Value) -> Result<Value> {
    let file = format!("{name} {architecture}\n");
    let layer = to.blob(LAYER, &layer(&[("app/name", file.as_bytes())])?).await?;
    let config = json!({ "os": os, "architecture": architecture, "config": { "Cmd": ["/app"] },
        "history": [{ "created_by": format!("/bin/sh -c #(nop) COPY file:{name} / ") }],
        "rootfs": { "type": "layers", "diff_ids": [] } });
    let config = to.blob(CONFIG, config.to_string().as_bytes()).await?;
    let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer] });
    let (bytes, entry) = entry(MANIFEST, &manifest, platform);
    to.put(&digest(&bytes), MANIFEST, bytes).await?;
    Ok(entry)
}

/// An index with an artifact type, whose entries are archives of a provider's program.
async fn provider(to: &Repository) -> Result<()> {
    let config = to.blob(EMPTY, b"{}").await?;
    let mut entries = Vec::new();
    for (os, architecture) in [("linux", "amd64"), ("linux", "arm64"), ("darwin", "arm64")] {
        let program = to.blob("archive/zip", format!("PK {os} {architecture}").as_bytes()).await?;
        let manifest = json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [program],
            "artifactType": "application/vnd.opentofu.provider-target" });
        let (bytes, entry) = entry(MANIFEST, &manifest, &json!({ "os": os, "architecture": architecture }));
        to.put(&digest(&bytes), MANIFEST, bytes).await?;
        entries.push(entry);
    }
    index(to, "provider", Some("application/vnd.opentofu.provider"), &entries).await.map(drop)
}

/// The registry cache of BuildKit: an index that lists blobs.
async fn cache(to: &Repository) -> Result<()> {
    let layer = to.blob(LAYER, &layer(&[("cached", b"1")])?).await?;
    let config = to.blob("application/vnd.buildkit.cacheconfig.v0", br#"{"layers":[]}"#).await?;
    index(to, "cache", None, &[layer, config]).await.map(drop)
}

/// An index of two platforms, and an index of an index and an image without a platform.
async fn indexes(to: &Repository) -> Result<()> {
    let mut entries = Vec::new();
    for architecture in ["amd64", "arm64"] {
        let platform = json!({ "os": "linux", "architecture": architecture });
        entries.push(image(to, "multi", "linux", architecture, &platform).await?);
    }
    let inner = index(to, "multi", None, &entries).await?;
    let single = image(to, "single", "linux", "amd64", &Value::Null).await?;
    index(to, "nested", None, &[inner, single]).await.map(drop)
}

/// A chart with its provenance. Its version has a plus, which tags cannot hold.
async fn chart(to: &Repository) -> Result<()> {
    let about = br#"{"name":"web","version":"1.2.3+build.7","apiVersion":"v2"}"#;
    let config = to.blob("application/vnd.cncf.helm.config.v1+json", about).await?;
    let content = layer(&[("Chart.yaml", b"name: web\nversion: 1.2.3+build.7\n")])?;
    let content = to.blob("application/vnd.cncf.helm.chart.content.v1.tar+gzip", &content).await?;
    let provenance = to.blob("application/vnd.cncf.helm.chart.provenance.v1.prov", b"-----BEGIN PGP").await?;
    let manifest = json!({ "schemaVersion": 2, "config": config, "layers": [content, provenance] });
    to.manifest("1.2.3_build.7", manifest.to_string().into_bytes()).await.map(drop)
}

/// An image of Docker 1.10, whose config has no media type of its own.
async fn legacy(to: &Repository) -> Result<()> {
    let layer = to.blob(DOCKER_LAYER, &layer(&[("bin/tool", b"tool")])?).await?;
    let config = json!({ "os": "linux", "architecture": "amd64", "config": { "Cmd": ["sh"] },
        "history": [{ "created_by": "/bin/sh -c #(nop) ADD file:tool in /" }] });
    let config = to.blob("application/octet-stream", config.to_string().as_bytes()).await?;
    let manifest =
        json!({ "schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": [layer] });
    to.put("legacy", DOCKER_MANIFEST, manifest.to_string().into_bytes()).await.map(drop)
}

/// A manifest of schema 1: no config and no sizes, the newest layer first, and a blob without files for a step that changed settings.
async fn schema_1(to: &Repository) -> Result<()> {
    let base = to.blob(DOCKER_LAYER, &layer(&[("etc/os-release", b"ID=debian\n")])?).await?;
    let nothing = to.blob(DOCKER_LAYER, &layer(&[])?).await?;
    let app = to.blob(DOCKER_LAYER, &layer(&[("opt/app", b"app\n")])?).await?;
    let step = |command: &str, more: Value| {
        let mut step = json!({ "created": "2016-01-02T03:04:05Z", "container_config": { "Cmd": ["/bin/sh", "-c", command] } });
        if let (Some(step), Some(more)) = (step.as_object_mut(), more.as_object()) {
            step.extend(more.clone());
        }
        json!({ "v1Compatibility": step.to_string() })
    };
    let config =
        json!({ "os": "linux", "architecture": "amd64", "config": { "Env": ["A=1"], "Cmd": ["/opt/app"] } });
    let blob = |blob: &Value| json!({ "blobSum": blob["digest"] });
    let manifest = json!({
        "schemaVersion": 1, "name": REPOSITORY, "tag": "schema1", "architecture": "amd64",
        "fsLayers": [blob(&app), blob(&nothing), blob(&base)],
        "history": [
            step("#(nop) COPY file:app in /opt/", config),
            step("#(nop) ENV A=1", json!({ "throwaway": true })),
            step("#(nop) ADD file:base in /", json!({})),
        ],
    });
    to.put("schema1", SCHEMA_1, manifest.to_string().into_bytes()).await.map(drop)
}

/// An image of Windows, whose steps ran in two shells.
async fn windows(to: &Repository) -> Result<()> {
    let mut layers = Vec::new();
    for name in ["base", "first", "second"] {
        layers.push(to.blob(DOCKER_LAYER, &layer(&[("Files/name", name.as_bytes())])?).await?);
    }
    let config = json!({ "os": "windows", "os.version": "10.0.20348.1", "architecture": "amd64", "config": {},
        "history": [
            { "created_by": "Apply image 10.0.20348.1" },
            { "created_by": "cmd /S /C setup.exe /quiet" },
            { "created_by": "powershell -Command Expand-Archive a.zip" },
        ] });
    let config = to.blob(DOCKER_CONFIG, config.to_string().as_bytes()).await?;
    let manifest =
        json!({ "schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": layers });
    to.put("windows", DOCKER_MANIFEST, manifest.to_string().into_bytes()).await.map(drop)
}

/// An image, and what cosign attaches to it by tags.
async fn evidence(to: &Repository) -> Result<()> {
    let layer = to.blob(LAYER, &layer(&[("app/name", b"evidence")])?).await?;
    let config =
        json!({ "os": "linux", "architecture": "amd64", "rootfs": { "type": "layers", "diff_ids": [] } });
    let subject = to.image("evidence", &config, &[layer], &json!({})).await?.replacen(':', "-", 1);
    let nothing =
        json!({ "os": "", "architecture": "", "config": {}, "rootfs": { "type": "layers", "diff_ids": [] } });
    for (suffix, media_type, annotations) in [
        (
            "sig",
            "application/vnd.dev.cosign.simplesigning.v1+json",
            json!({ "dev.cosignproject.cosign/signature": "MEUC" }),
        ),
        (
            "att",
            "application/vnd.dsse.envelope.v1+json",
            json!({ "predicateType": "https://slsa.dev/provenance/v1" }),
        ),
        ("sbom", "text/spdx+json", json!({})),
    ] {
        let mut layer = to.blob(media_type, suffix.as_bytes()).await?;
        if let Some(layer) = layer.as_object_mut() {
            layer.insert("annotations".to_owned(), annotations);
        }
        to.image(&format!("{subject}.{suffix}"), &nothing, &[layer], &json!({})).await?;
    }
    Ok(())
}
