//! Tags: list, attributes, deletion.

use bytes::Bytes;
use http::Method;

use super::call::{Call, JSON, Operation};
use super::list::{List, Order};
use crate::error::Error;
use crate::http::url::encode;
use crate::name::{Digest, RepositoryName, Scope, TagName};

pub(crate) const LIST: &str = "Tag_GetList";
pub(crate) const GET_ATTRIBUTES: &str = "Tag_GetAttributes";
pub(crate) const UPDATE_ATTRIBUTES: &str = "Tag_UpdateAttributes";
pub(crate) const DELETE: &str = "Tag_Delete";

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

static LISTING: Operation = Operation::reading(LIST, &["metadata_read"]);
static READING: Operation = Operation::reading(GET_ATTRIBUTES, &["metadata_read"]);
static UPDATING: Operation = Operation {
    repeatable: true,
    ..Operation::writing(UPDATE_ATTRIBUTES, &Method::PATCH, &["metadata_write"], &[200])
};
static DELETING: Operation = Operation::writing(DELETE, &Method::DELETE, &["delete"], &[200, 202]);

/// Tag_GetList
pub(crate) fn list(name: &RepositoryName, options: &TagListOptions) -> Result<List, Error> {
    let path = ["/acr/v1/", name.as_str(), "/_tags"].concat();
    let scope = Scope::repository(name.as_str(), LISTING.actions);
    let mut list = List::new(&LISTING, path, scope, options.last.as_deref(), options.n)?;
    list.query.set("orderby", options.order.map(Order::as_str));
    list.query.set("digest", options.digest.as_ref().map(Digest::as_str));
    Ok(list)
}

/// Tag_GetAttributes
pub(crate) fn attributes(name: &RepositoryName, tag: &TagName) -> Call {
    call(&READING, name, tag)
}

/// Tag_UpdateAttributes
pub(crate) fn update_attributes(name: &RepositoryName, tag: &TagName, patch: Bytes) -> Call {
    call(&UPDATING, name, tag).body(JSON, patch)
}

/// Tag_Delete
pub(crate) fn delete(name: &RepositoryName, tag: &TagName) -> Call {
    call(&DELETING, name, tag)
}

fn call(operation: &'static Operation, name: &RepositoryName, tag: &TagName) -> Call {
    Call::on(operation, name, &["/acr/v1/", name.as_str(), "/_tags/", &encode(tag.as_str())])
}
