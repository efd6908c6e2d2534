//! The lines of a snapshot, as serde reads and writes them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::locks::Locks;

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Line<'a> {
    #[serde(borrow)]
    AcrInventory(Header<'a>),
    #[serde(borrow)]
    Digest(DigestLine<'a>),
    #[serde(borrow)]
    Content(ContentLine<'a>),
    DiffId(DiffIdLine),
    #[serde(borrow)]
    Repository(RepositoryLine<'a>),
    Manifest(ManifestLine),
    #[serde(borrow)]
    Tag(TagLine<'a>),
    End(EndLine),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header<'a> {
    pub(super) version: u32,
    #[serde(borrow)]
    pub(super) registry: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) taken: Cow<'a, str>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub(super) catalog_gap: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DigestLine<'a> {
    #[serde(borrow)]
    pub(super) digest: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) size: Option<u64>,
    #[serde(default, skip_serializing_if = "is_off")]
    pub(super) external: bool,
    #[serde(default, skip_serializing_if = "is_off")]
    pub(super) disputed: bool,
    #[serde(default, skip_serializing_if = "is_off")]
    pub(super) unreadable: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ContentLine<'a> {
    pub(super) digest: u32,
    pub(super) size: u64,
    #[serde(default)]
    pub(super) kind: KindName,
    #[serde(default, skip_serializing_if = "is_off")]
    pub(super) config: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) blobs: Vec<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) children: Vec<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<u32>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub(super) base: Option<(Cow<'a, str>, u32)>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct DiffIdLine {
    pub(super) layer: u32,
    pub(super) content: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RepositoryLine<'a> {
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) attributes: Option<AttributesLine>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub(super) tag_gap: Option<Cow<'a, str>>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub(super) manifest_gap: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AttributesLine {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) created: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) updated: Option<Instant>,
    #[serde(default)]
    pub(super) locks: Locks,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ManifestLine {
    pub(super) digest: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) image_size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) created: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) updated: Option<Instant>,
    #[serde(default)]
    pub(super) locks: Locks,
    #[serde(default)]
    pub(super) kind: KindName,
}

#[derive(Serialize, Deserialize)]
pub(super) struct TagLine<'a> {
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
    pub(super) digest: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) created: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) updated: Option<Instant>,
    #[serde(default)]
    pub(super) locks: Locks,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EndLine {
    pub(super) lines: u64,
}

/// A kind in its spelling.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum KindName {
    Image,
    Index,
    #[default]
    #[serde(other)]
    Unknown,
}

fn is_off(flag: &bool) -> bool {
    !*flag
}
