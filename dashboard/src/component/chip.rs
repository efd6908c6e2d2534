//! Small labels: a platform, a kind of artifact, a lock.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// The tones a chip may have. Never the only carrier of a meaning: the text says it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    #[default]
    Plain,
    Accent,
    Good,
    Warning,
    Danger,
}

impl Tone {
    /// The style sheet's class.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Plain => "chip",
            Self::Accent => "chip chip-accent",
            Self::Good => "chip chip-good",
            Self::Warning => "chip chip-warning",
            Self::Danger => "chip chip-danger",
        }
    }
}

/// A small label.
#[component]
pub(crate) fn Chip(
    #[prop(into)] text: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional)] icon: Option<Icon>,
    /// Details, on hover.
    #[prop(optional, into)]
    title: String,
) -> impl IntoView {
    view! {
        <span class=tone.class() title=(!title.is_empty()).then_some(title)>
            {icon.map(|icon| view! { <Glyph icon/> })}
            {text}
        </span>
    }
}
