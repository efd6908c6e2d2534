//! The four switches of a repository, tag or manifest, in one byte.

use acr_client_wasm::{ChangeableAttributes, ManifestChangeableAttributes};
use serde::{Deserialize, Serialize};

/// The four attributes that lock a repository, tag or manifest (`ChangeableAttributes`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Locks(u8);

const DELETE: u8 = 1;
const WRITE: u8 = 2;
const READ: u8 = 4;
const LIST: u8 = 8;

impl Locks {
    /// Nothing is locked: all four attributes are on.
    pub const OPEN: Self = Self(DELETE | WRITE | READ | LIST);

    /// The locks that these four attributes amount to.
    #[must_use]
    pub const fn new(
        delete_enabled: bool,
        write_enabled: bool,
        read_enabled: bool,
        list_enabled: bool,
    ) -> Self {
        let mut bits = 0;
        if delete_enabled {
            bits |= DELETE;
        }
        if write_enabled {
            bits |= WRITE;
        }
        if read_enabled {
            bits |= READ;
        }
        if list_enabled {
            bits |= LIST;
        }
        Self(bits)
    }

    /// The same with `deleteEnabled` and `writeEnabled` both on or both off, as a lock or an unlock leaves them.
    #[must_use]
    pub const fn with_changes(self, enabled: bool) -> Self {
        let others = self.0 & (READ | LIST);
        if enabled { Self(others | DELETE | WRITE) } else { Self(others) }
    }

    /// Whether `deleteEnabled` is on.
    #[must_use]
    pub const fn delete_enabled(self) -> bool {
        self.0 & DELETE != 0
    }

    /// Whether `writeEnabled` is on.
    #[must_use]
    pub const fn write_enabled(self) -> bool {
        self.0 & WRITE != 0
    }

    /// Whether `readEnabled` is on.
    #[must_use]
    pub const fn read_enabled(self) -> bool {
        self.0 & READ != 0
    }

    /// Whether `listEnabled` is on.
    #[must_use]
    pub const fn list_enabled(self) -> bool {
        self.0 & LIST != 0
    }

    /// Whether these attributes allow deletion: both `deleteEnabled` and `writeEnabled` must be on (Microsoft's documentation, "Lock a
    /// container image in an Azure container registry").
    #[must_use]
    pub const fn allow_delete(self) -> bool {
        self.delete_enabled() && self.write_enabled()
    }
}

impl Default for Locks {
    fn default() -> Self {
        Self::OPEN
    }
}

impl From<&ChangeableAttributes> for Locks {
    fn from(attributes: &ChangeableAttributes) -> Self {
        Self::new(
            attributes.delete_enabled,
            attributes.write_enabled,
            attributes.read_enabled,
            attributes.list_enabled,
        )
    }
}

impl From<&ManifestChangeableAttributes> for Locks {
    fn from(attributes: &ManifestChangeableAttributes) -> Self {
        Self::new(
            attributes.delete_enabled,
            attributes.write_enabled,
            attributes.read_enabled,
            attributes.list_enabled,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_off_also_forbids_deletion() {
        assert!(Locks::OPEN.allow_delete());
        assert!(!Locks::new(true, false, true, true).allow_delete());
        assert!(!Locks::new(false, true, true, true).allow_delete());
        assert!(Locks::new(true, true, false, false).allow_delete());
    }

    #[test]
    fn a_lock_leaves_reading_and_listing_as_they_are() {
        let hidden = Locks::new(true, true, true, false);
        assert_eq!(hidden.with_changes(false), Locks::new(false, false, true, false));
        assert_eq!(hidden.with_changes(false).with_changes(true), hidden);
    }
}
