//! Operations on repositories.

use super::RegistryClient;
use crate::error::Error;
use crate::http::Proof;
use crate::model::{ChangeableAttributesPatch, DeletedRepository, RepositoryAttributes, RepositoryList};
use crate::name::RepositoryName;
use crate::operation::repositories::{self as operation, ListOptions};
use crate::operation::to_json;
use crate::pager::{Pager, Pages};

/// The repositories of a registry.
#[derive(Debug, Clone)]
pub struct Repositories(pub(super) RegistryClient);

impl Repositories {
    /// Repository_GetList: the names, in lexical order. Needs `registry:catalog:*`, which repository-scoped tokens do not have.
    #[must_use]
    pub fn list(&self, options: ListOptions) -> Pager<String> {
        let decode =
            |bytes: &[u8]| serde_json::from_slice::<RepositoryList>(bytes).map(|list| list.repositories);
        Pager::new(Pages::new(self.0.pipeline.clone(), operation::list(&options)), decode, String::as_str)
    }

    /// Repository_GetAttributes. Needs `metadata_read`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where there is no such repository.
    pub async fn attributes(&self, name: &RepositoryName) -> Result<RepositoryAttributes, Error> {
        self.0.pipeline.json(&operation::attributes(name)).await
    }

    /// Repository_UpdateAttributes: what the patch leaves out stays. Gives the attributes as they are then. Needs `metadata_write`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where there is no such repository.
    pub async fn update_attributes(
        &self,
        name: &RepositoryName,
        patch: &ChangeableAttributesPatch,
    ) -> Result<RepositoryAttributes, Error> {
        self.0
            .pipeline
            .json(&operation::update_attributes(name, to_json("Repository_UpdateAttributes", patch)?))
            .await
    }

    /// Repository_Delete: the repository with all its manifests and tags. Gives what went; empty where a lost connection hid the answer
    /// and the registry then said that the repository is gone. Needs `delete`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Locked`] where it or something in it is locked, [`crate::ErrorKind::NotFound`] where there is no such repository.
    pub async fn delete(&self, name: &RepositoryName) -> Result<DeletedRepository, Error> {
        let call = operation::delete(name);
        match self.0.pipeline.once(&call, &operation::attributes(name), &Proof::Gone).await? {
            Some(answer) if !answer.body.is_empty() => serde_json::from_slice(&answer.body)
                .map_err(|error| Error::decode(call.operation.name, &error)),
            _ => Ok(DeletedRepository::default()),
        }
    }
}
