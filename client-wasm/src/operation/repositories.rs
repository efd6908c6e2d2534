//! Repositories: list, attributes, deletion.

use bytes::Bytes;
use http::Method;

use super::{JSON, List, Query, page_size};
use crate::auth::Scope;
use crate::error::Error;
use crate::http::{Auth, Call};
use crate::name::RepositoryName;

pub(crate) const LIST: &str = "Repository_GetList";

/// Which part of the repositories to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// Start after this item.
    pub last: Option<String>,
    /// Items a page, 1 or more. Default: the registry's own, 100.
    pub n: Option<u32>,
}

/// Repository_GetList
pub(crate) fn list(options: &ListOptions) -> Result<List, Error> {
    let page_size = page_size(LIST, options.n)?;
    let mut query = Query::default();
    query.set("last", options.last.as_ref());
    query.set("n", options.n);
    Ok(List {
        operation: LIST,
        path: "/acr/v1/_catalog".to_owned(),
        scope: Scope::catalog(),
        accept: None,
        query,
        page_size: Some(page_size),
    })
}

/// Repository_GetAttributes
pub(crate) fn attributes(name: &RepositoryName) -> Call {
    Call::get("Repository_GetAttributes", path(name), Scope::repository(name.as_str(), &["metadata_read"]))
}

/// Repository_UpdateAttributes
pub(crate) fn update_attributes(name: &RepositoryName, patch: Bytes) -> Call {
    const OPERATION: &str = "Repository_UpdateAttributes";
    let scope = Auth::Scope(Scope::repository(name.as_str(), &["metadata_write"]));
    Call::new(OPERATION, Method::PATCH, path(name), scope, &[200]).body(JSON, patch).repeatable()
}

/// Repository_Delete
pub(crate) fn delete(name: &RepositoryName) -> Call {
    let scope = Auth::Scope(Scope::repository(name.as_str(), &["delete"]));
    Call::new("Repository_Delete", Method::DELETE, path(name), scope, &[200, 202])
}

fn path(name: &RepositoryName) -> String {
    format!("/acr/v1/{name}")
}
