//! Tags: list, attributes, deletion.

use bytes::Bytes;
use http::Method;

use super::{JSON, List, Order, Query, page_size};
use crate::auth::Scope;
use crate::endpoint::encode;
use crate::error::Error;
use crate::http::{Auth, Call};
use crate::name::{Digest, RepositoryName, TagName};

pub(crate) const LIST: &str = "Tag_GetList";

/// Which tags to list, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagListOptions {
    /// Start after this tag.
    pub last: Option<String>,
    /// Tags a page, 1 or more. Default: the registry's own, 100.
    pub n: Option<u32>,
    /// The order. Default: by name.
    pub order: Option<Order>,
    /// Only the tags on this manifest.
    pub digest: Option<Digest>,
}

/// Tag_GetList
pub(crate) fn list(name: &RepositoryName, options: &TagListOptions) -> Result<List, Error> {
    let page_size = page_size(LIST, options.n)?;
    let mut query = Query::default();
    query.set("last", options.last.as_ref());
    query.set("n", options.n);
    query.set("orderby", options.order.map(Order::as_str));
    query.set("digest", options.digest.as_ref());
    let scope = Scope::repository(name.as_str(), &["metadata_read"]);
    Ok(List {
        operation: LIST,
        path: format!("/acr/v1/{name}/_tags"),
        scope,
        accept: None,
        query,
        page_size: Some(page_size),
    })
}

/// Tag_GetAttributes
pub(crate) fn attributes(name: &RepositoryName, tag: &TagName) -> Call {
    Call::get("Tag_GetAttributes", path(name, tag), Scope::repository(name.as_str(), &["metadata_read"]))
}

/// Tag_UpdateAttributes
pub(crate) fn update_attributes(name: &RepositoryName, tag: &TagName, patch: Bytes) -> Call {
    const OPERATION: &str = "Tag_UpdateAttributes";
    let scope = Auth::Scope(Scope::repository(name.as_str(), &["metadata_write"]));
    Call::new(OPERATION, Method::PATCH, path(name, tag), scope, &[200]).body(JSON, patch).repeatable()
}

/// Tag_Delete
pub(crate) fn delete(name: &RepositoryName, tag: &TagName) -> Call {
    let scope = Auth::Scope(Scope::repository(name.as_str(), &["delete"]));
    Call::new("Tag_Delete", Method::DELETE, path(name, tag), scope, &[200, 202])
}

fn path(name: &RepositoryName, tag: &TagName) -> String {
    format!("/acr/v1/{name}/_tags/{}", encode(tag.as_str()))
}
