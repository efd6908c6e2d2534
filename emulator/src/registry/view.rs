//! The registry as its answers show it: the JSON of attributes and lists, built from the state and nothing else.

use std::ops::Bound;

use serde::Serialize;

use super::attributes::{Flags, Quarantine};
use super::content::Content;
use super::media_type::{DOCKER_LIST, Kind, OCI_INDEX};
use super::repository::{Manifest, Tag};
use super::state::Registry;
use crate::protocol::error::ApiError;
use crate::protocol::name::{Digest, Reference, RepositoryName, TagName};
use crate::protocol::page::{Order, PageRequest};

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
    config_media_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact_type: Option<String>,
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
    pub(crate) digest: Digest,
    size: usize,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    annotations: std::collections::BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact_type: Option<String>,
}

/// A page of a list: the rows and whether more follow.
pub(crate) type Page<T> = (Vec<T>, bool);

/// What `GET /v2/N/manifests/REF` answers with.
pub(crate) struct Pulled {
    pub(crate) digest: Digest,
    pub(crate) content: std::sync::Arc<Content>,
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
            artifact_type: content.artifact_type.clone(),
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
    /// A page of repository names, without those hidden from lists.
    pub(crate) fn catalog(&self, page: &PageRequest) -> Page<RepositoryName> {
        let last = page.last.as_str();
        let start = if last.is_empty() { Bound::Unbounded } else { Bound::Excluded(last) };
        let listed = self.repositories.range::<str, _>((start, Bound::Unbounded));
        page.take(
            listed.filter(|(_, repository)| repository.flags.list_enabled).map(|(name, _)| name.clone()),
        )
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
        let view = |(name, tag): (&TagName, &Tag)| TagView::new(name, tag);
        match (digest, page.order) {
            (None, order) => {
                Ok(page.take(repository.tags.after(&page.last, order).filter(is_listed).map(view)))
            }
            (Some(digest), Order::Lexical) => {
                let start =
                    if page.last.is_empty() { Bound::Unbounded } else { Bound::Excluded(page.last.as_str()) };
                let manifest = Digest::parse(digest).and_then(|digest| repository.manifests.get(&digest));
                let names =
                    manifest.into_iter().flat_map(|m| m.tags.range::<str, _>((start, Bound::Unbounded)));
                let tags = names.filter_map(|name| Some((name, repository.tags.get(name)?)));
                Ok(page.take(tags.filter(is_listed).map(view)))
            }
            (Some(digest), order) => {
                let tags =
                    repository.tags.after(&page.last, order).filter(|(_, tag)| tag.digest.as_str() == digest);
                Ok(page.take(tags.filter(is_listed).map(view)))
            }
        }
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
        let listed = repository.manifests.after(&page.last, page.order);
        let visible = listed.filter(|(_, manifest)| manifest.flags.list_enabled);
        Ok(page.take(visible.map(|(digest, manifest)| ManifestView::row(digest, manifest))))
    }

    /// A manifest to pull. `accepts` says whether the client takes a media type.
    pub(crate) fn pull(
        &self,
        name: &RepositoryName,
        reference: &Reference,
        accepts: impl Fn(&str) -> bool,
    ) -> Result<Pulled, ApiError> {
        let unknown = || match reference {
            Reference::Tag(tag) => ApiError::manifest_unknown_tag(tag.as_str()),
            Reference::Digest(digest) => ApiError::manifest_unknown_digest(name.as_str(), digest),
        };
        let repository = self.repositories.get(name).ok_or_else(unknown)?;
        let (digest, tag_readable) = match reference {
            Reference::Digest(digest) => (digest, true),
            Reference::Tag(tag) => {
                let tag = repository.tags.get(tag).ok_or_else(unknown)?;
                (&tag.digest, tag.flags.read_enabled)
            }
        };
        let manifest = repository.manifests.get(digest).ok_or_else(unknown)?;
        if !(repository.flags.read_enabled && tag_readable && manifest.flags.read_enabled) {
            return Err(ApiError::disallowed());
        }
        let content = &manifest.content;
        if accepts(&content.media_type) {
            return Ok(Pulled { digest: digest.clone(), content: content.clone() });
        }
        let by_tag = matches!(reference, Reference::Tag(_));
        match content.media_type.as_str() {
            DOCKER_LIST if by_tag => {
                let child = content.children.iter().find(|child| {
                    child.os.as_deref() == Some("linux") && child.architecture.as_deref() == Some("amd64")
                });
                let digest = &child.ok_or_else(unknown)?.digest;
                let manifest = repository.manifests.get(digest).ok_or_else(unknown)?;
                Ok(Pulled { digest: digest.clone(), content: manifest.content.clone() })
            }
            OCI_INDEX => Err(ApiError::manifest_not_acceptable(
                "OCI index found, but accept header does not support OCI indexes",
            )),
            _ if content.kind == Kind::OciManifest => Err(ApiError::manifest_not_acceptable(
                "OCI manifest found, but accept header does not support OCI manifests",
            )),
            _ => Ok(Pulled { digest: digest.clone(), content: content.clone() }),
        }
    }

    /// A page of the manifests whose subject is `subject`, of one artifact type if asked.
    pub(crate) fn referrers(
        &self,
        name: &RepositoryName,
        subject: &Digest,
        artifact_type: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<ReferrerView>, ApiError> {
        let Some(repository) = self.repositories.get(name) else {
            return Err(ApiError::repository_not_found(name.as_str()));
        };
        if !repository.flags.read_enabled {
            return Err(ApiError::disallowed());
        }
        let last = page.last.as_str();
        let start = if last.is_empty() { Bound::Unbounded } else { Bound::Excluded(last) };
        let set = repository.referrers.get(subject);
        let digests = set.into_iter().flat_map(|set| set.range::<str, _>((start, Bound::Unbounded)));
        let views = digests.filter_map(|digest| {
            let content = &repository.manifests.get(digest)?.content;
            let own_type = content.referrer_type().map(str::to_owned);
            let wanted = artifact_type.is_none_or(|wanted| own_type.as_deref() == Some(wanted));
            wanted.then(|| ReferrerView {
                media_type: content.media_type.clone(),
                digest: digest.clone(),
                size: content.bytes.len(),
                annotations: content.annotations.clone(),
                artifact_type: own_type,
            })
        });
        Ok(page.take(views))
    }
}
