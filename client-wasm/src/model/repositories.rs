//! Repositories: their list, their attributes, and what their deletion took.

use serde::{Deserialize, Serialize};

use super::attributes::ChangeableAttributes;
use super::timestamp::Timestamp;
use super::wire::or_default;

/// A page of repository names (`Repositories`; Repository_GetList).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryList {
    /// The names, in lexical order.
    #[serde(default, deserialize_with = "or_default")]
    pub repositories: Vec<String>,
}

/// What the registry knows of a repository (`RepositoryAttributes`; Repository_GetAttributes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryAttributes {
    /// The login server.
    #[serde(default, deserialize_with = "or_default")]
    pub registry: String,
    /// The repository's name.
    pub image_name: String,
    /// When the repository came into being.
    #[serde(default, deserialize_with = "or_default")]
    pub created_time: Timestamp,
    /// When content was last pushed or deleted; changes of attributes do not count.
    #[serde(default, deserialize_with = "or_default")]
    pub last_update_time: Timestamp,
    /// How many manifests it holds.
    #[serde(default, deserialize_with = "or_default")]
    pub manifest_count: u64,
    /// How many tags it holds.
    #[serde(default, deserialize_with = "or_default")]
    pub tag_count: u64,
    /// The switches that lock it.
    #[serde(default, deserialize_with = "or_default")]
    pub changeable_attributes: ChangeableAttributes,
}

/// What the deletion of a repository took (`DeletedRepository`; Repository_Delete).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletedRepository {
    /// The digests of the deleted manifests.
    #[serde(default, deserialize_with = "or_default")]
    pub manifests_deleted: Vec<String>,
    /// The names of the deleted tags.
    #[serde(default, deserialize_with = "or_default")]
    pub tags_deleted: Vec<String>,
}

/// The tags of a repository by name alone (`RepositoryTags`): the answer of the Docker Registry API's `/v2/N/tags/list`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryTags {
    /// The repository's name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// The names of its tags.
    #[serde(default, deserialize_with = "or_default")]
    pub tags: Vec<String>,
}
