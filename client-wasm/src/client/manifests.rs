//! Operations on manifests.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::pager::{Pager, Pages};
use super::request::Request;
use crate::error::Error;
use crate::model::{
    AcrManifests, Descriptor, Manifest, ManifestAttributes, ManifestAttributesBase,
    ManifestChangeableAttributesPatch, OciIndex,
};
use crate::name::{Digest, MediaType, Reference, RepositoryName};
use crate::operation::manifests::{self as operation, ManifestContent, ManifestListOptions};
use crate::operation::{Answer, LastItem, tags, to_json};
use crate::pipeline::{Pipeline, Proof};

/// The manifests of a registry.
#[derive(Clone)]
pub struct Manifests(Arc<Pipeline>);

/// A manifest with its bytes, which the digest is of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ManifestResult {
    /// The manifest's digest, verified against the bytes.
    pub digest: Digest,
    /// The media type the registry answered with.
    pub media_type: MediaType,
    /// The manifest as it was pushed.
    pub bytes: Bytes,
    /// The same, parsed.
    pub manifest: Manifest,
}

impl Manifests {
    pub(super) fn new(pipeline: Arc<Pipeline>) -> Self {
        Self(pipeline)
    }

    /// Manifests_GetList. Needs `metadata_read`.
    #[must_use]
    pub fn list(
        &self,
        repository: &RepositoryName,
        options: ManifestListOptions,
    ) -> Pager<ManifestAttributesBase> {
        let decode = |answer: &Answer| answer.json().map(|list: AcrManifests| list.manifests);
        let last_item = |manifest: &ManifestAttributesBase| {
            let updated = Some(manifest.last_update_time.as_str().to_owned());
            Some(LastItem { name: manifest.digest.clone(), updated })
        };
        Pager::new(self.pages(repository, &options), decode, last_item)
    }

    /// The pages of [`Manifests::list`] before they are decoded.
    pub(crate) fn pages(&self, repository: &RepositoryName, options: &ManifestListOptions) -> Pages {
        Pages::new(self.0.clone(), operation::list(repository, options))
    }

    /// Manifests_GetAttributes. A tag is resolved to its digest first. Needs `metadata_read`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where there is no such manifest or tag.
    pub async fn attributes(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
    ) -> Result<ManifestAttributes, Error> {
        self.attributes_answer(repository, reference).await?.json()
    }

    pub(crate) async fn attributes_answer(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
    ) -> Result<Box<Answer>, Error> {
        let digest = self.resolve(repository, reference, operation::GET_ATTRIBUTES).await?;
        self.0.answer(&operation::attributes(repository, &digest)).await
    }

    /// Manifests_UpdateAttributes: what the patch leaves out stays. A tag is resolved to its digest first. Gives the attributes as they
    /// are then. Needs `metadata_write`, and `metadata_read` for a tag.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where there is no such manifest or tag.
    pub async fn update_attributes(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        patch: &ManifestChangeableAttributesPatch,
    ) -> Result<ManifestAttributes, Error> {
        let patch = to_json(operation::UPDATE_ATTRIBUTES, patch)?;
        self.update_answer(repository, reference, patch).await?.json()
    }

    pub(crate) async fn update_answer(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        patch: Bytes,
    ) -> Result<Box<Answer>, Error> {
        let digest = self.resolve(repository, reference, operation::UPDATE_ATTRIBUTES).await?;
        self.0.answer(&operation::update_attributes(repository, &digest, patch)).await
    }

    /// Manifests_Get, of any kind: a list is returned as the list, not as one of its platforms. Needs `pull`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::DigestMismatch`] where the bytes are not what the digest names, [`crate::ErrorKind::Decode`] where they are no manifest,
    /// [`crate::ErrorKind::NotFound`] where there is no such manifest or tag.
    pub async fn get(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
    ) -> Result<ManifestResult, Error> {
        self.get_accepting(repository, reference, MediaType::ACCEPT_MANIFESTS).await
    }

    /// Manifests_Get with an `Accept` header of one's own: media types, separated by commas.
    ///
    /// # Errors
    /// As [`Manifests::get`]; [`crate::ErrorKind::InvalidInput`] where `accept` holds what no header may hold.
    pub async fn get_accepting(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        accept: &str,
    ) -> Result<ManifestResult, Error> {
        let content = self.content(repository, reference, accept).await?;
        let manifest = Manifest::from_slice(&content.bytes, &content.media_type)
            .map_err(|error| Error::decode(operation::GET, &error))?;
        let ManifestContent { digest, media_type, bytes } = content;
        Ok(ManifestResult { digest, media_type, bytes, manifest })
    }

    /// Manifests_Get without parsing the bytes: for content that does not parse. Needs `pull`.
    ///
    /// # Errors
    /// As [`Manifests::get`], but none of kind [`crate::ErrorKind::Decode`].
    pub async fn content(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        accept: &str,
    ) -> Result<ManifestContent, Error> {
        let request = self.content_request(repository, reference, accept)?;
        operation::read_content(reference, *request.answer().await?)
    }

    pub(crate) fn content_request(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        accept: &str,
    ) -> Result<Request, Error> {
        operation::get(repository, reference, accept).map(|call| Request::new(&self.0, call))
    }

    /// Manifests_Create: sends the bytes unchanged and gives their digest. Where the connection is lost meanwhile, the registry is asked
    /// whether the manifest arrived before it is sent again. Needs `pull` and `push`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidInput`] where the registry finds the manifest invalid or a digest is not that of the bytes,
    /// [`crate::ErrorKind::Locked`] where the tag or repository is locked.
    pub async fn create(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        media_type: &MediaType,
        bytes: Bytes,
    ) -> Result<Digest, Error> {
        let digest = operation::digest_of(reference, &bytes);
        let request = self.create_request(repository, reference, media_type, bytes, &digest)?;
        Ok(operation::created(request.send().await?.as_deref(), || digest))
    }

    /// The request of [`Manifests::create`], for bytes of a digest.
    pub(crate) fn create_request(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        media_type: &MediaType,
        bytes: Bytes,
        digest: &Digest,
    ) -> Result<Request, Error> {
        let call = operation::create(repository, reference, media_type, bytes, digest)?;
        let probe = operation::head(repository, reference);
        Ok(Request::once(&self.0, call, probe, Proof::Holds(digest.clone())))
    }

    /// Manifests_Delete: the manifest with every tag on it. By digest alone, as the API has it. Needs `delete`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Locked`] where the manifest is locked, [`crate::ErrorKind::NotFound`] where there is no such manifest.
    pub async fn delete(&self, repository: &RepositoryName, digest: &Digest) -> Result<(), Error> {
        self.delete_request(repository, digest).send().await.map(|_| ())
    }

    pub(crate) fn delete_request(&self, repository: &RepositoryName, digest: &Digest) -> Request {
        let probe = operation::head(repository, &Reference::Digest(digest.clone()));
        Request::once(&self.0, operation::delete(repository, digest), probe, Proof::Gone)
    }

    /// The manifests that refer to a manifest: signatures, SBOMs, attestations (OCI distribution specification, "Listing Referrers").
    /// Where the registry has no such API, the tag `sha256-…` is read instead. Needs `pull`.
    #[must_use]
    pub fn referrers(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        artifact_type: Option<&str>,
    ) -> Pager<Descriptor> {
        let wanted = artifact_type.map(str::to_owned);
        // A registry may ignore the filter, so the answer is filtered as well.
        let decode = move |answer: &Answer| {
            let mut manifests = answer.json::<OciIndex>()?.manifests;
            manifests.retain(|manifest| wanted.is_none() || manifest.artifact_type == wanted);
            Ok(manifests)
        };
        let last_item = |manifest: &Descriptor| Some(LastItem::named(&manifest.digest));
        Pager::new(self.referrer_pages(repository, digest, artifact_type), decode, last_item)
    }

    /// The pages of [`Manifests::referrers`] before they are decoded and filtered.
    pub(crate) fn referrer_pages(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        artifact_type: Option<&str>,
    ) -> Pages {
        let list = operation::referrers(repository, digest, artifact_type);
        Pages::new(self.0.clone(), Ok(list)).or_else(operation::referrers_by_tag(repository, digest))
    }

    /// The digest that a reference stands for, asked of the registry where it is a tag.
    async fn resolve(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        operation_name: &'static str,
    ) -> Result<Digest, Error> {
        let tag = match reference {
            Reference::Digest(digest) => return Ok(digest.clone()),
            Reference::Tag(tag) => tag,
        };
        let answer = self.0.answer(&tags::attributes(repository, tag)).await;
        let answer = answer.map_err(|error| error.in_operation(operation_name))?;
        operation::resolved(&answer, operation_name)
    }
}

impl fmt::Debug for Manifests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Manifests")
    }
}
