//! Tags: their list and their attributes.

use serde::{Deserialize, Serialize};

use super::attributes::ChangeableAttributes;
use super::timestamp::Timestamp;
use super::wire::or_default;

/// A page of tags (`TagList`; Tag_GetList).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TagList {
    /// The login server.
    #[serde(default, deserialize_with = "or_default")]
    pub registry: String,
    /// The repository's name.
    #[serde(default, deserialize_with = "or_default")]
    pub image_name: String,
    /// The tags, in the order asked for.
    #[serde(default, deserialize_with = "or_default")]
    pub tags: Vec<TagAttributesBase>,
}

/// What the registry knows of a tag, with the place it lies in (`TagAttributes`; Tag_GetAttributes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TagAttributes {
    /// The login server.
    #[serde(default, deserialize_with = "or_default")]
    pub registry: String,
    /// The repository's name.
    #[serde(default, deserialize_with = "or_default")]
    pub image_name: String,
    /// The tag itself.
    pub tag: TagAttributesBase,
}

/// What the registry knows of a tag (`TagAttributesBase`, and `TagAttributes_tag` which adds the signature record).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TagAttributesBase {
    /// The tag's name.
    pub name: String,
    /// The digest of the manifest it points to.
    pub digest: String,
    /// When the tag came into being.
    #[serde(default, deserialize_with = "or_default")]
    pub created_time: Timestamp,
    /// When it was last moved.
    #[serde(default, deserialize_with = "or_default")]
    pub last_update_time: Timestamp,
    /// Whether Docker Content Trust signed it.
    #[serde(default, deserialize_with = "or_default")]
    pub signed: bool,
    /// The switches that lock it.
    #[serde(default, deserialize_with = "or_default")]
    pub changeable_attributes: ChangeableAttributes,
    /// The signature record of Docker Content Trust, in the answer of a single tag.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Option::is_none")]
    pub signature_record: Option<String>,
}
