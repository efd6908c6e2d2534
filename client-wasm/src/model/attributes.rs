//! The switches that lock repositories, tags and manifests, as read and as changed.

use serde::{Deserialize, Serialize};

use super::wire::{on, on_unless_off, or_default};

/// The four switches of a repository or a tag (`ChangeableAttributes`). A switch that the registry does not mention is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeableAttributes {
    /// Off forbids deletion.
    #[serde(default = "on", deserialize_with = "on_unless_off")]
    pub delete_enabled: bool,
    /// Off forbids push, overwriting and deletion.
    #[serde(default = "on", deserialize_with = "on_unless_off")]
    pub write_enabled: bool,
    /// Off forbids pull.
    #[serde(default = "on", deserialize_with = "on_unless_off")]
    pub read_enabled: bool,
    /// Off hides from lists.
    #[serde(default = "on", deserialize_with = "on_unless_off")]
    pub list_enabled: bool,
}

impl Default for ChangeableAttributes {
    fn default() -> Self {
        Self { delete_enabled: true, write_enabled: true, read_enabled: true, list_enabled: true }
    }
}

/// A change of the switches of a repository or a tag: what is `None` stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ChangeableAttributesPatch {
    /// Whether deletion is to be allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_enabled: Option<bool>,
    /// Whether push, overwriting and deletion are to be allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write_enabled: Option<bool>,
    /// Whether pull is to be allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_enabled: Option<bool>,
    /// Whether lists are to show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_enabled: Option<bool>,
}

/// The switches of a manifest and its quarantine (`ManifestChangeableAttributes`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestChangeableAttributes {
    /// Off forbids deletion.
    #[serde(default = "on", deserialize_with = "on_unless_off")]
    pub delete_enabled: bool,
    /// Off forbids overwriting and deletion.
    #[serde(default = "on", deserialize_with = "on_unless_off")]
    pub write_enabled: bool,
    /// Off forbids pull.
    #[serde(default = "on", deserialize_with = "on_unless_off")]
    pub read_enabled: bool,
    /// Off hides from lists.
    #[serde(default = "on", deserialize_with = "on_unless_off")]
    pub list_enabled: bool,
    /// `Passed` or `Failed`, where a scanner said so; open, since scanners may say more.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Option::is_none")]
    pub quarantine_state: Option<String>,
    /// What the scanner reported: JSON inside a string.
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Option::is_none")]
    pub quarantine_details: Option<String>,
}

impl Default for ManifestChangeableAttributes {
    fn default() -> Self {
        Self {
            delete_enabled: true,
            write_enabled: true,
            read_enabled: true,
            list_enabled: true,
            quarantine_state: None,
            quarantine_details: None,
        }
    }
}

/// A change of the switches of a manifest: what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ManifestChangeableAttributesPatch {
    /// Whether deletion is to be allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_enabled: Option<bool>,
    /// Whether overwriting and deletion are to be allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write_enabled: Option<bool>,
    /// Whether pull is to be allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_enabled: Option<bool>,
    /// Whether lists are to show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_enabled: Option<bool>,
    /// The quarantine state to set, `Passed` or `Failed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quarantine_state: Option<String>,
    /// The quarantine details to set: JSON inside a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quarantine_details: Option<String>,
}

impl From<ChangeableAttributesPatch> for ManifestChangeableAttributesPatch {
    fn from(patch: ChangeableAttributesPatch) -> Self {
        Self {
            delete_enabled: patch.delete_enabled,
            write_enabled: patch.write_enabled,
            read_enabled: patch.read_enabled,
            list_enabled: patch.list_enabled,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_that_is_missing_or_null_is_on() {
        let read: ChangeableAttributes =
            serde_json::from_str(r#"{"deleteEnabled":false,"readEnabled":null,"teleportEnabled":true}"#)
                .unwrap();
        assert_eq!(read, ChangeableAttributes { delete_enabled: false, ..ChangeableAttributes::default() });
    }

    #[test]
    fn a_patch_sends_only_what_it_changes() {
        let patch = ChangeableAttributesPatch { delete_enabled: Some(false), ..Default::default() };
        assert_eq!(serde_json::to_string(&patch).unwrap(), r#"{"deleteEnabled":false}"#);
    }
}
