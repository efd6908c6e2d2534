//! An OCI image layout made on the spot of real files of this machine: two platforms, each with a config and layers that are
//! gzipped tar archives, under one image index.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Architectures of the index, with their variant.
pub const PLATFORMS: [(&str, Option<&str>); 2] = [("amd64", None), ("arm64", Some("v8"))];

/// What was written, for comparison with what is shown and pulled.
pub struct Image {
    /// The index's digest.
    pub digest: String,
    /// For each platform `os/architecture[/variant]`: its manifest's digest and its layers' sizes in bytes.
    pub platforms: BTreeMap<String, (String, Vec<u64>)>,
}

/// Writes the layout into `folder`, the index tagged `tag`.
pub fn write(folder: &Path, tag: &str) -> Result<Image> {
    fs::create_dir_all(folder.join("blobs/sha256"))?;
    fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?;
    let files = real_files()?;
    let mut platforms = BTreeMap::new();
    let mut manifests = Vec::new();
    for (architecture, variant) in PLATFORMS {
        let layers = [layer(&files)?, layer_of_one("etc/architecture", architecture.as_bytes())?];
        let (manifest, sizes) = platform(folder, architecture, &layers)?;
        let mut platform = json!({"architecture": architecture, "os": "linux"});
        let mut name = format!("linux/{architecture}");
        if let (Some(variant), Some(object)) = (variant, platform.as_object_mut()) {
            object.insert("variant".to_owned(), variant.into());
            name = format!("{name}/{variant}");
        }
        platforms.insert(name, (text(&manifest, "digest")?, sizes));
        let mut entry = manifest;
        entry.as_object_mut().context("a descriptor is an object")?.insert("platform".to_owned(), platform);
        manifests.push(entry);
    }
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests});
    let mut descriptor = blob(folder, INDEX, &serde_json::to_vec(&index)?)?;
    let digest = text(&descriptor, "digest")?;
    let named = json!({"org.opencontainers.image.ref.name": tag});
    descriptor.as_object_mut().context("a descriptor is an object")?.insert("annotations".to_owned(), named);
    fs::write(
        folder.join("index.json"),
        serde_json::to_vec(&json!({"schemaVersion": 2, "manifests": [descriptor]}))?,
    )?;
    Ok(Image { digest, platforms })
}

/// The manifest's descriptor, and the sizes of its layers.
fn platform(folder: &Path, architecture: &str, layers: &[(Vec<u8>, String)]) -> Result<(Value, Vec<u64>)> {
    let mut descriptors = Vec::new();
    for (bytes, _) in layers {
        descriptors.push(blob(folder, LAYER, bytes)?);
    }
    let differences: Vec<&String> = layers.iter().map(|(_, difference)| difference).collect();
    let config = json!({
        "architecture": architecture,
        "os": "linux",
        "created": "2024-01-02T03:04:05Z",
        "config": {"Env": ["PATH=/usr/bin:/bin"], "Cmd": ["/bin/sh"], "Labels": {"org.opencontainers.image.title": "real files"}},
        "rootfs": {"type": "layers", "diff_ids": differences},
        "history": [{"created_by": "COPY files / # a package's files"}, {"created_by": "COPY architecture /etc/"}],
    });
    let config = blob(folder, CONFIG, &serde_json::to_vec(&config)?)?;
    let sizes = descriptors.iter().filter_map(|layer| layer.get("size").and_then(Value::as_u64)).collect();
    let manifest =
        json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": descriptors});
    Ok((blob(folder, MANIFEST, &serde_json::to_vec(&manifest)?)?, sizes))
}

/// Writes a blob and returns its descriptor.
fn blob(folder: &Path, media_type: &str, bytes: &[u8]) -> Result<Value> {
    let hash = hex(bytes);
    fs::write(folder.join("blobs/sha256").join(&hash), bytes)?;
    Ok(json!({"mediaType": media_type, "digest": format!("sha256:{hash}"), "size": bytes.len()}))
}

/// A gzipped archive of files under their own paths, and the digest of the archive unpacked.
fn layer(files: &[PathBuf]) -> Result<(Vec<u8>, String)> {
    let mut archive = tar::Builder::new(Vec::new());
    archive.follow_symlinks(false);
    for file in files {
        let inside = file.strip_prefix("/").unwrap_or(file);
        archive
            .append_path_with_name(file, inside)
            .with_context(|| format!("cannot archive {}", file.display()))?;
    }
    packed(archive.into_inner()?)
}

fn layer_of_one(name: &str, content: &[u8]) -> Result<(Vec<u8>, String)> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    archive.append_data(&mut header, name, content)?;
    packed(archive.into_inner()?)
}

fn packed(archive: Vec<u8>) -> Result<(Vec<u8>, String)> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::default());
    std::io::Write::write_all(&mut encoder, &archive)?;
    Ok((encoder.finish()?, format!("sha256:{}", hex(&archive))))
}

/// The files of a Debian package that every Debian has, else what any Linux has.
fn real_files() -> Result<Vec<PathBuf>> {
    let listed = Command::new("dpkg-query").args(["--listfiles", "base-files"]).output();
    let listed =
        listed.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let mut files: Vec<PathBuf> = listed.lines().map(PathBuf::from).filter(|path| readable(path)).collect();
    if files.is_empty() {
        let known = ["/etc/os-release", "/etc/passwd", "/etc/group", "/bin/sh", "/usr/bin/env"];
        files = known.iter().map(PathBuf::from).filter(|path| readable(path)).collect();
    }
    ensure!(!files.is_empty(), "no real files to make an image of");
    Ok(files)
}

fn readable(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_file()) && fs::File::open(path).is_ok()
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(value: &Value, field: &str) -> Result<String> {
    value.get(field).and_then(Value::as_str).map(str::to_owned).with_context(|| format!("no {field}"))
}

/// The blobs of a layout, by name.
pub fn blobs(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut blobs = BTreeMap::new();
    for entry in fs::read_dir(folder.join("blobs/sha256"))? {
        let entry = entry?;
        blobs.insert(entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path())?);
    }
    Ok(blobs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_blob_lies_under_the_hash_of_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let image = write(folder.path(), "1.0").unwrap();
        let blobs = blobs(folder.path()).unwrap();
        assert!(blobs.iter().all(|(name, bytes)| *name == hex(bytes)));
        assert!(blobs.contains_key(image.digest.trim_start_matches("sha256:")));
        assert_eq!(image.platforms.keys().collect::<Vec<_>>(), ["linux/amd64", "linux/arm64/v8"]);
    }
}
