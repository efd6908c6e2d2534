//! Indexes of something other than images for platforms.

use bytes::Bytes;
use serde_json::{Value, json};

use super::tool::tool;
use crate::protocol::name::Digest;
use crate::registry::media_type::{OCI_INDEX, OCI_MANIFEST};
use crate::seed::artifact::{Artifact, Part};
use crate::seed::base::application;
use crate::seed::image::{AMD64, ARM64, Platform, WINDOWS, built_at};
use crate::seed::index::{Index, for_platforms, with};
use crate::seed::layer::Layer;
use crate::seed::pusher::{PushError, Pusher, repository};

pub(super) fn fill(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    typed_index(pusher)?;
    nested_index(pusher)?;
    build_cache(pusher)?;
    null_lists(pusher)
}

/// An index with an artifact type of its own, as OpenTofu pushes providers: its children are untagged and needed.
fn typed_index(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/provider")?;
    let mut entries = Vec::new();
    for platform in [AMD64, ARM64, WINDOWS] {
        let part = Part::new("archive/zip", empty_zip(platform));
        let child = Artifact::new("application/vnd.opentofu.provider-target", vec![part]);
        let child = child.push(pusher, &name, &[])?;
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

/// A zip archive without entries, whose comment is the platform's name.
fn empty_zip(platform: Platform) -> Bytes {
    let comment = platform.salt();
    let mut zip = b"PK\x05\x06".to_vec();
    zip.extend([0; 16]);
    zip.extend(u16::try_from(comment.len()).unwrap_or_default().to_le_bytes());
    zip.extend(comment.bytes());
    zip.into()
}

/// An index of an index, and of an image without a platform.
fn nested_index(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/nested-index")?;
    let images = for_platforms(&[AMD64, ARM64], |platform| tool(platform, "nested"))?;
    let inner = Index::new(images).push(pusher, &name, &["stable"])?;
    let unnamed = tool(AMD64, "unnamed")?.push(pusher, &name, &[])?;
    let annotations = json!({ "org.opencontainers.image.ref.name": "stable" });
    let outer = json!({
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "manifests": [with(inner.descriptor(), "annotations", annotations), unnamed.descriptor()],
    });
    pusher.manifest(&name, &["channels"], OCI_INDEX, &outer).map(drop)
}

/// BuildKit's cache in its first form: an index whose entries are layers and the cache's config.
fn build_cache(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/build-cache")?;
    let layers = [
        application(AMD64, "node", "22", 110_000)?,
        application(AMD64, "dist", "main", 50_000)?,
        application(AMD64, "lint", "main", 9_000)?,
    ];
    let mut entries = Vec::new();
    for layer in &layers {
        pusher.layer(&name, &layer.digest, &layer.bytes)?;
        entries.push(json!({
            "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
            "digest": layer.digest,
            "size": layer.bytes.len(),
            "annotations": { "buildkit/createdat": built_at(180), "containerd.io/uncompressed": layer.diff_id },
        }));
    }
    let config = Bytes::from(cache_config(layers.iter().map(AsRef::as_ref)).to_string());
    let digest = pusher.blob(&name, &config)?;
    entries.push(
        json!({ "mediaType": "application/vnd.buildkit.cacheconfig.v0", "digest": digest, "size": config.len() }),
    );
    let index = json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries });
    pusher.manifest(&name, &["buildcache"], OCI_INDEX, &index).map(drop)
}

/// Which layer each step of a build resulted in, every step after the one before it.
fn cache_config<'a>(layers: impl Iterator<Item = &'a Layer>) -> Value {
    let (mut chain, mut records) = (Vec::new(), Vec::new());
    for (place, layer) in (0_i64..).zip(layers) {
        chain.push(json!({ "blob": layer.digest, "parent": place - 1 }));
        let mut record = json!({
            "digest": Digest::of(layer.digest.as_str().as_bytes()),
            "layers": [{ "layer": place, "createdAt": built_at(180) }],
        });
        if place > 0 {
            record = with(record, "inputs", json!([[{ "link": place - 1 }]]));
        }
        records.push(record);
    }
    json!({ "layers": chain, "records": records })
}

/// Lists that a program in Go wrote as `null` because they were empty.
fn null_lists(pusher: &mut Pusher<'_>) -> Result<(), PushError> {
    let name = repository("tests/null-lists")?;
    let empty = Bytes::from_static(b"{}");
    let config = pusher.blob(&name, &empty)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": "application/vnd.contoso.note",
        "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": config, "size": empty.len() },
        "layers": null,
    });
    pusher.manifest(&name, &["layers"], OCI_MANIFEST, &manifest)?;
    let index = json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": null });
    pusher.manifest(&name, &["manifests"], OCI_INDEX, &index).map(drop)
}
