//! The state as records: the fewest that make it again, for a journal that has grown out of proportion.

use std::collections::BTreeSet;

use super::blob::Blob;
use super::document::Document;
use super::record::{ManifestSnapshot, Record, Snapshot, TagSnapshot};
use super::repository::{Manifest, Repository, Tag};
use super::state::Registry;
use crate::protocol::name::RepositoryName;

impl Registry {
    /// Records that make this state from nothing.
    pub(crate) fn snapshot(&self) -> impl Iterator<Item = Record> {
        let links = self.links.iter().flat_map(|(repository, links)| {
            links.iter().filter(|(_, link)| link.present).filter_map(|(digest, link)| {
                let Blob { size, imported, .. } = *self.blobs.get(digest)?;
                let (repository, digest) = (repository.clone(), digest.clone());
                Some(Record::LinkBlob { repository, digest, size, at: link.since, imported })
            })
        });
        let repositories = self.repositories.iter().map(|(name, repository)| Snapshot::of(name, repository));
        links.chain(repositories.map(|snapshot| Record::Snapshot(Box::new(snapshot))))
    }

    pub(super) fn apply_snapshot(&mut self, snapshot: Snapshot) {
        let Snapshot { repository: name, created, updated, flags, manifests, tags } = snapshot;
        let mut repository = Repository { created, updated, flags, ..Repository::default() };
        for saved in manifests {
            let Some(content) = self.intern(&saved.digest, &saved.media_type, saved.text) else {
                continue;
            };
            if let Some(subject) = &content.subject {
                let referrer = (saved.created, saved.digest.clone());
                repository.referrers.entry(subject.clone()).or_default().insert(referrer);
            }
            self.hold(&name, &content);
            let manifest = Manifest {
                content,
                created: saved.created,
                updated: saved.updated,
                image_size: saved.image_size,
                architecture: saved.architecture.map(Into::into),
                os: saved.os.map(Into::into),
                flags: saved.flags,
                quarantine: saved.quarantine,
                tags: BTreeSet::new(),
            };
            repository.manifests.insert(saved.digest, Box::new(manifest));
        }
        for TagSnapshot { tag, digest, created, updated, flags } in tags {
            repository.manifests.update(&digest, |manifest| {
                manifest.tags.insert(tag.clone());
            });
            repository.tags.insert(tag, Tag { digest, created, updated, flags });
        }
        self.repositories.insert(name, Box::new(repository));
    }
}

impl Snapshot {
    fn of(name: &RepositoryName, repository: &Repository) -> Self {
        let manifests = repository.manifests.iter().map(|(digest, manifest)| ManifestSnapshot {
            digest: digest.clone(),
            media_type: manifest.content.media_type.clone(),
            text: Document(manifest.content.bytes.clone()),
            architecture: manifest.architecture.as_deref().map(str::to_owned),
            os: manifest.os.as_deref().map(str::to_owned),
            created: manifest.created,
            updated: manifest.updated,
            image_size: manifest.image_size,
            flags: manifest.flags,
            quarantine: manifest.quarantine.clone(),
        });
        let tags = repository.tags.iter().map(|(tag, value)| TagSnapshot {
            tag: tag.clone(),
            digest: value.digest.clone(),
            created: value.created,
            updated: value.updated,
            flags: value.flags,
        });
        Self {
            repository: name.clone(),
            created: repository.created,
            updated: repository.updated,
            flags: repository.flags,
            manifests: manifests.collect(),
            tags: tags.collect(),
        }
    }
}
