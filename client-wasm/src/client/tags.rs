//! Operations on tags.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::pager::{Pager, Pages};
use super::request::Request;
use crate::error::Error;
use crate::model::{ChangeableAttributesPatch, TagAttributes, TagAttributesBase, TagList};
use crate::name::{RepositoryName, TagName};
use crate::operation::tags::{self as operation, TagListOptions};
use crate::operation::{Answer, LastItem, to_json};
use crate::pipeline::{Pipeline, Proof};

/// The tags of a registry.
#[derive(Clone)]
pub struct Tags(Arc<Pipeline>);

impl Tags {
    pub(super) fn new(pipeline: Arc<Pipeline>) -> Self {
        Self(pipeline)
    }

    /// Tag_GetList. Needs `metadata_read`.
    #[must_use]
    pub fn list(&self, repository: &RepositoryName, options: TagListOptions) -> Pager<TagAttributesBase> {
        let decode = |answer: &Answer| answer.json().map(|list: TagList| list.tags);
        Pager::new(self.pages(repository, &options), decode, last_item)
    }

    /// The pages of [`Tags::list`] before they are decoded.
    pub(crate) fn pages(&self, repository: &RepositoryName, options: &TagListOptions) -> Pages {
        Pages::new(self.0.clone(), operation::list(repository, options))
    }

    /// Tag_GetAttributes. Needs `metadata_read`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] if there is no such tag.
    pub async fn attributes(
        &self,
        repository: &RepositoryName,
        tag: &TagName,
    ) -> Result<TagAttributes, Error> {
        self.attributes_request(repository, tag).answer().await?.json()
    }

    pub(crate) fn attributes_request(&self, repository: &RepositoryName, tag: &TagName) -> Request {
        Request::new(&self.0, operation::attributes(repository, tag))
    }

    /// Tag_UpdateAttributes: what the patch leaves out stays. Returns the attributes after the change. Needs `metadata_write`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] if there is no such tag.
    pub async fn update_attributes(
        &self,
        repository: &RepositoryName,
        tag: &TagName,
        patch: &ChangeableAttributesPatch,
    ) -> Result<TagAttributes, Error> {
        self.update_request(repository, tag, to_json(operation::UPDATE_ATTRIBUTES, patch)?)
            .answer()
            .await?
            .json()
    }

    pub(crate) fn update_request(&self, repository: &RepositoryName, tag: &TagName, patch: Bytes) -> Request {
        Request::new(&self.0, operation::update_attributes(repository, tag, patch))
    }

    /// Tag_Delete: removes the tag and leaves the manifest. Needs `delete`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Locked`] if the tag is locked, [`crate::ErrorKind::NotFound`] if there is no such tag.
    pub async fn delete(&self, repository: &RepositoryName, tag: &TagName) -> Result<(), Error> {
        self.delete_request(repository, tag).send().await.map(|_| ())
    }

    pub(crate) fn delete_request(&self, repository: &RepositoryName, tag: &TagName) -> Request {
        let probe = operation::attributes(repository, tag);
        Request::once(&self.0, operation::delete(repository, tag), probe, Proof::Gone)
    }
}

fn last_item(tag: &TagAttributesBase) -> Option<LastItem> {
    Some(LastItem { name: tag.name.clone(), updated: Some(tag.last_update_time.as_str().to_owned()) })
}

impl fmt::Debug for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tags")
    }
}
