//! The changes a registry can undergo. Every change, from a push, a seed or a journal, is one of these records,
//! and `Registry::apply` is the only thing that carries them out.

use serde::{Deserialize, Serialize};

use super::attributes::{Flags, Patch, Quarantine};
use super::document::Document;
use crate::protocol::name::{Digest, RepositoryName, TagName};
use crate::protocol::time::Time;

/// A change that has passed every check.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "camelCase")]
pub(crate) enum Record {
    /// A blob belongs to a repository.
    LinkBlob {
        repository: RepositoryName,
        digest: Digest,
        size: u64,
        at: Time,
        /// Whether an import copied it.
        #[serde(default)]
        imported: bool,
    },
    /// A blob belongs to a repository no longer.
    UnlinkBlob { repository: RepositoryName, digest: Digest },
    /// A manifest was pushed, by tag or by digest.
    PutManifest(Box<PutManifest>),
    /// A tag was removed.
    DeleteTag { repository: RepositoryName, tag: TagName, at: Time },
    /// A manifest was removed, with its tags.
    DeleteManifest { repository: RepositoryName, digest: Digest, at: Time },
    /// A repository was removed, with everything in it.
    DeleteRepository { repository: RepositoryName },
    /// Attributes of a repository changed.
    PatchRepository { repository: RepositoryName, patch: Patch },
    /// Attributes of a tag changed.
    PatchTag { repository: RepositoryName, tag: TagName, patch: Patch },
    /// Attributes of a manifest changed.
    PatchManifest { repository: RepositoryName, digest: Digest, patch: Patch },
    /// A repository as it was when a journal was written anew.
    Snapshot(Box<Snapshot>),
}

/// A pushed manifest.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PutManifest {
    pub(crate) repository: RepositoryName,
    pub(crate) digest: Digest,
    pub(crate) tag: Option<TagName>,
    pub(crate) media_type: String,
    pub(crate) text: Document,
    /// From the image's config.
    pub(crate) architecture: Option<String>,
    pub(crate) os: Option<String>,
    pub(crate) at: Time,
}

/// A repository with everything in it but its blobs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    pub(super) repository: RepositoryName,
    pub(super) created: Time,
    pub(super) updated: Time,
    pub(super) flags: Flags,
    pub(super) manifests: Vec<ManifestSnapshot>,
    pub(super) tags: Vec<TagSnapshot>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ManifestSnapshot {
    pub(super) digest: Digest,
    pub(super) media_type: String,
    pub(super) text: Document,
    pub(super) architecture: Option<String>,
    pub(super) os: Option<String>,
    pub(super) created: Time,
    pub(super) updated: Time,
    pub(super) image_size: u64,
    pub(super) flags: Flags,
    pub(super) quarantine: Quarantine,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct TagSnapshot {
    pub(super) tag: TagName,
    pub(super) digest: Digest,
    pub(super) created: Time,
    pub(super) updated: Time,
    pub(super) flags: Flags,
}
