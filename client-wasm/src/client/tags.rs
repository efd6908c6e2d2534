//! Operations on tags.

use super::RegistryClient;
use crate::error::Error;
use crate::http::Proof;
use crate::model::{ChangeableAttributesPatch, TagAttributes, TagAttributesBase, TagList};
use crate::name::{RepositoryName, TagName};
use crate::operation::tags::{self as operation, TagListOptions};
use crate::operation::to_json;
use crate::pager::{Pager, Pages};

/// The tags of a registry.
#[derive(Debug, Clone)]
pub struct Tags(pub(super) RegistryClient);

impl Tags {
    /// Tag_GetList. Needs `metadata_read`.
    #[must_use]
    pub fn list(&self, repository: &RepositoryName, options: TagListOptions) -> Pager<TagAttributesBase> {
        let decode = |bytes: &[u8]| serde_json::from_slice::<TagList>(bytes).map(|list| list.tags);
        let pages = Pages::new(self.0.pipeline.clone(), operation::list(repository, &options));
        Pager::new(pages, decode, |tag| tag.name.as_str())
    }

    /// Tag_GetAttributes. Needs `metadata_read`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where there is no such tag.
    pub async fn attributes(
        &self,
        repository: &RepositoryName,
        tag: &TagName,
    ) -> Result<TagAttributes, Error> {
        self.0.pipeline.json(&operation::attributes(repository, tag)).await
    }

    /// Tag_UpdateAttributes: what the patch leaves out stays. Gives the attributes as they are then. Needs `metadata_write`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] where there is no such tag.
    pub async fn update_attributes(
        &self,
        repository: &RepositoryName,
        tag: &TagName,
        patch: &ChangeableAttributesPatch,
    ) -> Result<TagAttributes, Error> {
        self.0
            .pipeline
            .json(&operation::update_attributes(repository, tag, to_json("Tag_UpdateAttributes", patch)?))
            .await
    }

    /// Tag_Delete: removes the tag and leaves the manifest. Needs `delete`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Locked`] where the tag is locked, [`crate::ErrorKind::NotFound`] where there is no such tag.
    pub async fn delete(&self, repository: &RepositoryName, tag: &TagName) -> Result<(), Error> {
        let probe = operation::attributes(repository, tag);
        self.0.pipeline.once(&operation::delete(repository, tag), &probe, &Proof::Gone).await.map(|_| ())
    }
}
