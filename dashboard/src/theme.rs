//! How the page looks to this person: theme, density, style of times. Chosen here, drawn by static/styles.

use serde::{Deserialize, Serialize};

use crate::surface::Surface;

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// By its name; the system's for any other.
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The value of the `data-theme` attribute; none for the system's own.
    fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// The next one in the round system, light, dark.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// How much room a row takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Density {
    #[default]
    Comfortable,
    Compact,
}

impl Density {
    /// By its name; comfortable for any other.
    pub(crate) fn named(name: &str) -> Self {
        if name == "compact" { Self::Compact } else { Self::Comfortable }
    }
}

/// How moments are written; the other way is always on hover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TimeStyle {
    #[default]
    Relative,
    Absolute,
}

/// Marks where the dashboard is shown with theme and density, for the style sheets.
pub(crate) fn apply(surface: Surface, theme: Theme, density: Density) {
    surface.mark("data-theme", theme.attribute());
    surface.mark("data-density", (density == Density::Compact).then_some("compact"));
}
