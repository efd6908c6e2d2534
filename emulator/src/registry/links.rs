//! Which blobs a repository has, and how many of its manifests hold each.

use std::collections::BTreeSet;

use super::blob::{Blob, BlobContent, Link};
use super::content::Content;
use super::state::Registry;
use crate::protocol::name::{Digest, RepositoryName};
use crate::protocol::time::Time;

impl Registry {
    /// Whether the repository has the blob.
    pub(super) fn is_linked(&self, name: &RepositoryName, digest: &Digest) -> bool {
        self.links.get(name).and_then(|links| links.get(digest)).is_some_and(|link| link.present)
    }

    pub(super) fn apply_link(
        &mut self,
        name: RepositoryName,
        digest: Digest,
        size: u64,
        at: Time,
        imported: bool,
    ) {
        let blob = self
            .blobs
            .entry(digest.clone())
            .or_insert_with(|| Blob::new(size, BlobContent::Disk, at, imported));
        let absent = Link { references: 0, present: false, since: at };
        let link = self.links.entry(name).or_default().entry(digest).or_insert(absent);
        // A blob that was there already and is uploaded again lives on as a new one does.
        link.since = at;
        if !std::mem::replace(&mut link.present, true) {
            blob.repositories += 1;
        }
    }

    /// Takes a blob from a repository; what its manifests hold is remembered for when it comes back.
    pub(super) fn apply_unlink(&mut self, name: &RepositoryName, digest: &Digest) {
        let Some(links) = self.links.get_mut(name) else {
            return;
        };
        let Some(link) = links.get_mut(digest) else {
            return;
        };
        let was_present = std::mem::replace(&mut link.present, false);
        if link.references == 0 {
            links.remove(digest);
        }
        if links.is_empty() {
            self.links.remove(name);
        }
        if was_present {
            self.release_blob(digest);
        }
    }

    /// Takes every blob from a repository that is no more.
    pub(super) fn unlink_all(&mut self, name: &RepositoryName) {
        for (digest, link) in self.links.remove(name).unwrap_or_default() {
            if link.present {
                self.release_blob(&digest);
            }
        }
    }

    fn release_blob(&mut self, digest: &Digest) {
        if let Some(blob) = self.blobs.get_mut(digest) {
            blob.repositories = blob.repositories.saturating_sub(1);
            if blob.repositories == 0 {
                self.blobs.remove(digest);
                self.reclaimable.push(digest.clone());
            }
        }
    }

    /// Gives a manifest hold of its blobs.
    pub(super) fn hold(&mut self, name: &RepositoryName, content: &Content) {
        let digests = held_blobs(content);
        if digests.is_empty() {
            return;
        }
        let links = self.links.entry(name.clone()).or_default();
        for digest in digests {
            let absent = Link { references: 0, present: false, since: Time::default() };
            links.entry(digest.clone()).or_insert(absent).references += 1;
        }
    }

    /// Takes a manifest's hold off its blobs. One that no manifest holds any longer stays in the repository until it is
    /// deleted itself or expires.
    pub(super) fn release_references(&mut self, name: &RepositoryName, content: &Content, at: Time) {
        let Some(links) = self.links.get_mut(name) else {
            return;
        };
        for digest in held_blobs(content) {
            let Some(link) = links.get_mut(digest) else {
                continue;
            };
            link.references = link.references.saturating_sub(1);
            if link.references == 0 {
                if link.present {
                    link.since = at;
                } else {
                    links.remove(digest);
                }
            }
        }
        if links.is_empty() {
            self.links.remove(name);
        }
    }
}

/// The blobs that a manifest needs in its repository, each once. An index may name blobs in place of manifests.
fn held_blobs(content: &Content) -> BTreeSet<&Digest> {
    let blobs = content.blobs.iter().filter(|blob| !blob.foreign).map(|blob| &blob.digest);
    blobs.chain(content.children.iter().map(|child| &child.digest)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_reclaimable_once_no_repository_has_it() {
        let mut registry = Registry::default();
        let digest = Digest::of(b"blob");
        let names = ["a", "b"].map(|name| RepositoryName::parse(name).unwrap());
        for name in &names {
            registry.apply_link(name.clone(), digest.clone(), 4, Time::default(), false);
            registry.apply_link(name.clone(), digest.clone(), 4, Time::default(), false);
        }
        registry.apply_unlink(&names[0], &digest);
        registry.apply_unlink(&names[0], &digest);
        assert!(!registry.is_linked(&names[0], &digest) && registry.is_linked(&names[1], &digest));
        assert!(registry.take_reclaimable().is_empty());
        registry.unlink_all(&names[1]);
        assert_eq!((registry.take_reclaimable(), registry.has_blob(&digest)), (vec![digest], false));
    }
}
