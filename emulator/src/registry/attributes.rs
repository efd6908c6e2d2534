//! Changeable attributes: the four flags, quarantine, and the body of a PATCH.

use serde::{Deserialize, Serialize};

use crate::protocol::error::ApiError;
use crate::protocol::name::{Digest, TagName};

/// The four flags that repositories, tags and manifests have each for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Flags {
    pub(crate) delete_enabled: bool,
    pub(crate) write_enabled: bool,
    pub(crate) read_enabled: bool,
    pub(crate) list_enabled: bool,
}

impl Default for Flags {
    fn default() -> Self {
        Self { delete_enabled: true, write_enabled: true, read_enabled: true, list_enabled: true }
    }
}

impl Flags {
    /// Deleting wants both: `writeEnabled` is "write or delete".
    pub(crate) fn allows_delete(self) -> bool {
        self.delete_enabled && self.write_enabled
    }

    pub(crate) fn apply(&mut self, patch: &Patch) {
        let set = |flag: &mut bool, value: Option<bool>| *flag = value.unwrap_or(*flag);
        set(&mut self.delete_enabled, patch.delete_enabled);
        set(&mut self.write_enabled, patch.write_enabled);
        set(&mut self.read_enabled, patch.read_enabled);
        set(&mut self.list_enabled, patch.list_enabled);
    }
}

/// The quarantine of a manifest, each text as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Quarantine {
    #[serde(rename = "quarantineDetails", default, skip_serializing_if = "Option::is_none")]
    pub(crate) details: Option<String>,
    #[serde(rename = "quarantineState", default, skip_serializing_if = "Option::is_none")]
    pub(crate) state: Option<String>,
}

/// What attributes belong to, in a repository.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// The repository itself.
    Repository,
    /// A tag.
    Tag(&'a TagName),
    /// A manifest.
    Manifest(&'a Digest),
}

/// The body of a PATCH: any subset. Fields it does not know are ignored, as the service ignores `teleportEnabled`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Patch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delete_enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) write_enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) read_enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) list_enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) quarantine_state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) quarantine_details: Option<String>,
}

impl Patch {
    /// Parses a PATCH body; an empty one changes nothing.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        // Serde would take a list for an object's fields in order.
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(ApiError::attributes_invalid("the attributes must be a JSON object".to_owned()));
        }
        serde_json::from_slice(body)
            .map_err(|error| ApiError::attributes_invalid(format!("the attributes cannot be read: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_changes_what_it_names_only() {
        let mut flags = Flags::default();
        flags.apply(&Patch::parse(br#"{"writeEnabled":false,"teleportEnabled":true}"#).unwrap());
        assert_eq!(flags, Flags { write_enabled: false, ..Flags::default() });
        assert!(!flags.allows_delete());
        assert!(Patch::parse(b"{").is_err() && Patch::parse(br#"{"writeEnabled":"no"}"#).is_err());
    }
}
