//! Pushing as a client does, at a chosen time.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::protocol::error::ApiError;
use crate::protocol::name::{Digest, Reference, RepositoryName, TagName};
use crate::protocol::time::Time;
use crate::registry::attributes::{Patch, Subject};
use crate::registry::content::{Content, Platform};
use crate::service::Service;

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;

/// Pushes to a service.
pub(super) struct Pusher<'a> {
    service: &'a Service,
    start: Time,
    now: Time,
    /// Whether blobs come by an import, as from another registry.
    importing: bool,
    /// Configs pushed so far, which hold the platforms of the manifests that name them.
    configs: HashMap<Digest, Platform>,
}

/// Why a seed could not be pushed.
#[derive(Debug)]
pub(crate) struct PushError(String);

impl fmt::Display for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PushError {
    pub(super) fn other(reason: String) -> Self {
        Self(reason)
    }
}

impl From<ApiError> for PushError {
    fn from(error: ApiError) -> Self {
        Self(format!("{} {}", error.code, error.message))
    }
}

/// What came of a push: what an index or a referrer says of it.
#[derive(Clone, Debug)]
pub(super) struct Pushed {
    pub(super) media_type: String,
    pub(super) digest: Digest,
    pub(super) size: usize,
}

impl Pushed {
    /// As a descriptor.
    pub(super) fn descriptor(&self) -> Value {
        json!({ "mediaType": self.media_type, "digest": self.digest, "size": self.size })
    }
}

impl<'a> Pusher<'a> {
    pub(super) fn new(service: &'a Service) -> Self {
        let now = service.now();
        Self { service, start: now, now, importing: false, configs: HashMap::new() }
    }

    /// Sets the time of the next pushes: so many days before the start, at a time of day that follows from them.
    pub(super) fn days_ago(&mut self, days: u64) {
        let hours_before = HOUR + days.wrapping_mul(7_919) % (9 * HOUR);
        let seconds = self.start.unix_seconds().saturating_sub(days * DAY + hours_before);
        self.now = Time::from_unix_seconds(seconds).after(Duration::from_nanos(517_742_400));
    }

    /// Whether the next blobs come by an import.
    pub(super) fn import(&mut self, on: bool) {
        self.importing = on;
    }

    /// Every push takes a moment.
    fn tick(&mut self) -> Time {
        self.now = self.now.after(Duration::from_nanos(128_447_300));
        self.now
    }

    /// Pushes a blob.
    pub(super) fn blob(&mut self, repository: &RepositoryName, bytes: &Bytes) -> Result<Digest, PushError> {
        let digest = Digest::of(bytes);
        self.layer(repository, &digest, bytes)?;
        Ok(digest)
    }

    /// Pushes a blob whose digest is known.
    pub(super) fn layer(
        &mut self,
        name: &RepositoryName,
        digest: &Digest,
        bytes: &Bytes,
    ) -> Result<(), PushError> {
        let at = self.now;
        let content =
            self.service.store_bytes(digest, bytes.clone()).map_err(|error| PushError(error.to_string()))?;
        let size = bytes.len() as u64;
        self.service.fill(|registry| {
            if self.importing {
                registry.import_blob(name, digest.clone(), size, content, at);
                return Ok(());
            }
            registry.add_blob(name, digest.clone(), size, content, at)
        })?;
        Ok(())
    }

    /// Pushes a config.
    pub(super) fn config(&mut self, repository: &RepositoryName, bytes: &Bytes) -> Result<Digest, PushError> {
        let digest = self.blob(repository, bytes)?;
        self.configs.insert(digest.clone(), Platform::from_config(bytes));
        Ok(digest)
    }

    /// Pushes a manifest by tags, or by digest when there are none.
    pub(super) fn manifest(
        &mut self,
        repository: &RepositoryName,
        tags: &[&str],
        media_type: &str,
        manifest: &Value,
    ) -> Result<Pushed, PushError> {
        let bytes = serde_json::to_vec_pretty(manifest).map_err(|error| PushError(error.to_string()))?;
        self.manifest_bytes(repository, tags, media_type, &Bytes::from(bytes))
    }

    /// Pushes a manifest whose bytes are decided by the caller, such as a signed one.
    pub(super) fn manifest_bytes(
        &mut self,
        repository: &RepositoryName,
        tags: &[&str],
        media_type: &str,
        bytes: &Bytes,
    ) -> Result<Pushed, PushError> {
        let digest = Content::parse(media_type, bytes.clone())?.digest(None);
        let mut references: Vec<Reference> = Vec::new();
        for tag in tags {
            references.push(Reference::Tag(self::tag(tag)?));
        }
        if references.is_empty() {
            references.push(Reference::Digest(digest.clone()));
        }
        for reference in references {
            let content = Content::parse(media_type, bytes.clone())?;
            let platform =
                content.image_config().and_then(|config| self.configs.get(&config.digest)).cloned();
            let at = self.tick();
            self.service.fill(|registry| {
                registry.put_manifest(repository, &reference, content, platform.unwrap_or_default(), at)
            })?;
        }
        Ok(Pushed { media_type: media_type.to_owned(), digest, size: bytes.len() })
    }

    /// Removes a tag.
    pub(super) fn untag(&mut self, name: &RepositoryName, tag: &str) -> Result<(), PushError> {
        let tag = self::tag(tag)?;
        let at = self.tick();
        self.service.fill(|registry| registry.delete_tag(name, &tag, at))?;
        Ok(())
    }

    /// Changes attributes.
    pub(super) fn patch(
        &mut self,
        name: &RepositoryName,
        subject: Subject<'_>,
        patch: Patch,
    ) -> Result<(), PushError> {
        self.service.fill(|registry| registry.patch(name, subject, patch))?;
        Ok(())
    }
}

/// A tag that the seed spells itself.
pub(super) fn tag(text: &str) -> Result<TagName, PushError> {
    TagName::parse(text).ok_or_else(|| PushError(format!("{text} is not a tag")))
}

/// A repository's name that the seed spells itself.
pub(super) fn repository(text: &str) -> Result<RepositoryName, PushError> {
    RepositoryName::parse(text).ok_or_else(|| PushError(format!("{text} is not a repository name")))
}
