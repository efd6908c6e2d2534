//! Operations on manifests.

use bytes::Bytes;

use super::RegistryClient;
use crate::base64::decode_url;
use crate::error::Error;
use crate::http::headers::content_digest;
use crate::http::{Answer, Call, Proof, Take};
use crate::json::Json;
use crate::model::{
    AcrManifests, Descriptor, Manifest, ManifestAttributes, ManifestAttributesBase,
    ManifestChangeableAttributesPatch, OciIndex,
};
use crate::name::{Digest, MediaType, Reference, RepositoryName};
use crate::operation::manifests::{self as operation, ManifestListOptions};
use crate::operation::tags;
use crate::operation::to_json;
use crate::pager::{Pager, Pages};

/// The manifests of a registry.
#[derive(Debug, Clone)]
pub struct Manifests(pub(super) RegistryClient);

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

/// A manifest's bytes and what they are, not parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ManifestContent {
    /// Its digest, verified over the bytes.
    pub digest: Digest,
    /// Its media type, as the registry's answer names it.
    pub media_type: MediaType,
    /// The bytes as they were pushed.
    pub bytes: Bytes,
}

impl Manifests {
    /// Manifests_GetList. Needs `metadata_read`.
    #[must_use]
    pub fn list(
        &self,
        repository: &RepositoryName,
        options: ManifestListOptions,
    ) -> Pager<ManifestAttributesBase> {
        let decode = |bytes: &[u8]| serde_json::from_slice::<AcrManifests>(bytes).map(|list| list.manifests);
        let pages = Pages::new(self.0.pipeline.clone(), operation::list(repository, &options));
        Pager::new(pages, decode, |manifest| manifest.digest.as_str())
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
        let digest = self.resolve(repository, reference, operation::GET_ATTRIBUTES).await?;
        self.0.pipeline.json(&operation::attributes(repository, &digest)).await
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
        let digest = self.resolve(repository, reference, operation::UPDATE_ATTRIBUTES).await?;
        self.0
            .pipeline
            .json(&operation::update_attributes(
                repository,
                &digest,
                to_json(operation::UPDATE_ATTRIBUTES, patch)?,
            ))
            .await
    }

    /// Manifests_Get, of any kind: a list is given as the list, not as one of its platforms. Needs `pull`.
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

    /// Manifests_Get before anybody has made sense of the bytes: for what does not parse. Needs `pull`.
    ///
    /// # Errors
    /// As [`Manifests::get`], but none of kind [`crate::ErrorKind::Decode`].
    pub async fn content(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        accept: &str,
    ) -> Result<ManifestContent, Error> {
        let call = call_for_content(repository, reference, accept)?;
        content_of(reference, *self.0.pipeline.answer(&call).await?)
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
        let digest = Digest::of(&bytes);
        let call = call_to_create(repository, reference, media_type, bytes, &digest)?;
        let probe = operation::head(repository, reference);
        let answer = self.0.pipeline.once(&call, &probe, &Proof::Holds(digest.clone())).await?;
        Ok(created(answer.as_deref(), || digest))
    }

    /// Manifests_Delete: the manifest with every tag on it. By digest alone, as the API has it. Needs `delete`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Locked`] where the manifest is locked, [`crate::ErrorKind::NotFound`] where there is no such manifest.
    pub async fn delete(&self, repository: &RepositoryName, digest: &Digest) -> Result<(), Error> {
        let probe = operation::head(repository, &Reference::Digest(digest.clone()));
        self.0.pipeline.once(&operation::delete(repository, digest), &probe, &Proof::Gone).await.map(|_| ())
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
        // A registry may ignore the filter; filtering twice does no harm.
        let decode = move |bytes: &[u8]| {
            let mut manifests = serde_json::from_slice::<OciIndex>(bytes)?.manifests;
            manifests.retain(|manifest| wanted.is_none() || manifest.artifact_type == wanted);
            Ok(manifests)
        };
        let pages =
            Pages::new(self.0.pipeline.clone(), Ok(operation::referrers(repository, digest, artifact_type)));
        Pager::new(pages, decode, |manifest| manifest.digest.as_str())
            .or_else(operation::referrers_by_tag(repository, digest))
    }

    /// The digest that a reference stands for, asked of the registry where it is a tag.
    pub(crate) async fn resolve(
        &self,
        repository: &RepositoryName,
        reference: &Reference,
        for_whom: &'static str,
    ) -> Result<Digest, Error> {
        let tag = match reference {
            Reference::Digest(digest) => return Ok(digest.clone()),
            Reference::Tag(tag) => tag,
        };
        let answer = self.0.pipeline.answer(&tags::attributes(repository, tag)).await;
        let answer = answer.map_err(|error| error.in_operation(for_whom))?;
        let digest =
            Json::parse(&answer.body).and_then(|attributes| attributes.get("tag")?.get("digest")?.string());
        digest
            .and_then(|digest| digest.parse().ok())
            .ok_or_else(|| Error::protocol(for_whom, "the registry gave the tag a digest that is none"))
    }
}

/// The call for a manifest's content, whose answer [`content_of`] reads.
pub(crate) fn call_for_content(
    repository: &RepositoryName,
    reference: &Reference,
    accept: &str,
) -> Result<Call, Error> {
    /// Larger than any manifest that a registry takes.
    const LARGEST: usize = 32 * 1024 * 1024;
    Ok(operation::get(repository, reference, accept)?.take(Take::Bytes(LARGEST)))
}

/// The manifest in an answer, verified.
pub(crate) fn content_of(reference: &Reference, answer: Answer) -> Result<ManifestContent, Error> {
    if !answer.complete {
        let message = "the registry's answer is larger than any manifest may be";
        return Err(Error::protocol(operation::GET, message));
    }
    let digest = verify(reference, &answer)?;
    let media_type = answer.headers.get("content-type").unwrap_or_default();
    Ok(ManifestContent { digest, media_type: MediaType::new(media_type), bytes: answer.body })
}

/// The call that sends a manifest, whose bytes have the digest.
pub(crate) fn call_to_create(
    repository: &RepositoryName,
    reference: &Reference,
    media_type: &MediaType,
    bytes: Bytes,
    digest: &Digest,
) -> Result<Call, Error> {
    if let Reference::Digest(named) = reference
        && named.algorithm() == Digest::SHA256
        && named != digest
    {
        return Err(Error::invalid_input(
            operation::CREATE,
            format!("the bytes have the digest {digest}, not {named}"),
        ));
    }
    operation::create(repository, reference, media_type, bytes)
}

/// The digest that the registry names in its answer; where the answer was lost, or names none, that of the bytes sent.
pub(crate) fn created(answer: Option<&Answer>, sent: impl FnOnce() -> Digest) -> Digest {
    answer.and_then(|answer| content_digest(&answer.headers)).unwrap_or_else(sent)
}

/// Checks the bytes against the digest asked for, else against the one the registry states, and gives it.
fn verify(reference: &Reference, answer: &Answer) -> Result<Digest, Error> {
    let actual = Digest::of(&answer.body);
    let expected = match reference {
        Reference::Digest(digest) => Some(digest.clone()),
        Reference::Tag(_) => content_digest(&answer.headers),
    };
    let Some(expected) = expected else { return Ok(actual) };
    if expected.algorithm() != Digest::SHA256 {
        return Err(Error::protocol(
            operation::GET,
            "the digest is of an algorithm that this client cannot verify",
        ));
    }
    if expected == actual
        || signed_payload(&answer.body).is_some_and(|payload| Digest::of(&payload) == expected)
    {
        return Ok(expected);
    }
    Err(Error::digest_mismatch(operation::GET, expected.as_str(), actual.as_str()))
}

/// What the digest of a signed schema 1 manifest is of: the manifest without its signatures, put together again as its protected header
/// says (Docker Registry, "Image Manifest V 2, Schema 1", "Signed Manifests").
fn signed_payload(bytes: &[u8]) -> Option<Vec<u8>> {
    let signature = Json::parse(bytes)?.get("signatures")?.items().next()?;
    let protected = decode_url(&signature.get("protected")?.string()?)?;
    let protected = Json::parse(&protected)?;
    let length = usize::try_from(protected.get("formatLength")?.integer()?).ok()?;
    let tail = protected.get("formatTail")?.string()?;
    let mut payload = bytes.get(..length)?.to_vec();
    payload.extend(decode_url(&tail)?);
    Some(payload)
}
