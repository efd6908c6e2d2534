//! What a list keeps of each tag and manifest: as little as it shows, since there may be 100 000 of them.

use std::cell::RefCell;
use std::sync::Arc;

use acr_artifact::{Description, Kind, platform};
use acr_client_wasm::{ManifestAttributesBase, TagAttributesBase};

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
    /// What it is as far as the list says; rows that are alike share one.
    pub(crate) description: Arc<Description>,
    pub(crate) tags: Box<[String]>,
    pub(crate) switches: Switches,
    /// The quarantine state, where there is one.
    pub(crate) quarantine: Option<Box<str>>,
}

impl From<ManifestAttributesBase> for ManifestRow {
    fn from(manifest: ManifestAttributesBase) -> Self {
        let description = shared(Description::of_row(&manifest));
        let os = manifest.os.as_deref().unwrap_or_default();
        let architecture = manifest.architecture.as_deref().unwrap_or_default();
        Self {
            size: manifest.image_size,
            created: manifest.created_time.unix_millis(),
            updated: manifest.last_update_time.unix_millis(),
            platform: platform::name(os, architecture, None, None).into(),
            description,
            switches: Switches::from(&manifest.changeable_attributes),
            quarantine: manifest.changeable_attributes.quarantine_state.map(Into::into),
            digest: manifest.digest.into(),
            tags: manifest.tags.into(),
        }
    }
}

impl ManifestRow {
    /// Whether only the document says what it is. What lists a platform that containers run on is an image almost always, and an index is
    /// shown as one: for these the document matters once a command is copied, and a request for each row would spend the registry's budget.
    /// WebAssembly applications, packages for macOS and the like list a platform of their own.
    pub(crate) fn needs_document(&self) -> bool {
        let is_container = ["linux/", "windows/"].iter().any(|os| self.platform.starts_with(os))
            && !self.platform.contains("/wasm");
        self.description.is_provisional && !self.description.is_index && !is_container
    }
}

/// Whether this is a container image, of one platform or of several; everything else is an artifact to the Manifests tab.
pub(crate) fn is_image(description: &Description) -> bool {
    matches!(description.content, Kind::Image | Kind::Index)
}

thread_local! {
    /// The descriptions of the latest rows. Most manifests of a repository are alike.
    static LATEST: RefCell<Vec<Arc<Description>>> = const { RefCell::new(Vec::new()) };
}

/// An equal description of an earlier row, where there is one.
fn shared(description: Description) -> Arc<Description> {
    /// More kinds of things than a repository usually has.
    const KEPT: usize = 16;
    LATEST.with_borrow_mut(|latest| {
        if let Some(same) = latest.iter().find(|one| ***one == description) {
            return same.clone();
        }
        let new = Arc::new(description);
        if latest.len() == KEPT {
            latest.remove(0);
        }
        latest.push(new.clone());
        new
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use acr_artifact::Traits;

    use super::*;

    const INDEX: &str = "application/vnd.oci.image.index.v1+json";
    const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

    /// What a manifest of this type is. `index`, `image`, or an artifact type.
    pub(crate) fn description(what: &str) -> Arc<Description> {
        let config = "application/vnd.oci.image.config.v1+json";
        let traits = match what {
            "index" => Traits { media_type: INDEX, ..Traits::default() },
            "image" => Traits { media_type: MANIFEST, config_type: Some(config), ..Traits::default() },
            artifact => Traits { media_type: MANIFEST, artifact_type: Some(artifact), ..Traits::default() },
        };
        Arc::new(Description::new(&traits))
    }

    /// A digest of one letter.
    pub(crate) fn digest(letter: char) -> String {
        format!("sha256:{}", letter.to_string().repeat(64))
    }

    /// The row of a manifest of which no more is known than its digest, what it is, and its tags.
    pub(crate) fn listed(letter: char, what: &str, tags: &[&str]) -> ManifestRow {
        ManifestRow {
            digest: digest(letter).into(),
            size: None,
            created: None,
            updated: None,
            platform: "".into(),
            description: description(what),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            switches: Switches::OPEN,
            quarantine: None,
        }
    }

    fn row(json: serde_json::Value) -> ManifestRow {
        serde_json::from_value::<ManifestAttributesBase>(json).unwrap().into()
    }

    #[test]
    fn rows_that_are_alike_share_one_description() {
        let image = |digest: &str| {
            row(serde_json::json!({ "digest": digest, "os": "linux", "architecture": "amd64",
                "mediaType": MANIFEST, "configMediaType": "application/vnd.oci.image.config.v1+json" }))
        };
        let (first, second) = (image("sha256:1"), image("sha256:2"));
        assert!(Arc::ptr_eq(&first.description, &second.description));
        assert_eq!(&*first.platform, "linux/amd64");
        assert!(!first.needs_document(), "its platform shows that it is an image");
    }

    #[test]
    fn what_lists_a_platform_and_is_no_container_image_needs_its_document() {
        for (os, architecture) in [("wasip1", "wasm"), ("linux", "wasm"), ("darwin", "arm64")] {
            let row = row(serde_json::json!({ "digest": "sha256:6", "os": os, "architecture": architecture,
                "mediaType": MANIFEST, "configMediaType": "application/vnd.oci.image.config.v1+json" }));
            assert!(row.needs_document(), "{os}/{architecture}");
        }
    }

    #[test]
    fn an_attestation_is_never_a_platform() {
        let row = row(serde_json::json!({ "digest": "sha256:3", "os": "unknown", "architecture": "unknown",
            "mediaType": MANIFEST, "configMediaType": "application/vnd.oci.image.config.v1+json" }));
        assert_eq!((row.description.kind, &*row.platform), (Kind::Attestation, ""));
    }

    #[test]
    fn an_index_with_an_artifact_type_is_an_index_and_no_image() {
        let row = row(serde_json::json!({ "digest": "sha256:4", "mediaType": INDEX,
            "artifactType": "application/vnd.opentofu.provider" }));
        assert!(row.description.is_index && !is_image(&row.description));
        assert_eq!(row.description.title(), "Image index (Provider, OpenTofu)");
    }

    #[test]
    fn a_row_that_could_be_anything_needs_its_document() {
        let row = row(serde_json::json!({ "digest": "sha256:5", "mediaType": MANIFEST,
            "configMediaType": "application/vnd.oci.empty.v1+json" }));
        assert!(row.needs_document());
    }
}
