//! An emulator to push to, to read, and to look into: its storage and its journal.

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use acr_client_wasm::{
    ChangeableAttributesPatch, Digest, ManifestChangeableAttributesPatch, MediaType, Reference,
    RegistryClient, RepositoryName, UploadOptions,
};
use acr_emulator::{Clock as _, Emulator, FaultPlan, FaultRule, ManualClock, Time};
use acr_inventory::{Instant, Inventory};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::read::{Request, read_registry};
use crate::transport::{EmulatorsClock, InProcess};

const DAY: Duration = Duration::from_secs(86_400);

pub(crate) struct Registry {
    pub(crate) emulator: Emulator,
    pub(crate) client: RegistryClient,
    clock: Arc<ManualClock>,
    folder: Option<TempDir>,
}

pub(crate) fn repository(name: &str) -> RepositoryName {
    name.parse().unwrap()
}

impl Registry {
    /// An empty registry in memory.
    pub(crate) fn new() -> Self {
        Self::of(None)
    }

    /// An empty registry with a journal and blobs on disk.
    pub(crate) fn on_disk() -> Self {
        Self::of(Some(tempfile::tempdir().unwrap()))
    }

    fn of(folder: Option<TempDir>) -> Self {
        let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(1_700_000_000)));
        let mut builder = Emulator::builder().login_server("contoso.azurecr.io").clock(clock.clone());
        if let Some(folder) = &folder {
            builder = builder.data(folder.path());
        }
        let emulator = builder.build().unwrap();
        let client = RegistryClient::builder("https://contoso.azurecr.io")
            .transport(InProcess(emulator.clone()))
            .environment(EmulatorsClock(clock.clone()))
            .build()
            .unwrap();
        Self { emulator, client, clock, folder }
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    pub(crate) fn pass_days(&self, days: u32) {
        self.pass(DAY * days);
    }

    pub(crate) fn now(&self) -> Instant {
        Instant::from_ticks(i64::try_from(self.clock.now().ticks()).unwrap())
    }

    /// A blob, and the descriptor that refers to it.
    async fn blob(&self, name: &str, media_type: &str, content: &[u8]) -> Value {
        let pieces = stream::iter([Ok::<_, Infallible>(Bytes::copy_from_slice(content))]);
        let blobs = self.client.blobs();
        let blob = blobs.upload(&repository(name), pieces, UploadOptions::default()).await.unwrap();
        json!({ "mediaType": media_type, "digest": blob.digest.as_str(), "size": content.len() })
    }

    /// Pushes an image of these layers, by its digest or with a tag; `extra` goes into the manifest.
    pub(crate) async fn image(
        &self,
        name: &str,
        tag: Option<&str>,
        layers: &[&[u8]],
        extra: Value,
    ) -> Digest {
        let config = self.blob(name, "application/vnd.oci.image.config.v1+json", b"{}").await;
        let mut descriptors = Vec::new();
        for layer in layers {
            descriptors.push(self.blob(name, "application/vnd.oci.image.layer.v1.tar+gzip", layer).await);
        }
        let mut manifest = json!({ "schemaVersion": 2, "mediaType": MediaType::OCI_MANIFEST, "config": config, "layers": descriptors });
        manifest.as_object_mut().unwrap().extend(extra.as_object().cloned().unwrap_or_default());
        self.manifest(name, tag, MediaType::OCI_MANIFEST, &manifest).await
    }

    pub(crate) async fn index(&self, name: &str, tag: Option<&str>, children: &[&Digest]) -> Digest {
        let mut descriptors = Vec::new();
        for child in children {
            let reference = Reference::Digest((*child).clone());
            let manifest = self.client.manifests().get(&repository(name), &reference).await.unwrap();
            descriptors.push(descriptor(child, manifest.bytes.len()));
        }
        let manifest =
            json!({ "schemaVersion": 2, "mediaType": MediaType::OCI_INDEX, "manifests": descriptors });
        self.manifest(name, tag, MediaType::OCI_INDEX, &manifest).await
    }

    async fn manifest(&self, name: &str, tag: Option<&str>, media_type: &str, manifest: &Value) -> Digest {
        let bytes = Bytes::from(manifest.to_string());
        let digest = Digest::of(&bytes);
        let reference = tag.map_or_else(|| Reference::Digest(digest.clone()), |tag| tag.parse().unwrap());
        let media_type = media_type.parse().unwrap();
        self.client.manifests().create(&repository(name), &reference, &media_type, bytes).await.unwrap()
    }

    pub(crate) async fn lock_tag(&self, name: &str, tag: &str) {
        let patch = ChangeableAttributesPatch { delete_enabled: Some(false), ..Default::default() };
        let tag = tag.parse().unwrap();
        self.client.tags().update_attributes(&repository(name), &tag, &patch).await.unwrap();
    }

    pub(crate) async fn lock_manifest(&self, name: &str, digest: &Digest) {
        let patch = ManifestChangeableAttributesPatch::from(ChangeableAttributesPatch {
            delete_enabled: Some(false),
            ..Default::default()
        });
        let reference = Reference::Digest(digest.clone());
        self.client.manifests().update_attributes(&repository(name), &reference, &patch).await.unwrap();
    }

    /// The registry as a scan reads it, with nothing left out.
    pub(crate) async fn read(&self) -> Inventory {
        let request = Request { repositories: &[], concurrency: 4, verbose: false };
        let clock = EmulatorsClock(self.clock.clone());
        let reading = read_registry(&self.client, &clock, &request).await.unwrap();
        assert!(reading.first_error.is_none() && reading.failed == 0, "{:?}", reading.first_error);
        assert!(reading.inventory.graph().is_complete());
        reading.inventory
    }

    /// The one fault from here on, as the emulator's admin API takes it.
    pub(crate) fn fault(&self, rule: Value) {
        let rule: FaultRule = serde_json::from_value(rule).unwrap();
        self.emulator.set_faults(FaultPlan { rules: vec![rule], ..FaultPlan::default() });
    }

    /// Bytes of the blobs in the data folder.
    pub(crate) fn blob_bytes_on_disk(&self) -> u64 {
        bytes_below(&self.folder.as_ref().unwrap().path().join("blobs"))
    }

    /// What the journal says was deleted since `start`, in order: `repository:tag` and `repository@digest`.
    pub(crate) fn deletions(&self, start: usize) -> Vec<String> {
        let records = self.journal();
        let named = |record: &Value, key: &str| record[key].as_str().unwrap().to_owned();
        let deletions =
            records[start..].iter().filter_map(|record| match record["record"].as_str().unwrap() {
                "deleteTag" => Some(format!("{}:{}", named(record, "repository"), named(record, "tag"))),
                "deleteManifest" => {
                    Some(format!("{}@{}", named(record, "repository"), named(record, "digest")))
                }
                "deleteRepository" => Some(named(record, "repository")),
                _ => None,
            });
        deletions.collect()
    }

    /// The changes that the journal holds: after its checksum each line is a list of them.
    pub(crate) fn journal(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.as_ref().unwrap().path().join("journal")).unwrap();
        let lines = text.lines().map(|line| line.split_once(' ').unwrap().1);
        lines.flat_map(|line| serde_json::from_str::<Vec<Value>>(line).unwrap()).collect()
    }
}

/// What a manifest says of the subject that it refers to.
pub(crate) fn subject(digest: &Digest, size: usize) -> Value {
    json!({ "subject": descriptor(digest, size), "artifactType": "application/spdx+json" })
}

fn descriptor(digest: &Digest, size: usize) -> Value {
    json!({ "mediaType": MediaType::OCI_MANIFEST, "digest": digest.as_str(), "size": size })
}

fn bytes_below(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let bytes = |entry: std::fs::DirEntry| {
        if entry.file_type().unwrap().is_dir() {
            bytes_below(&entry.path())
        } else {
            entry.metadata().unwrap().len()
        }
    };
    entries.map(bytes).sum()
}
