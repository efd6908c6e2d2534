//! The tabs of a repository.

use crate::text::repository as text;

/// One tab. A new one has to be added to [`RepositoryTab::ALL`] as well: the compiler reports a variant that is never constructed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RepositoryTab {
    Tags,
    Manifests,
    Attributes,
    Storage,
    Cleanup,
}

impl RepositoryTab {
    /// In the order of the screen; the first is the one that opens.
    pub(super) const ALL: [Self; 5] =
        [Self::Tags, Self::Manifests, Self::Attributes, Self::Storage, Self::Cleanup];

    /// Its value of the parameter `tab`.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Manifests => "manifests",
            Self::Attributes => "attributes",
            Self::Storage => "storage",
            Self::Cleanup => "cleanup",
        }
    }

    /// Its label.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Tags => text::TAGS,
            Self::Manifests => text::MANIFESTS,
            Self::Attributes => text::ATTRIBUTES,
            Self::Storage => text::STORAGE,
            Self::Cleanup => text::CLEANUP,
        }
    }

    /// The tab of a value of the parameter `tab`; Tags for any other value.
    pub(super) fn of(id: &str) -> Self {
        Self::ALL.into_iter().find(|tab| tab.id() == id).unwrap_or(Self::Tags)
    }

    /// The value of the parameter `tab` in links: empty for the tab that opens.
    pub(super) fn param(self) -> &'static str {
        if self == Self::Tags { "" } else { self.id() }
    }
}
