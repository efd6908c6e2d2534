//! Carrying changes out. `record.rs` lists every change there is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::content::{BlobRef, Content};
use super::document::Document;
use super::record::{PutManifest, Record};
use super::repository::{Manifest, Repository, Tag};
use super::state::Registry;
use crate::protocol::name::{Digest, RepositoryName, TagName};
use crate::protocol::time::Time;

impl Registry {
    /// Carries out a change and keeps it for the journal.
    pub(super) fn commit(&mut self, record: Record) {
        match &mut self.outbox {
            Some(outbox) => {
                outbox.push(record.clone());
                self.apply(record);
            }
            None => self.apply(record),
        }
    }

    /// Drops the blobs whose bytes are missing: a crash came first, so no client got an answer about them.
    pub(crate) fn drop_blobs(&mut self, is_there: impl Fn(&Digest, u64) -> bool) {
        let missing = self.blobs.iter().filter(|(digest, blob)| !is_there(digest, blob.size));
        let missing: Vec<Digest> = missing.map(|(digest, _)| digest.clone()).collect();
        let names: Vec<RepositoryName> = self.links.keys().cloned().collect();
        for digest in missing {
            for name in &names {
                self.apply_unlink(name, &digest);
            }
        }
    }

    /// Carries out a change. Total: a record that does not fit the state changes nothing.
    pub(crate) fn apply(&mut self, record: Record) {
        match record {
            Record::LinkBlob { repository, digest, size, at, imported } => {
                self.apply_link(repository, digest, size, at, imported)
            }
            Record::UnlinkBlob { repository, digest } => self.apply_unlink(&repository, &digest),
            Record::PutManifest(put) => self.apply_put(*put),
            Record::DeleteTag { repository, tag, at } => self.apply_delete_tag(&repository, &tag, at),
            Record::DeleteManifest { repository, digest, at } => {
                self.apply_delete_manifest(&repository, &digest, at)
            }
            Record::DeleteRepository { repository } => self.apply_delete_repository(&repository),
            Record::Snapshot(snapshot) => self.apply_snapshot(*snapshot),
            Record::PatchRepository { repository, patch } => {
                if let Some(repository) = self.repositories.get_mut(&repository) {
                    repository.flags.apply(&patch);
                }
            }
            Record::PatchTag { repository, tag, patch } => {
                if let Some(repository) = self.repositories.get_mut(&repository) {
                    repository.tags.update(&tag, |tag| tag.flags.apply(&patch));
                }
            }
            Record::PatchManifest { repository, digest, patch } => {
                if let Some(repository) = self.repositories.get_mut(&repository) {
                    repository.manifests.update(&digest, |manifest| {
                        manifest.flags.apply(&patch);
                        let set = |field: &mut Option<String>, value: Option<String>| {
                            *field = value.or(field.take())
                        };
                        set(&mut manifest.quarantine.state, patch.quarantine_state);
                        set(&mut manifest.quarantine.details, patch.quarantine_details);
                    });
                }
            }
        }
    }

    /// The content of a manifest, shared with every repository that has it already.
    pub(super) fn intern(
        &mut self,
        digest: &Digest,
        media_type: &str,
        text: Document,
    ) -> Option<Arc<Content>> {
        match self.contents.get(digest) {
            Some(content) if content.media_type == media_type => Some(content.clone()),
            _ => {
                let content = Arc::new(Content::parse(media_type, text.0).ok()?);
                self.contents.insert(digest.clone(), content.clone());
                Some(content)
            }
        }
    }

    fn apply_put(&mut self, put: PutManifest) {
        let PutManifest { repository: name, digest, tag, media_type, text, architecture, os, at } = put;
        let Some(content) = self.intern(&digest, &media_type, text) else {
            return;
        };
        let image_size = self.image_size(&name, &content);
        let known = self.repositories.get(&name).is_some_and(|r| r.manifests.get(&digest).is_some());
        if !known {
            self.hold(&name, &content);
        }
        let repository = self
            .repositories
            .entry(name.clone())
            .or_insert_with(|| Box::new(Repository { created: at, ..Repository::default() }));
        repository.updated = at;
        // A manifest's time of last update stays when it gets another tag.
        if !known {
            if let Some(subject) = &content.subject {
                repository.referrers.entry(subject.clone()).or_default().insert((at, digest.clone()));
            }
            let manifest = Manifest {
                architecture: architecture.or_else(|| content.architecture.clone()).map(Into::into),
                os: os.map(Into::into),
                created: at,
                updated: at,
                image_size,
                flags: Default::default(),
                quarantine: Default::default(),
                tags: BTreeSet::new(),
                content: content.clone(),
            };
            repository.manifests.insert(digest.clone(), Box::new(manifest));
        }
        if let Some(tag) = tag {
            point(repository, tag, digest, at);
        }
    }

    /// Bytes of an image with everything it names, or of an index with its children.
    fn image_size(&self, name: &RepositoryName, content: &Content) -> u64 {
        if content.is_without_layers() {
            return 0;
        }
        let own = content.bytes.len() as u64;
        let blob_size = |blob: &BlobRef| self.blobs.get(&blob.digest).map_or(blob.size, |known| known.size);
        let blobs = content.blobs.iter().map(blob_size).fold(0, u64::saturating_add);
        let repository = self.repositories.get(name);
        let child_size = |digest| match repository.and_then(|repository| repository.manifests.get(digest)) {
            Some(manifest) => manifest.image_size,
            None => self.blobs.get(digest).map_or(0, |blob| blob.size),
        };
        let children =
            content.children.iter().map(|child| child_size(&child.digest)).fold(0, u64::saturating_add);
        own.saturating_add(blobs).saturating_add(children)
    }

    fn apply_delete_tag(&mut self, name: &RepositoryName, tag: &TagName, at: Time) {
        if let Some(repository) = self.repositories.get_mut(name)
            && let Some(removed) = repository.tags.remove(tag)
        {
            repository.manifests.update(&removed.digest, |manifest| {
                manifest.tags.remove(tag);
            });
            repository.updated = at;
        }
    }

    fn apply_delete_manifest(&mut self, name: &RepositoryName, digest: &Digest, at: Time) {
        let Some(repository) = self.repositories.get_mut(name) else {
            return;
        };
        let Some(manifest) = repository.manifests.remove(digest) else {
            return;
        };
        repository.updated = at;
        for tag in &manifest.tags {
            repository.tags.remove(tag);
        }
        if let Some(subject) = &manifest.content.subject
            && let Some(set) = repository.referrers.get_mut(subject)
        {
            set.remove(&(manifest.created, digest.clone()));
            if set.is_empty() {
                repository.referrers.remove(subject);
            }
        }
        if repository.manifests.is_empty() {
            self.repositories.remove(name);
        }
        self.release_references(name, &manifest.content, at);
        drop(manifest);
        self.forget_content(digest);
    }

    fn forget_content(&mut self, digest: &Digest) {
        if self.contents.get(digest).is_some_and(|content| Arc::strong_count(content) == 1) {
            self.contents.remove(digest);
        }
    }

    fn apply_delete_repository(&mut self, name: &RepositoryName) {
        if let Some(repository) = self.repositories.remove(name) {
            let digests: Vec<Digest> =
                repository.manifests.iter().map(|(digest, _)| digest.clone()).collect();
            drop(repository);
            for digest in digests {
                self.forget_content(&digest);
            }
        }
        self.unlink_all(name);
    }
}

/// Points a tag at a manifest, taking it from the one it pointed at.
fn point(repository: &mut Repository, tag: TagName, digest: Digest, at: Time) {
    let (created, flags) = match repository.tags.get(&tag) {
        Some(old) => {
            let old_digest = old.digest.clone();
            let kept = (old.created, old.flags);
            repository.manifests.update(&old_digest, |manifest| {
                manifest.tags.remove(&tag);
            });
            kept
        }
        None => (at, Default::default()),
    };
    repository.manifests.update(&digest, |manifest| {
        manifest.tags.insert(tag.clone());
    });
    repository.tags.insert(tag, Tag { digest, created, updated: at, flags });
}
