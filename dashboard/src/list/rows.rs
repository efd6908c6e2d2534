//! What a list keeps of each tag and manifest: as little as it shows, since there may be 100 000 of them.

use acr_client_wasm::{ManifestAttributesBase, TagAttributesBase};

use crate::artifact::{Kind, cosign_tag, is_unknown_platform};
use crate::format;
use crate::protection::Switches;

/// A tag.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TagRow {
    pub(crate) name: Box<str>,
    pub(crate) digest: Box<str>,
    /// In milliseconds since the Unix epoch.
    pub(crate) created: Option<i64>,
    /// In milliseconds since the Unix epoch.
    pub(crate) updated: Option<i64>,
    pub(crate) switches: Switches,
}

impl From<TagAttributesBase> for TagRow {
    fn from(tag: TagAttributesBase) -> Self {
        Self {
            created: tag.created_time.unix_millis(),
            updated: tag.last_update_time.unix_millis(),
            switches: Switches::from(&tag.changeable_attributes),
            name: tag.name.into(),
            digest: tag.digest.into(),
        }
    }
}

/// A manifest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ManifestRow {
    pub(crate) digest: Box<str>,
    /// In bytes, compressed.
    pub(crate) size: Option<u64>,
    /// In milliseconds since the Unix epoch.
    pub(crate) created: Option<i64>,
    /// In milliseconds since the Unix epoch.
    pub(crate) updated: Option<i64>,
    /// `os/architecture`; empty for what has none.
    pub(crate) platform: Box<str>,
    pub(crate) kind: Kind,
    pub(crate) tags: Box<[String]>,
    pub(crate) switches: Switches,
    /// The quarantine state, where there is one.
    pub(crate) quarantine: Option<Box<str>>,
}

impl From<ManifestAttributesBase> for ManifestRow {
    fn from(manifest: ManifestAttributesBase) -> Self {
        let media_type = manifest.media_type.as_ref().map(|media_type| media_type.as_str());
        let config = manifest.config_media_type.as_ref().map(|media_type| media_type.as_str());
        let os = manifest.os.as_deref().unwrap_or_default();
        let architecture = manifest.architecture.as_deref().unwrap_or_default();
        let unknown = is_unknown_platform(os, architecture);
        let mut kind = Kind::of(media_type, config, manifest.artifact_type.as_deref());
        if kind == Kind::Image {
            if let Some((signed, _)) = manifest.tags.iter().find_map(|tag| cosign_tag(tag)) {
                kind = signed;
            } else if unknown && os == "unknown" {
                // BuildKit writes attestations as images of the platform unknown/unknown.
                kind = Kind::Attestation;
            }
        }
        Self {
            size: manifest.image_size,
            created: manifest.created_time.unix_millis(),
            updated: manifest.last_update_time.unix_millis(),
            platform: if unknown { "".into() } else { format::platform(os, architecture, None, None).into() },
            kind,
            switches: Switches::from(&manifest.changeable_attributes),
            quarantine: manifest.changeable_attributes.quarantine_state.map(Into::into),
            digest: manifest.digest.into(),
            tags: manifest.tags.into(),
        }
    }
}
