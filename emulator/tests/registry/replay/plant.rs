//! A data folder that holds a given state: recorded digests, sizes and times can be had in no other way, since no client
//! has the bytes that they belong to. The format is that of `storage::journal`.

use std::collections::BTreeMap;
use std::path::Path;

use flate2::Crc;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

/// Everything that a registry holds.
#[derive(Debug, Default)]
pub struct State {
    pub repositories: BTreeMap<String, Repository>,
    pub blobs: Vec<Blob>,
}

#[derive(Debug)]
pub struct Repository {
    pub created: u64,
    pub updated: u64,
    pub flags: Value,
    pub manifests: BTreeMap<String, Manifest>,
    pub tags: BTreeMap<String, Tag>,
}

#[derive(Clone, Debug)]
pub struct Manifest {
    pub media_type: String,
    pub text: String,
    pub architecture: Option<String>,
    pub os: Option<String>,
    pub created: u64,
    pub updated: u64,
    pub image_size: u64,
    pub flags: Value,
    pub quarantine: Value,
}

#[derive(Clone, Debug)]
pub struct Tag {
    pub digest: String,
    pub created: u64,
    pub updated: u64,
    pub flags: Value,
}

#[derive(Clone, Debug)]
pub struct Blob {
    pub repository: String,
    pub digest: String,
    pub bytes: Vec<u8>,
    pub at: u64,
    pub imported: bool,
}

pub const SOME_TIME: u64 = 16_000_000_000_000_000;

/// Every flag on.
pub fn open() -> Value {
    json!({ "deleteEnabled": true, "writeEnabled": true, "readEnabled": true, "listEnabled": true })
}

impl Default for Repository {
    fn default() -> Self {
        Self {
            created: SOME_TIME,
            updated: SOME_TIME,
            flags: open(),
            manifests: BTreeMap::new(),
            tags: BTreeMap::new(),
        }
    }
}

impl Manifest {
    pub fn new(media_type: &str, text: impl Into<String>) -> Self {
        Self {
            media_type: media_type.to_owned(),
            text: text.into(),
            architecture: None,
            os: None,
            created: SOME_TIME,
            updated: SOME_TIME,
            image_size: 1,
            flags: open(),
            quarantine: json!({}),
        }
    }
}

impl Tag {
    pub fn new(digest: &str) -> Self {
        Self { digest: digest.to_owned(), created: SOME_TIME, updated: SOME_TIME, flags: open() }
    }
}

impl State {
    pub fn repository(&mut self, name: &str) -> &mut Repository {
        self.repositories.entry(name.to_owned()).or_default()
    }

    pub fn blob(&mut self, repository: &str, digest: &str, bytes: Vec<u8>) -> &mut Blob {
        self.blobs.push(Blob {
            repository: repository.to_owned(),
            digest: digest.to_owned(),
            bytes,
            at: SOME_TIME,
            imported: false,
        });
        self.blobs.last_mut().unwrap()
    }

    /// Writes the state into an empty folder.
    pub fn write(&self, folder: &Path) {
        let mut records: Vec<Value> = Vec::new();
        for blob in &self.blobs {
            let (algorithm, hex) = blob.digest.split_once(':').unwrap();
            let shard = folder.join("blobs").join(algorithm).join(&hex[..2]);
            std::fs::create_dir_all(&shard).unwrap();
            std::fs::write(shard.join(hex), &blob.bytes).unwrap();
            records.push(json!({
                "record": "linkBlob",
                "repository": blob.repository,
                "digest": blob.digest,
                "size": blob.bytes.len(),
                "at": blob.at,
                "imported": blob.imported,
            }));
        }
        records.extend(self.repositories.iter().map(|(name, repository)| repository.record(name)));
        let json = serde_json::to_vec(&records).unwrap();
        let mut crc = Crc::new();
        crc.update(&json);
        let mut line = format!("{:08x} ", crc.sum()).into_bytes();
        line.extend(json);
        line.push(b'\n');
        std::fs::write(folder.join("journal"), line).unwrap();
    }
}

impl Repository {
    fn record(&self, name: &str) -> Value {
        let manifests = self.manifests.iter().map(|(digest, manifest)| {
            json!({
                "digest": digest,
                "media_type": manifest.media_type,
                "text": manifest.text,
                "architecture": manifest.architecture,
                "os": manifest.os,
                "created": manifest.created,
                "updated": manifest.updated,
                "image_size": manifest.image_size,
                "flags": manifest.flags,
                "quarantine": manifest.quarantine,
            })
        });
        let tags = self.tags.iter().map(|(tag, value)| {
            json!({
                "tag": tag,
                "digest": value.digest,
                "created": value.created,
                "updated": value.updated,
                "flags": value.flags,
            })
        });
        json!({
            "record": "snapshot",
            "repository": name,
            "created": self.created,
            "updated": self.updated,
            "flags": self.flags,
            "manifests": manifests.collect::<Vec<_>>(),
            "tags": tags.collect::<Vec<_>>(),
        })
    }
}

/// Ticks of 100 ns since the Unix epoch.
pub fn ticks(rfc3339: &str) -> u64 {
    let time = OffsetDateTime::parse(rfc3339, &Rfc3339).unwrap_or_else(|error| panic!("{rfc3339}: {error}"));
    u64::try_from(time.unix_timestamp_nanos() / 100).unwrap()
}

/// The ticks of an HTTP date.
pub fn ticks_of_http_date(text: &str) -> u64 {
    let text = text.replace("GMT", "+0000");
    let time = OffsetDateTime::parse(&text, &Rfc2822).unwrap_or_else(|error| panic!("{text}: {error}"));
    u64::try_from(time.unix_timestamp()).unwrap() * 10_000_000
}
