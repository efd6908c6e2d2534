//! Manifests: their list and attributes (ACR's own API), their content and referrers (Docker Registry and OCI distribution API).

use base64::Engine as _;
use bytes::Bytes;
use http::Method;

use super::answer::Answer;
use super::call::{Call, JSON, Operation, Take};
use super::list::{List, Order};
use super::query::Query;
use crate::error::Error;
use crate::http::Members;
use crate::http::field::content_digest;
use crate::http::url::BASE64_URL;
use crate::model::repaired_json;
use crate::name::{Digest, MediaType, Reference, RepositoryName, Scope};

pub(crate) const LIST: &str = "Manifests_GetList";
pub(crate) const GET_ATTRIBUTES: &str = "Manifests_GetAttributes";
pub(crate) const UPDATE_ATTRIBUTES: &str = "Manifests_UpdateAttributes";
pub(crate) const DELETE: &str = "Manifests_Delete";
pub(crate) const GET: &str = "Manifests_Get";
pub(crate) const CREATE: &str = "Manifests_Create";
/// Not of ACR's API but of the OCI distribution specification ("Listing Referrers").
pub(crate) const REFERRERS: &str = "Referrers_GetList";

/// Which manifests to list, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ManifestListOptions {
    /// Start after this digest.
    pub last: Option<String>,
    /// Manifests a page, 1 or more. Default: the registry's own, 100.
    pub n: Option<u32>,
    /// The order. Default: by digest.
    pub order: Option<Order>,
}

static LISTING: Operation = Operation::reading(LIST, &["metadata_read"]);
static READING: Operation = Operation::reading(GET_ATTRIBUTES, &["metadata_read"]);
static UPDATING: Operation = Operation {
    repeatable: true,
    ..Operation::writing(UPDATE_ATTRIBUTES, &Method::PATCH, &["metadata_write"], &[200])
};
static GETTING: Operation = Operation::reading(GET, &["pull"]);
static ASKING: Operation = Operation { method: &Method::HEAD, ..Operation::reading(GET, &["pull"]) };
static CREATING: Operation = Operation::writing(CREATE, &Method::PUT, &["pull", "push"], &[200, 201]);
static DELETING: Operation = Operation::writing(DELETE, &Method::DELETE, &["delete"], &[200, 202]);
static LISTING_REFERRERS: Operation = Operation::reading(REFERRERS, &["pull"]);

/// Manifests_GetList
pub(crate) fn list(name: &RepositoryName, options: &ManifestListOptions) -> Result<List, Error> {
    let path = ["/acr/v1/", name.as_str(), "/_manifests"].concat();
    let scope = Scope::repository(name.as_str(), LISTING.actions);
    let mut list = List::new(&LISTING, path, scope, options.last.as_deref(), options.n)?;
    list.query.set("orderby", options.order.map(Order::as_str));
    Ok(list)
}

/// Manifests_GetAttributes
pub(crate) fn attributes(name: &RepositoryName, digest: &Digest) -> Call {
    Call::on(&READING, name, &["/acr/v1/", name.as_str(), "/_manifests/", digest.as_str()])
}

/// Manifests_UpdateAttributes
pub(crate) fn update_attributes(name: &RepositoryName, digest: &Digest, patch: Bytes) -> Call {
    let path = ["/acr/v1/", name.as_str(), "/_manifests/", digest.as_str()];
    Call::on(&UPDATING, name, &path).body(JSON, patch)
}

/// Manifests_Get
pub(crate) fn get(name: &RepositoryName, reference: &Reference, accept: &str) -> Result<Call, Error> {
    /// Larger than any manifest that a registry accepts, bytes.
    const LARGEST: usize = 32 * 1024 * 1024;
    content(&GETTING, name, reference.as_str()).take(Take::Bytes(LARGEST)).header("accept", accept)
}

/// Manifests_Get without its body: which manifest a reference names, if any.
pub(crate) fn head(name: &RepositoryName, reference: &Reference) -> Call {
    content(&ASKING, name, reference.as_str()).fixed_header("accept", MediaType::ACCEPT_MANIFESTS)
}

/// The digest under which bytes are stored: by the algorithm of the reference, if that is a digest.
pub(crate) fn digest_of(reference: &Reference, bytes: &[u8]) -> Digest {
    match reference {
        Reference::Digest(named) => named.recompute(bytes),
        Reference::Tag(_) => Digest::of(bytes),
    }
}

/// Manifests_Create. `digest` is [`digest_of`] the bytes.
pub(crate) fn create(
    name: &RepositoryName,
    reference: &Reference,
    media_type: &MediaType,
    bytes: Bytes,
    digest: &Digest,
) -> Result<Call, Error> {
    if let Reference::Digest(named) = reference
        && named != digest
    {
        let message = format!("the bytes have the digest {digest}, not {named}");
        return Err(Error::invalid_input(CREATE, message));
    }
    let mut call = content(&CREATING, name, reference.as_str());
    call.body = bytes;
    call.header("content-type", media_type.as_str())
}

/// Manifests_Delete
pub(crate) fn delete(name: &RepositoryName, digest: &Digest) -> Call {
    content(&DELETING, name, digest.as_str())
}

/// The manifests that refer to a manifest (OCI distribution specification, "Listing Referrers").
pub(crate) fn referrers(name: &RepositoryName, digest: &Digest, artifact_type: Option<&str>) -> List {
    let mut query = Query::default();
    query.set("artifactType", artifact_type);
    List {
        operation: &LISTING_REFERRERS,
        path: ["/v2/", name.as_str(), "/referrers/", digest.as_str()].concat(),
        scope: Scope::repository(name.as_str(), LISTING_REFERRERS.actions),
        accept: Some(MediaType::OCI_INDEX),
        query,
        page_size: None,
    }
}

/// The same by tag, for registries without the referrers API (OCI distribution specification, "Referrers Tag Schema").
pub(crate) fn referrers_by_tag(name: &RepositoryName, digest: &Digest) -> Call {
    content(&LISTING_REFERRERS, name, &digest.referrers_tag()).fixed_header("accept", MediaType::OCI_INDEX)
}

/// A call to a manifest itself.
fn content(operation: &'static Operation, name: &RepositoryName, reference: &str) -> Call {
    Call::on(operation, name, &["/v2/", name.as_str(), "/manifests/", reference])
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

/// The manifest in an answer to Manifests_Get, verified.
pub(crate) fn read_content(reference: &Reference, answer: Answer) -> Result<ManifestContent, Error> {
    if !answer.complete {
        return Err(Error::protocol(GET, "the registry's answer is larger than any manifest may be"));
    }
    let digest = verify(reference, &answer)?;
    let media_type = answer.headers.get("content-type").unwrap_or_default();
    Ok(ManifestContent { digest, media_type: MediaType::new(media_type), bytes: answer.body })
}

/// The media type that a manifest states itself, else the one of its form: an OCI index if it lists manifests, else an OCI image manifest.
///
/// # Errors
/// [`crate::ErrorKind::InvalidInput`] if the bytes are not a JSON object.
pub fn media_type_of(bytes: &[u8]) -> Result<MediaType, Error> {
    let manifest = Members::from_slice(repaired_json(bytes).as_bytes()).ok_or_else(|| {
        Error::invalid_input(CREATE, "the payload is not a manifest: it is not a JSON object")
    })?;
    let of_form = match manifest.get("manifests") {
        Some(_) => MediaType::OCI_INDEX,
        None => MediaType::OCI_MANIFEST,
    };
    Ok(MediaType::new(manifest.string("mediaType").as_deref().unwrap_or(of_form)))
}

/// The digest in the answer to a request for a tag's attributes.
pub(crate) fn resolved(answer: &Answer, operation: &'static str) -> Result<Digest, Error> {
    let attributes = Members::from_slice(&answer.body);
    let tag = attributes.and_then(|attributes| attributes.get("tag")?.members());
    let digest = tag.and_then(|tag| tag.string("digest")?.parse().ok());
    digest
        .ok_or_else(|| Error::protocol(operation, "the registry's answer names no valid digest for the tag"))
}

/// The digest that the registry names in its answer; where the answer was lost, or names none, that of the bytes sent.
pub(crate) fn created(answer: Option<&Answer>, sent: impl FnOnce() -> Digest) -> Digest {
    answer.and_then(|answer| content_digest(&answer.headers)).unwrap_or_else(sent)
}

/// Checks the bytes against the digest asked for, else against the one the registry states, and gives it.
fn verify(reference: &Reference, answer: &Answer) -> Result<Digest, Error> {
    let expected = match reference {
        Reference::Digest(digest) => Some(digest.clone()),
        Reference::Tag(_) => content_digest(&answer.headers),
    };
    let Some(expected) = expected else { return Ok(Digest::of(&answer.body)) };
    let actual = expected.recompute(&answer.body);
    if expected == actual
        || signed_payload(&answer.body).is_some_and(|payload| expected.recompute(&payload) == expected)
    {
        return Ok(expected);
    }
    Err(Error::digest_mismatch(GET, expected.as_str(), actual.as_str()))
}

/// The bytes that the digest of a signed schema 1 manifest is computed over: the manifest without its signatures, put together again as
/// its protected header says (Docker Registry, "Image Manifest V 2, Schema 1", "Signed Manifests").
fn signed_payload(bytes: &[u8]) -> Option<Vec<u8>> {
    let manifest = Members::from_slice(repaired_json(bytes).as_bytes())?;
    let signature = manifest.elements("signatures").first()?.members()?;
    let protected = Members::from_slice(&BASE64_URL.decode(signature.string("protected")?).ok()?)?;
    let length = usize::try_from(protected.integer("formatLength")?).ok()?;
    let mut payload = bytes.get(..length)?.to_vec();
    payload.extend(BASE64_URL.decode(protected.string("formatTail")?).ok()?);
    Some(payload)
}
