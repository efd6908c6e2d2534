//! Deletes and attribute changes, with the locks that forbid them.

use super::attributes::{Patch, Subject};
use super::record::Record;
use super::repository::{Manifest, Repository, Tag};
use super::state::Registry;
use crate::protocol::error::ApiError;
use crate::protocol::name::{Digest, RepositoryName, TagName};
use crate::protocol::time::Time;

impl Registry {
    /// A repository that is there.
    pub(crate) fn repository(&self, name: &RepositoryName) -> Result<&Repository, ApiError> {
        self.repositories
            .get(name)
            .map(Box::as_ref)
            .ok_or_else(|| ApiError::repository_not_found(name.as_str()))
    }

    /// A tag that is there; an unknown repository is an unknown tag too.
    pub(crate) fn tag(&self, name: &RepositoryName, tag: &TagName) -> Result<&Tag, ApiError> {
        self.repositories
            .get(name)
            .and_then(|repository| repository.tags.get(tag))
            .ok_or_else(ApiError::tag_unknown)
    }

    /// A manifest that is there.
    pub(crate) fn manifest(&self, name: &RepositoryName, digest: &Digest) -> Result<&Manifest, ApiError> {
        let manifest = self.repository(name)?.manifests.get(digest);
        manifest.map(Box::as_ref).ok_or_else(ApiError::manifest_unknown)
    }

    /// Removes a tag; its manifest stays. Answers the digest it pointed at.
    pub(crate) fn delete_tag(
        &mut self,
        name: &RepositoryName,
        tag: &TagName,
        at: Time,
    ) -> Result<Digest, ApiError> {
        let found = self.tag(name, tag)?;
        let digest = found.digest.clone();
        let allowed = found.flags.allows_delete();
        self.check_writable(name)?;
        if !allowed {
            return Err(ApiError::disallowed());
        }
        self.commit(Record::DeleteTag { repository: name.clone(), tag: tag.clone(), at });
        Ok(digest)
    }

    /// Removes a manifest and the tags that point at it; the children of an index stay.
    pub(crate) fn delete_manifest(
        &mut self,
        name: &RepositoryName,
        digest: &Digest,
        at: Time,
    ) -> Result<(), ApiError> {
        let unknown = || ApiError::manifest_not_found(digest);
        let repository = self.repositories.get(name).ok_or_else(unknown)?;
        let manifest = repository.manifests.get(digest).ok_or_else(unknown)?;
        let tags = manifest.tags.iter().filter_map(|tag| repository.tags.get(tag));
        let locked = !repository.flags.write_enabled
            || !manifest.flags.allows_delete()
            || tags.into_iter().any(|tag| !tag.flags.allows_delete());
        if locked {
            return Err(ApiError::disallowed());
        }
        self.commit(Record::DeleteManifest { repository: name.clone(), digest: digest.clone(), at });
        Ok(())
    }

    /// Removes a repository with everything in it; one locked child keeps all of it.
    pub(crate) fn delete_repository(
        &mut self,
        name: &RepositoryName,
    ) -> Result<(Vec<Digest>, Vec<TagName>), ApiError> {
        let repository = self.repositories.get(name).ok_or_else(|| ApiError::name_unknown(name.as_str()))?;
        let free = repository.flags.allows_delete()
            && repository.manifests.iter().all(|(_, manifest)| manifest.flags.allows_delete())
            && repository.tags.iter().all(|(_, tag)| tag.flags.allows_delete());
        if !free {
            return Err(ApiError::disallowed());
        }
        let manifests = repository.manifests.iter().map(|(digest, _)| digest.clone()).collect();
        let tags = repository.tags.iter().map(|(tag, _)| tag.clone()).collect();
        self.commit(Record::DeleteRepository { repository: name.clone() });
        Ok((manifests, tags))
    }

    /// Removes a blob from a repository.
    pub(crate) fn delete_blob(&mut self, name: &RepositoryName, digest: &Digest) -> Result<(), ApiError> {
        if !self.is_linked(name, digest) {
            return Err(ApiError::blob_unknown());
        }
        self.check_writable(name)?;
        self.commit(Record::UnlinkBlob { repository: name.clone(), digest: digest.clone() });
        Ok(())
    }

    /// Changes attributes. No lock forbids it, and no time changes.
    pub(crate) fn patch(
        &mut self,
        name: &RepositoryName,
        subject: Subject<'_>,
        patch: Patch,
    ) -> Result<(), ApiError> {
        let repository = name.clone();
        let record = match subject {
            Subject::Repository => {
                self.repository(name)?;
                Record::PatchRepository { repository, patch }
            }
            Subject::Tag(tag) => {
                self.tag(name, tag)?;
                Record::PatchTag { repository, tag: tag.clone(), patch }
            }
            Subject::Manifest(digest) => {
                self.manifest(name, digest)?;
                Record::PatchManifest { repository, digest: digest.clone(), patch }
            }
        };
        self.commit(record);
        Ok(())
    }
}
