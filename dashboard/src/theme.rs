//! How the page looks to this person: theme, density, style of times. Chosen here, drawn by static/styles.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

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

/// How moments are written; the other way is always on hover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TimeStyle {
    #[default]
    Relative,
    Absolute,
}

/// Marks the document with theme and density, for the style sheets.
pub(crate) fn apply(theme: Theme, density: Density) {
    let Some(root) = document().document_element() else { return };
    let _ = match theme.attribute() {
        Some(value) => root.set_attribute("data-theme", value),
        None => root.remove_attribute("data-theme"),
    };
    let _ = match density {
        Density::Compact => root.set_attribute("data-density", "compact"),
        Density::Comfortable => root.remove_attribute("data-density"),
    };
}
