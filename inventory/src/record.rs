//! What an inventory is built from: rows of the registry's lists and the content of manifests, reduced to what counts.

use acr_client_wasm::{
    Descriptor, Manifest, ManifestAttributesBase, MediaType, RepositoryAttributes, TagAttributesBase,
};

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::locks::Locks;

/// What a manifest is, as far as sizes and dependents go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// An image, or an artifact of any type: it refers to blobs.
    Image,
    /// An index or manifest list: it refers to manifests.
    Index,
    /// A media type that is absent or unknown: it may refer to anything.
    #[default]
    Unknown,
}

impl Kind {
    /// The kind that a manifest's media type states.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Self {
        match media_type {
            MediaType::OCI_INDEX | MediaType::DOCKER_MANIFEST_LIST => Self::Index,
            MediaType::OCI_MANIFEST
            | MediaType::DOCKER_MANIFEST
            | MediaType::OCI_ARTIFACT
            | MediaType::DOCKER_V1
            | MediaType::DOCKER_V1_SIGNED => Self::Image,
            _ => Self::Unknown,
        }
    }
}

/// A repository's own attributes (Repository_GetAttributes).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepositoryRow {
    /// When the repository was created.
    pub created: Option<Instant>,
    /// When content was last pushed or deleted.
    pub updated: Option<Instant>,
    /// The repository's locks.
    pub locks: Locks,
}

impl From<&RepositoryAttributes> for RepositoryRow {
    fn from(attributes: &RepositoryAttributes) -> Self {
        Self {
            created: Instant::of_timestamp(&attributes.created_time),
            updated: Instant::of_timestamp(&attributes.last_update_time),
            locks: Locks::from(&attributes.changeable_attributes),
        }
    }
}

/// A row of a repository's tags (Tag_GetList).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagRow {
    /// The tag's name.
    pub name: String,
    /// The digest of the manifest it points to.
    pub digest: String,
    /// When the tag was created.
    pub created: Option<Instant>,
    /// When the tag was last moved.
    pub updated: Option<Instant>,
    /// The tag's locks.
    pub locks: Locks,
}

impl From<&TagAttributesBase> for TagRow {
    fn from(tag: &TagAttributesBase) -> Self {
        Self {
            name: tag.name.clone(),
            digest: tag.digest.clone(),
            created: Instant::of_timestamp(&tag.created_time),
            updated: Instant::of_timestamp(&tag.last_update_time),
            locks: Locks::from(&tag.changeable_attributes),
        }
    }
}

/// A row of a repository's manifests (Manifests_GetList).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ManifestRow {
    /// The manifest's digest.
    pub digest: String,
    /// The size in bytes that the list states: of an image its manifest, config and layers, of an index also its children's.
    pub image_size: Option<u64>,
    /// When it was first pushed.
    pub created: Option<Instant>,
    /// When it was last pushed.
    pub updated: Option<Instant>,
    /// The manifest's locks.
    pub locks: Locks,
    /// What it is, by its media type.
    pub kind: Kind,
}

impl From<&ManifestAttributesBase> for ManifestRow {
    fn from(manifest: &ManifestAttributesBase) -> Self {
        Self {
            digest: manifest.digest.clone(),
            image_size: manifest.image_size,
            created: Instant::of_timestamp(&manifest.created_time),
            updated: Instant::of_timestamp(&manifest.last_update_time),
            locks: Locks::from(&manifest.changeable_attributes),
            kind: manifest
                .media_type
                .as_ref()
                .map_or(Kind::Unknown, |kind| Kind::of_media_type(kind.as_str())),
        }
    }
}

/// A reference from a manifest to content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The digest of the content. A reference whose digest is invalid is ignored.
    pub digest: String,
    /// The size in bytes that the reference states; `None` where it states none, as in schema 1.
    pub size: Option<u64>,
    /// Whether the content is stored elsewhere (a foreign layer with URLs): then it costs this registry nothing.
    pub external: bool,
}

/// The content of a manifest. It never changes: its digest is its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What it is.
    pub kind: Kind,
    /// Bytes of the manifest itself.
    pub size: u64,
    /// The config, then the layers with the lowest first. `has_config` says whether the first is a config.
    pub blobs: Vec<Reference>,
    /// Whether the first of `blobs` is a config and not a layer.
    pub has_config: bool,
    /// The manifests of an index.
    pub children: Vec<Reference>,
    /// The digest of the manifest that this one refers to: of a signature the image it signs.
    pub subject: Option<String>,
    /// The base image's name and digest (`org.opencontainers.image.base.name`, `….digest`), where it states them.
    pub base: Option<(String, String)>,
}

impl Content {
    /// Reduces a parsed manifest. `size` is the length of its bytes.
    #[must_use]
    pub fn of_manifest(manifest: &Manifest, size: u64) -> Self {
        let mut content = Self { size, kind: Kind::Image, ..Self::default() };
        if let Some(config) = manifest.config() {
            content.has_config = true;
            content.blobs.push(reference(config));
        }
        content.blobs.extend(manifest.layers().iter().map(reference));
        // An index may name blobs of its repository, as BuildKit's cache does; its other descriptors are manifests.
        for descriptor in manifest.manifests() {
            let media_type = descriptor.media_type.as_str();
            let is_blob = !media_type.is_empty() && Kind::of_media_type(media_type) == Kind::Unknown;
            let references = if is_blob { &mut content.blobs } else { &mut content.children };
            references.push(reference(descriptor));
        }
        let annotations = manifest.annotations();
        let annotation = |key: &str| annotations.get(key).filter(|text| !text.is_empty()).cloned();
        content.base = annotation("org.opencontainers.image.base.name")
            .zip(annotation("org.opencontainers.image.base.digest"));
        let subject = match manifest {
            Manifest::V2(manifest) => manifest.subject.as_ref(),
            Manifest::Oci(manifest) => manifest.subject.as_ref(),
            Manifest::Index(manifest) => manifest.subject.as_ref(),
            Manifest::Artifact(manifest) => manifest.subject.as_ref(),
            _ => None,
        };
        content.subject = subject.map(|subject| subject.digest.clone());
        match manifest {
            Manifest::List(_) | Manifest::Index(_) => content.kind = Kind::Index,
            Manifest::V1(manifest) => {
                // Schema 1 has its newest layer first, and repeats empty layers.
                let layers = manifest.fs_layers.iter().rev();
                content.blobs.extend(layers.map(|layer| Reference {
                    digest: layer.blob_sum.clone(),
                    size: None,
                    external: false,
                }));
            }
            Manifest::V2(_) | Manifest::Oci(_) | Manifest::Artifact(_) => {}
            _ => content.kind = Kind::Unknown,
        }
        content
    }
}

fn reference(descriptor: &Descriptor) -> Reference {
    Reference {
        digest: descriptor.digest.clone(),
        size: descriptor.size,
        external: !descriptor.urls.is_empty(),
    }
}
