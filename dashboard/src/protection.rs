//! What the attributes of three levels add up to. Pure.
//!
//! A repository, a manifest and a tag each have four switches, independent of each other. Write off forbids deletion as
//! much as Delete off does; a repository with Write off freezes everything in it, with Delete off only itself.

use crate::text::attributes as text;

/// The four switches of one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Switches {
    pub(crate) read: bool,
    pub(crate) write: bool,
    pub(crate) delete: bool,
    pub(crate) list: bool,
}

impl Switches {
    /// All on, as at birth.
    pub(crate) const OPEN: Self = Self { read: true, write: true, delete: true, list: true };

    /// Whether anything is switched off.
    pub(crate) fn any_off(self) -> bool {
        self != Self::OPEN
    }

    /// Whether it is locked against change or deletion, which is what people mean by locked.
    pub(crate) fn is_locked(self) -> bool {
        !self.write || !self.delete
    }
}

impl From<&acr_client_wasm::ChangeableAttributes> for Switches {
    fn from(from: &acr_client_wasm::ChangeableAttributes) -> Self {
        Self {
            read: from.read_enabled,
            write: from.write_enabled,
            delete: from.delete_enabled,
            list: from.list_enabled,
        }
    }
}

impl From<&acr_client_wasm::ManifestChangeableAttributes> for Switches {
    fn from(from: &acr_client_wasm::ManifestChangeableAttributes) -> Self {
        Self {
            read: from.read_enabled,
            write: from.write_enabled,
            delete: from.delete_enabled,
            list: from.list_enabled,
        }
    }
}

/// One of the three levels, with what it is called in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Repository,
    Manifest,
    Tag,
}

impl Level {
    /// "the repository", "the manifest", "the tag".
    pub(crate) fn the(self) -> &'static str {
        match self {
            Self::Repository => text::THE_REPOSITORY,
            Self::Manifest => text::THE_MANIFEST,
            Self::Tag => text::THE_TAG,
        }
    }
}

/// What the levels add up to, one sentence for each thing that cannot be done; empty when everything can.
pub(crate) fn effects(levels: &[(Level, Switches)]) -> Vec<String> {
    let off = |is_off: fn(&(Level, Switches)) -> bool| levels.iter().filter(move |level| is_off(level));
    let mut sentences = Vec::new();
    let mut add = |what: &str, reasons: Vec<String>| {
        if !reasons.is_empty() {
            sentences.push(text::because(what, &reasons));
        }
    };
    add(text::CANNOT_PULL, off(|(_, s)| !s.read).map(|(level, _)| text::read_off(level.the())).collect());
    add(
        text::CANNOT_OVERWRITE,
        off(|(_, s)| !s.write).map(|(level, _)| text::write_off(level.the())).collect(),
    );
    // The repository's own Delete switch protects the repository, not what is in it.
    let whole = levels.iter().all(|(level, _)| *level == Level::Repository);
    let deletion = levels.iter().filter_map(|(level, switches)| match level {
        _ if !switches.write => Some(text::write_off(level.the())),
        Level::Repository if !whole => None,
        _ if !switches.delete => Some(text::delete_off(level.the())),
        _ => None,
    });
    add(text::CANNOT_DELETE, deletion.collect());
    add(text::NOT_LISTED, off(|(_, s)| !s.list).map(|(level, _)| text::list_off(level.the())).collect());
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKED: Switches = Switches { write: false, ..Switches::OPEN };
    const KEPT: Switches = Switches { delete: false, ..Switches::OPEN };

    #[test]
    fn a_write_locked_manifest_cannot_be_deleted() {
        let effects = effects(&[
            (Level::Repository, Switches::OPEN),
            (Level::Manifest, LOCKED),
            (Level::Tag, Switches::OPEN),
        ]);
        assert!(
            effects.iter().any(|e| e == "Cannot be deleted: the manifest is write-locked."),
            "{effects:?}"
        );
    }

    #[test]
    fn a_repositorys_delete_switch_protects_only_the_repository() {
        assert!(effects(&[(Level::Repository, KEPT), (Level::Tag, Switches::OPEN)]).is_empty());
        assert_eq!(effects(&[(Level::Repository, KEPT)]).len(), 1);
    }

    #[test]
    fn every_reason_is_named() {
        let effects = effects(&[(Level::Repository, LOCKED), (Level::Manifest, KEPT), (Level::Tag, KEPT)]);
        let deletion = effects.iter().find(|e| e.contains("deleted")).unwrap();
        assert!(["repository", "manifest", "tag"].iter().all(|level| deletion.contains(level)), "{deletion}");
    }

    #[test]
    fn open_levels_forbid_nothing() {
        assert!(effects(&[(Level::Tag, Switches::OPEN), (Level::Manifest, Switches::OPEN)]).is_empty());
    }
}
