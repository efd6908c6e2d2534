//! Manifests: their list and attributes (ACR's own API), their content and referrers (Docker Registry and OCI distribution API).

use bytes::Bytes;
use http::Method;

use super::{JSON, List, Order, Query, page_size};
use crate::auth::Scope;
use crate::error::Error;
use crate::http::{Auth, Call};
use crate::name::{Digest, MediaType, Reference, RepositoryName};

pub(crate) const LIST: &str = "Manifests_GetList";
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

/// Manifests_GetList
pub(crate) fn list(name: &RepositoryName, options: &ManifestListOptions) -> Result<List, Error> {
    let page_size = page_size(LIST, options.n)?;
    let mut query = Query::default();
    query.set("last", options.last.as_ref());
    query.set("n", options.n);
    query.set("orderby", options.order.map(Order::as_str));
    let scope = Scope::repository(name.as_str(), &["metadata_read"]);
    Ok(List {
        operation: LIST,
        path: format!("/acr/v1/{name}/_manifests"),
        scope,
        accept: None,
        query,
        page_size: Some(page_size),
    })
}

/// Manifests_GetAttributes
pub(crate) fn attributes(name: &RepositoryName, digest: &Digest) -> Call {
    let scope = Scope::repository(name.as_str(), &["metadata_read"]);
    Call::get("Manifests_GetAttributes", format!("/acr/v1/{name}/_manifests/{digest}"), scope)
}

/// Manifests_UpdateAttributes
pub(crate) fn update_attributes(name: &RepositoryName, digest: &Digest, patch: Bytes) -> Call {
    const OPERATION: &str = "Manifests_UpdateAttributes";
    let scope = Auth::Scope(Scope::repository(name.as_str(), &["metadata_write"]));
    let call =
        Call::new(OPERATION, Method::PATCH, format!("/acr/v1/{name}/_manifests/{digest}"), scope, &[200]);
    call.body(JSON, patch).repeatable()
}

/// Manifests_Get
pub(crate) fn get(name: &RepositoryName, reference: &Reference, accept: &str) -> Result<Call, Error> {
    Call::get(GET, path(name, reference), Scope::repository(name.as_str(), &["pull"]))
        .header("accept", accept)
}

/// Manifests_Get without its body: which manifest a reference names, if any.
pub(crate) fn head(name: &RepositoryName, reference: &Reference) -> Call {
    let scope = Auth::Scope(Scope::repository(name.as_str(), &["pull"]));
    Call::new(GET, Method::HEAD, path(name, reference), scope, &[200])
        .fixed_header("accept", MediaType::ACCEPT_MANIFESTS)
}

/// Manifests_Create
pub(crate) fn create(
    name: &RepositoryName,
    reference: &Reference,
    media_type: &MediaType,
    bytes: Bytes,
) -> Result<Call, Error> {
    let scope = Auth::Scope(Scope::repository(name.as_str(), &["pull", "push"]));
    let mut call = Call::new(CREATE, Method::PUT, path(name, reference), scope, &[200, 201]);
    call.body = bytes;
    call.header("content-type", media_type.as_str())
}

/// Manifests_Delete
pub(crate) fn delete(name: &RepositoryName, digest: &Digest) -> Call {
    let scope = Auth::Scope(Scope::repository(name.as_str(), &["delete"]));
    Call::new(
        "Manifests_Delete",
        Method::DELETE,
        format!("/v2/{name}/manifests/{digest}"),
        scope,
        &[200, 202],
    )
}

/// The manifests that refer to a manifest (OCI distribution specification, "Listing Referrers").
pub(crate) fn referrers(name: &RepositoryName, digest: &Digest, artifact_type: Option<&str>) -> List {
    let mut query = Query::default();
    query.set("artifactType", artifact_type);
    List {
        operation: REFERRERS,
        path: format!("/v2/{name}/referrers/{digest}"),
        scope: Scope::repository(name.as_str(), &["pull"]),
        accept: Some(MediaType::OCI_INDEX),
        query,
        page_size: None,
    }
}

/// The same by tag, for registries without the referrers API (OCI distribution specification, "Referrers Tag Schema").
pub(crate) fn referrers_by_tag(name: &RepositoryName, digest: &Digest) -> Call {
    let path = format!("/v2/{name}/manifests/{}-{}", digest.algorithm(), digest.hex());
    Call::get(REFERRERS, path, Scope::repository(name.as_str(), &["pull"]))
        .fixed_header("accept", MediaType::OCI_INDEX)
}

fn path(name: &RepositoryName, reference: &Reference) -> String {
    format!("/v2/{name}/manifests/{reference}")
}
