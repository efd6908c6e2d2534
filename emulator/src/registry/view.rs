//! The registry as its answers show it: the JSON of attributes and lists, built from the state alone.

use std::ops::Bound;

use serde::Serialize;

use super::attributes::{Flags, Quarantine};
use super::content::Content;
use super::repository::{Manifest, Tag};
use super::state::Registry;
use crate::protocol::error::ApiError;
use crate::protocol::name::{Digest, RepositoryName, TagName};
use crate::protocol::page::{Cursor, Order, PageRequest};
use crate::protocol::time::Time;

/// `{"registry","imageName",…}` around attributes and lists.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Envelope<'a, T> {
    pub(crate) registry: &'a str,
    pub(crate) image_name: &'a str,
    #[serde(flatten)]
    pub(crate) content: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RepositoryView {
    created_time: String,
    last_update_time: String,
    manifest_count: usize,
    tag_count: usize,
    changeable_attributes: Flags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TagView {
    pub(crate) name: TagName,
    digest: Digest,
    created_time: String,
    last_update_time: String,
    signed: bool,
    changeable_attributes: Flags,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ManifestView {
    pub(crate) digest: Digest,
    image_size: u64,
    created_time: String,
    last_update_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    architecture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    os: Option<String>,
    media_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) config_media_type: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<TagName>,
    changeable_attributes: ManifestFlags,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<ReferenceView>,
}

#[derive(Serialize)]
struct ManifestFlags {
    #[serde(flatten)]
    flags: Flags,
    #[serde(flatten)]
    quarantine: Quarantine,
}

#[derive(Serialize)]
struct ReferenceView {
    digest: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    architecture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    os: Option<String>,
}

/// An entry of a referrers index.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReferrerView {
    media_type: String,
    digest: Digest,
    size: usize,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    annotations: std::collections::BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact_type: Option<String>,
}

impl ReferrerView {
    fn new(digest: &Digest, content: &Content) -> Self {
        Self {
            media_type: content.media_type.clone(),
            digest: digest.clone(),
            size: content.bytes.len(),
            annotations: content.annotations.clone(),
            artifact_type: content.referrer_type().map(str::to_owned),
        }
    }
}

/// A page of a list.
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    /// The cursor of the next page, when there is one.
    pub(crate) next: Option<String>,
}

impl<T> Page<T> {
    /// One page of `items`, each with its key.
    fn of<K: AsRef<str>, V>(
        request: &PageRequest,
        items: impl Iterator<Item = (K, V)>,
        updated: impl Fn(&V) -> Time,
        row: impl Fn(K, V) -> T,
    ) -> Self {
        let (items, more) = request.take(items);
        let last = items.last().filter(|_| more);
        let next = last.map(|(key, value)| request.cursor_after(key.as_ref(), updated(value)));
        Self { rows: items.into_iter().map(|(key, value)| row(key, value)).collect(), next }
    }
}

impl TagView {
    fn new(name: &TagName, tag: &Tag) -> Self {
        Self {
            name: name.clone(),
            digest: tag.digest.clone(),
            created_time: tag.created.to_string(),
            last_update_time: tag.updated.to_string(),
            signed: false,
            changeable_attributes: tag.flags,
        }
    }
}

impl ManifestView {
    fn row(digest: &Digest, manifest: &Manifest) -> Self {
        let content = &manifest.content;
        Self {
            digest: digest.clone(),
            image_size: manifest.image_size,
            created_time: manifest.created.to_string(),
            last_update_time: manifest.updated.to_string(),
            architecture: manifest.architecture.as_deref().map(str::to_owned),
            os: manifest.os.as_deref().map(str::to_owned),
            media_type: content.media_type.clone(),
            config_media_type: content.config_media_type.clone().filter(|text| !text.is_empty()),
            tags: manifest.tags.iter().cloned().collect(),
            changeable_attributes: ManifestFlags {
                flags: manifest.flags,
                quarantine: manifest.quarantine.clone(),
            },
            references: Vec::new(),
        }
    }

    /// With the references that only the answer for a single manifest has.
    fn full(digest: &Digest, manifest: &Manifest) -> Self {
        let children = manifest.content.children.iter().map(|child| ReferenceView {
            digest: child.digest.clone(),
            architecture: child.architecture.clone(),
            os: child.os.clone(),
        });
        Self { references: children.collect(), ..Self::row(digest, manifest) }
    }
}

impl Registry {
    /// A page of repository names, without those hidden from lists. Always by name.
    pub(crate) fn catalog(&self, page: &PageRequest) -> Page<RepositoryName> {
        let last = page.last.as_str();
        let start = if last.is_empty() { Bound::Unbounded } else { Bound::Excluded(last) };
        let listed = self.repositories.range::<str, _>((start, Bound::Unbounded));
        let visible = listed.filter(|(_, repository)| repository.flags.list_enabled);
        let (rows, more) = page.take(visible.map(|(name, _)| name.clone()));
        let next = rows.last().filter(|_| more).map(ToString::to_string);
        Page { rows, next }
    }

    pub(crate) fn repository_view(&self, name: &RepositoryName) -> Result<RepositoryView, ApiError> {
        let repository = self.repository(name)?;
        Ok(RepositoryView {
            created_time: repository.created.to_string(),
            last_update_time: repository.updated.to_string(),
            manifest_count: repository.manifests.len(),
            tag_count: repository.tags.len(),
            changeable_attributes: repository.flags,
        })
    }

    pub(crate) fn tag_view(&self, name: &RepositoryName, tag: &TagName) -> Result<TagView, ApiError> {
        Ok(TagView::new(tag, self.tag(name, tag)?))
    }

    /// A page of tags, of one digest if asked.
    pub(crate) fn tags_page(
        &self,
        name: &RepositoryName,
        page: &PageRequest,
        digest: Option<&str>,
    ) -> Result<Page<TagView>, ApiError> {
        let repository = self.repository(name)?;
        let is_listed = |(_, tag): &(&TagName, &Tag)| tag.flags.list_enabled;
        let page_of = |tags: &mut dyn Iterator<Item = _>| {
            Page::of(page, tags.filter(is_listed), |tag| tag.updated, TagView::new)
        };
        let cursor = page.cursor();
        Ok(match (digest, page.order) {
            (None, order) => page_of(&mut repository.tags.after(cursor, order)),
            (Some(digest), Order::Lexical) => {
                let start =
                    if page.last.is_empty() { Bound::Unbounded } else { Bound::Excluded(page.last.as_str()) };
                let manifest = Digest::parse(digest).and_then(|digest| repository.manifests.get(&digest));
                let names =
                    manifest.into_iter().flat_map(|m| m.tags.range::<str, _>((start, Bound::Unbounded)));
                page_of(&mut names.filter_map(|name| Some((name, repository.tags.get(name)?))))
            }
            (Some(digest), order) => {
                let tags = repository.tags.after(cursor, order);
                page_of(&mut tags.filter(|(_, tag)| tag.digest.as_str() == digest))
            }
        })
    }

    pub(crate) fn manifest_view(
        &self,
        name: &RepositoryName,
        digest: &Digest,
    ) -> Result<ManifestView, ApiError> {
        Ok(ManifestView::full(digest, self.manifest(name, digest)?))
    }

    pub(crate) fn manifests_page(
        &self,
        name: &RepositoryName,
        page: &PageRequest,
    ) -> Result<Page<ManifestView>, ApiError> {
        let repository = self.repository(name)?;
        let listed = repository.manifests.after(page.cursor(), page.order);
        let visible = listed.filter(|(_, manifest)| manifest.flags.list_enabled);
        Ok(Page::of(
            page,
            visible,
            |manifest| manifest.updated,
            |digest, manifest| ManifestView::row(digest, manifest),
        ))
    }

    /// A page of the manifests whose subject is `subject`, newest first, of one artifact type if asked.
    pub(crate) fn referrers(
        &self,
        name: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<ReferrerView>, ApiError> {
        let Some(repository) = self.repositories.get(name) else {
            return Ok(Page { rows: Vec::new(), next: None });
        };
        if !repository.flags.read_enabled {
            return Err(ApiError::disallowed());
        }
        let last = match page.cursor() {
            Cursor::Start => None,
            Cursor::Moment(pushed, name) => Digest::parse(name).map(|digest| (pushed, digest)),
            Cursor::Name(name) => Digest::parse(name)
                .and_then(|digest| Some((repository.manifests.get(&digest)?.created, digest))),
        };
        let before = (Bound::Unbounded, last.map_or(Bound::Unbounded, Bound::Excluded));
        let set = repository.referrers.get(subject);
        let newest_first = set.map(|set| set.range(before).rev()).into_iter().flatten();
        let referrers =
            newest_first.filter_map(|(_, digest)| Some((digest, repository.manifests.get(digest)?)));
        let wanted = referrers.filter(|(_, manifest)| {
            artifact_type.is_none_or(|wanted| manifest.content.referrer_type() == Some(wanted))
        });
        Ok(Page::of(
            page,
            wanted,
            |manifest| manifest.created,
            |digest, manifest| ReferrerView::new(digest, &manifest.content),
        ))
    }
}
