//! The tabs of a manifest.

use crate::text::manifest as text;

/// One tab. A new one has to be added to [`ManifestTab::ALL`] as well: the compiler reports a variant that is never constructed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ManifestTab {
    Overview,
    Platforms,
    Layers,
    Files,
    History,
    Config,
    Annotations,
    Referrers,
    Raw,
    Attributes,
    Commands,
}

impl ManifestTab {
    /// In the order of the screen; the first is the one that opens.
    pub(super) const ALL: [Self; 11] = [
        Self::Overview,
        Self::Platforms,
        Self::Layers,
        Self::Files,
        Self::History,
        Self::Config,
        Self::Annotations,
        Self::Referrers,
        Self::Raw,
        Self::Attributes,
        Self::Commands,
    ];

    /// Its value of the parameter `tab`.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Platforms => "platforms",
            Self::Layers => "layers",
            Self::Files => "files",
            Self::History => "history",
            Self::Config => "config",
            Self::Annotations => "annotations",
            Self::Referrers => "referrers",
            Self::Raw => "raw",
            Self::Attributes => "attributes",
            Self::Commands => "commands",
        }
    }

    /// Its label.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Overview => text::OVERVIEW,
            Self::Platforms => text::PLATFORMS,
            Self::Layers => text::LAYERS,
            Self::Files => text::FILES,
            Self::History => text::HISTORY,
            Self::Config => text::CONFIG,
            Self::Annotations => text::ANNOTATIONS,
            Self::Referrers => text::REFERRERS,
            Self::Raw => text::RAW,
            Self::Attributes => text::ATTRIBUTES,
            Self::Commands => text::COMMANDS,
        }
    }

    /// The tab of a value of the parameter `tab`; Overview for any other value.
    pub(super) fn of(id: &str) -> Self {
        Self::ALL.into_iter().find(|tab| tab.id() == id).unwrap_or(Self::Overview)
    }

    /// The value of the parameter `tab` in links: empty for the tab that opens.
    pub(super) fn param(self) -> &'static str {
        if self == Self::Overview { "" } else { self.id() }
    }
}
