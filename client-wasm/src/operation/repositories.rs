//! Repositories: list, attributes, deletion.

use bytes::Bytes;
use http::Method;

use super::call::{Call, JSON, Operation};
use super::list::List;
use crate::error::Error;
use crate::name::{RepositoryName, Scope};

pub(crate) const LIST: &str = "Repository_GetList";
pub(crate) const GET_ATTRIBUTES: &str = "Repository_GetAttributes";
pub(crate) const UPDATE_ATTRIBUTES: &str = "Repository_UpdateAttributes";
pub(crate) const DELETE: &str = "Repository_Delete";

/// Which part of the repositories to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// Start after this item.
    pub last: Option<String>,
    /// Items a page, 1 or more. Default: the registry's own, 100.
    pub n: Option<u32>,
}

static LISTING: Operation = Operation::reading(LIST, &[]);
static READING: Operation = Operation::reading(GET_ATTRIBUTES, &["metadata_read"]);
static UPDATING: Operation = Operation {
    repeatable: true,
    ..Operation::writing(UPDATE_ATTRIBUTES, &Method::PATCH, &["metadata_write"], &[200])
};
static DELETING: Operation = Operation::writing(DELETE, &Method::DELETE, &["delete"], &[200, 202]);

/// Repository_GetList
pub(crate) fn list(options: &ListOptions) -> Result<List, Error> {
    List::new(&LISTING, "/acr/v1/_catalog".to_owned(), Scope::catalog(), options.last.as_deref(), options.n)
}

/// Repository_GetAttributes
pub(crate) fn attributes(name: &RepositoryName) -> Call {
    call(&READING, name)
}

/// Repository_UpdateAttributes
pub(crate) fn update_attributes(name: &RepositoryName, patch: Bytes) -> Call {
    call(&UPDATING, name).body(JSON, patch)
}

/// Repository_Delete
pub(crate) fn delete(name: &RepositoryName) -> Call {
    call(&DELETING, name)
}

fn call(operation: &'static Operation, name: &RepositoryName) -> Call {
    Call::on(operation, name, &["/acr/v1/", name.as_str()])
}
