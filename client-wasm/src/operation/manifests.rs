//! Manifests: their list and attributes (ACR's own API), their content and referrers (Docker Registry and OCI distribution API).

use bytes::Bytes;
use http::Method;

use super::{JSON, List, Order, Query};
use crate::auth::Scope;
use crate::error::Error;
use crate::http::{Call, Operation};
use crate::name::{Digest, MediaType, Reference, RepositoryName};

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
    content(&GETTING, name, reference.as_str()).header("accept", accept)
}

/// Manifests_Get without its body: which manifest a reference names, if any.
pub(crate) fn head(name: &RepositoryName, reference: &Reference) -> Call {
    content(&ASKING, name, reference.as_str()).fixed_header("accept", MediaType::ACCEPT_MANIFESTS)
}

/// Manifests_Create
pub(crate) fn create(
    name: &RepositoryName,
    reference: &Reference,
    media_type: &MediaType,
    bytes: Bytes,
) -> Result<Call, Error> {
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
    let tag = [digest.algorithm(), "-", digest.hex()].concat();
    content(&LISTING_REFERRERS, name, &tag).fixed_header("accept", MediaType::OCI_INDEX)
}

/// A call to a manifest itself.
fn content(operation: &'static Operation, name: &RepositoryName, reference: &str) -> Call {
    Call::on(operation, name, &["/v2/", name.as_str(), "/manifests/", reference])
}
