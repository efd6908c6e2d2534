//! What a push changes, and every check it must pass first.

use std::time::Duration;

use super::blob::{Blob, BlobContent};
use super::content::{Content, Platform};
use super::document::Document;
use super::record::{PutManifest, Record};
use super::state::Registry;
use crate::protocol::error::ApiError;
use crate::protocol::name::{Digest, Reference, RepositoryName};
use crate::protocol::time::Time;

impl Registry {
    /// Whether anything may be written to the repository at all.
    pub(crate) fn check_writable(&self, name: &RepositoryName) -> Result<(), ApiError> {
        match self.repositories.get(name) {
            Some(repository) if !repository.flags.write_enabled => Err(ApiError::disallowed()),
            _ => Ok(()),
        }
    }

    /// Takes an uploaded blob into a repository.
    pub(crate) fn add_blob(
        &mut self,
        name: &RepositoryName,
        digest: Digest,
        size: u64,
        content: BlobContent,
        at: Time,
    ) -> Result<(), ApiError> {
        self.check_writable(name)?;
        self.blobs.entry(digest.clone()).or_insert_with(|| Blob::new(size, content, at, false));
        self.commit(Record::LinkBlob { repository: name.clone(), digest, size, at, imported: false });
        Ok(())
    }

    /// Takes a blob into a repository that an import copied there, as `az acr import` does.
    pub(crate) fn import_blob(
        &mut self,
        name: &RepositoryName,
        digest: Digest,
        size: u64,
        content: BlobContent,
        at: Time,
    ) {
        self.blobs.entry(digest.clone()).or_insert_with(|| Blob::new(size, content, at, true));
        self.commit(Record::LinkBlob { repository: name.clone(), digest, size, at, imported: true });
    }

    /// Makes a blob of one repository another's too; `false` when the first does not have it.
    pub(crate) fn mount_blob(
        &mut self,
        from: &RepositoryName,
        to: &RepositoryName,
        digest: &Digest,
        at: Time,
    ) -> Result<bool, ApiError> {
        self.check_writable(to)?;
        let Some(size) = self.blob(from, digest)?.map(|blob| blob.size) else {
            return Ok(false);
        };
        self.commit(Record::LinkBlob {
            repository: to.clone(),
            digest: digest.clone(),
            size,
            at,
            imported: false,
        });
        Ok(true)
    }

    /// A blob, when the repository has it.
    ///
    /// # Errors
    /// `REGISTRY_DISALLOWED_OPERATION` when the repository may not be read.
    pub(crate) fn blob(&self, name: &RepositoryName, digest: &Digest) -> Result<Option<&Blob>, ApiError> {
        if self.repositories.get(name).is_some_and(|repository| !repository.flags.read_enabled) {
            return Err(ApiError::disallowed());
        }
        Ok(self.blobs.get(digest).filter(|_| self.is_linked(name, digest)))
    }

    /// The blob to read for the platform of a manifest about to be pushed.
    pub(crate) fn config_of(&self, name: &RepositoryName, content: &Content) -> Option<&Blob> {
        let config = content.image_config()?;
        self.blobs.get(&config.digest).filter(|_| self.is_linked(name, &config.digest))
    }

    /// Takes a manifest into a repository, by tag or by digest.
    pub(crate) fn put_manifest(
        &mut self,
        name: &RepositoryName,
        reference: &Reference,
        content: Content,
        platform: Platform,
        at: Time,
    ) -> Result<Digest, ApiError> {
        let digest = match reference {
            Reference::Tag(_) => content.digest(None),
            Reference::Digest(claimed) => content.digest(Some(claimed)),
        };
        let tag = match reference {
            Reference::Tag(tag) => Some(tag.clone()),
            Reference::Digest(claimed) if *claimed == digest => None,
            Reference::Digest(_) => return Err(ApiError::manifest_digest_mismatch()),
        };
        self.check_writable(name)?;
        if let Some(repository) = self.repositories.get(name) {
            let tag_locked =
                tag.as_ref().and_then(|tag| repository.tags.get(tag)).is_some_and(|t| !t.flags.write_enabled);
            let manifest_locked = repository.manifests.get(&digest).is_some_and(|m| !m.flags.write_enabled);
            if tag_locked || manifest_locked {
                return Err(ApiError::disallowed());
            }
        }
        self.check_references(name, &content)?;
        let put = PutManifest {
            repository: name.clone(),
            digest: digest.clone(),
            tag,
            media_type: content.media_type.clone(),
            text: Document(content.bytes.clone()),
            architecture: platform.architecture,
            os: platform.os,
            at,
        };
        let known = self.contents.get(&digest).is_some_and(|known| known.media_type == content.media_type);
        if !known {
            self.contents.insert(digest.clone(), content.into());
        }
        self.commit(Record::PutManifest(Box::new(put)));
        Ok(digest)
    }

    /// Everything a manifest names must be in the repository.
    fn check_references(&self, name: &RepositoryName, content: &Content) -> Result<(), ApiError> {
        for blob in content.blobs.iter().filter(|blob| !blob.foreign) {
            if !self.is_linked(name, &blob.digest) {
                return Err(ApiError::manifest_blob_unknown(blob.digest.as_str()));
            }
        }
        let repository = self.repositories.get(name);
        for child in &content.children {
            let is_manifest = repository.is_some_and(|r| r.manifests.get(&child.digest).is_some());
            // BuildKit's cache is an index of layers.
            if !is_manifest && !self.is_linked(name, &child.digest) {
                return Err(ApiError::manifest_blob_unknown(child.digest.as_str()));
            }
        }
        Ok(())
    }

    /// Drops blobs that no manifest has named for `age` or longer.
    pub(crate) fn expire_blobs(&mut self, now: Time, age: Duration) {
        let mut stale = Vec::new();
        for (repository, links) in &self.links {
            let old = links.iter().filter(|(_, link)| link.references == 0 && now.since(link.since) >= age);
            stale.extend(old.map(|(digest, _)| (repository.clone(), digest.clone())));
        }
        for (repository, digest) in stale {
            self.commit(Record::UnlinkBlob { repository, digest });
        }
    }
}
