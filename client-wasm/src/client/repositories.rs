//! Operations on repositories.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::pager::{Pager, Pages};
use super::request::Request;
use crate::error::Error;
use crate::model::{ChangeableAttributesPatch, DeletedRepository, RepositoryAttributes, RepositoryList};
use crate::name::RepositoryName;
use crate::operation::repositories::{self as operation, ListOptions};
use crate::operation::{Answer, LastItem, to_json};
use crate::pipeline::{Pipeline, Proof};

/// The repositories of a registry.
#[derive(Clone)]
pub struct Repositories(Arc<Pipeline>);

impl Repositories {
    pub(super) fn new(pipeline: Arc<Pipeline>) -> Self {
        Self(pipeline)
    }

    /// Repository_GetList: the names, in lexical order. Needs `registry:catalog:*`, which repository-scoped tokens do not have.
    #[must_use]
    pub fn list(&self, options: ListOptions) -> Pager<String> {
        let decode = |answer: &Answer| answer.json().map(|list: RepositoryList| list.repositories);
        Pager::new(self.pages(&options), decode, |name| Some(LastItem::named(name)))
    }

    /// The pages of [`Repositories::list`] before they are decoded.
    pub(crate) fn pages(&self, options: &ListOptions) -> Pages {
        Pages::new(self.0.clone(), operation::list(options))
    }

    /// Repository_GetAttributes. Needs `metadata_read`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] if there is no such repository.
    pub async fn attributes(&self, name: &RepositoryName) -> Result<RepositoryAttributes, Error> {
        self.attributes_request(name).answer().await?.json()
    }

    pub(crate) fn attributes_request(&self, name: &RepositoryName) -> Request {
        Request::new(&self.0, operation::attributes(name))
    }

    /// Repository_UpdateAttributes: what the patch leaves out stays. Returns the attributes after the change. Needs `metadata_write`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] if there is no such repository.
    pub async fn update_attributes(
        &self,
        name: &RepositoryName,
        patch: &ChangeableAttributesPatch,
    ) -> Result<RepositoryAttributes, Error> {
        self.update_request(name, to_json(operation::UPDATE_ATTRIBUTES, patch)?).answer().await?.json()
    }

    pub(crate) fn update_request(&self, name: &RepositoryName, patch: Bytes) -> Request {
        Request::new(&self.0, operation::update_attributes(name, patch))
    }

    /// Repository_Delete: the repository with all its manifests and tags. Returns what was deleted; empty if a lost connection hid the
    /// answer and the registry then said that the repository is gone. Needs `delete`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Locked`] if it or something in it is locked, [`crate::ErrorKind::NotFound`] if there is no such repository.
    pub async fn delete(&self, name: &RepositoryName) -> Result<DeletedRepository, Error> {
        match self.delete_request(name).send().await? {
            Some(answer) if !answer.body.is_empty() => answer.json(),
            _ => Ok(DeletedRepository::default()),
        }
    }

    pub(crate) fn delete_request(&self, name: &RepositoryName) -> Request {
        Request::once(&self.0, operation::delete(name), operation::attributes(name), Proof::Gone)
    }
}

impl fmt::Debug for Repositories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Repositories")
    }
}
