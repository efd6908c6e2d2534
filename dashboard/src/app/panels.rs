//! The panels and the palette that a visit does not begin with: one chunk, fetched when the first of them is opened.

use leptos::prelude::*;

use super::palette_body::PaletteBody;
use super::preferences_panel::PreferencesPanel;
use super::session_panel::SessionPanel;
use crate::failure::Failure;
use crate::lazy::{self, Chunk};
use crate::session::Session;

/// The views of the chunk.
#[derive(Clone, Copy)]
pub(super) struct Panels {
    pub(super) palette: fn() -> AnyView,
    pub(super) session: fn(Session) -> AnyView,
    pub(super) preferences: fn() -> AnyView,
}

/// The chunk.
pub(super) const PANELS: Chunk<Panels> = || lazy::load(panels());

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(panels, fallible))]
fn panels() -> Result<Panels, Failure> {
    Ok(Panels {
        palette: || view! { <PaletteBody/> }.into_any(),
        session: |session| view! { <SessionPanel session/> }.into_any(),
        preferences: || view! { <PreferencesPanel/> }.into_any(),
    })
}
