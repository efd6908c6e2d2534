//! The chip that says what a repository, manifest or tag is protected from.

use leptos::prelude::*;

use super::chip::{Chip, Tone};
use super::icon::Icon;
use crate::protection::Switches;
use crate::text::attributes as text;
use crate::text::repository::switched_off;

/// "Locked" or "Restricted", with the attributes that are off on hover; nothing where all four are on.
pub(crate) fn lock_chip(switches: Switches) -> Option<impl IntoView> {
    switches.any_off().then(|| {
        let off = [
            (switches.read, text::READ),
            (switches.write, text::WRITE),
            (switches.delete, text::DELETE),
            (switches.list, text::LIST),
        ];
        let names: Vec<_> = off.into_iter().filter(|(on, _)| !on).map(|(_, name)| name).collect();
        let label = if switches.is_locked() { text::LOCKED } else { text::RESTRICTED };
        view! { <Chip text=label tone=Tone::Warning icon=Icon::Lock title=switched_off(&names)/> }
    })
}
