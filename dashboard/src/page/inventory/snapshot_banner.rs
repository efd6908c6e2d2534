//! The line that says that Storage and Cleanup show a snapshot, and the button that returns to the present. It is part of the page's banner;
//! where the page around the dashboard has its own, it stands above the screen's content.

use leptos::portal::Portal;
use leptos::prelude::*;

use crate::analysis::opened::{OpenSnapshot, SnapshotFile};
use crate::component::icon::{Glyph, Icon};
use crate::format::time;
use crate::palette::add_entry;
use crate::surface::{Surface, use_surface};
use crate::text::snapshot as text;

/// The banner of a page, whose last line this one is.
const BANNER: &str = ".banner";

/// The line, for as long as the screen shows the snapshot.
#[component]
pub(crate) fn SnapshotBanner(opened: OpenSnapshot, file: SnapshotFile) -> impl IntoView {
    let surface = use_surface();
    let close = move || {
        opened.close();
        focus_heading(surface);
    };
    add_entry(text::CLOSE.to_owned(), Signal::stored(true), close);
    let taken = file.taken.map(|taken| time::absolute(taken.unix_millis()));
    let sentence = StoredValue::new(text::snapshot_of(&file.name, &file.registry, taken.as_deref()));
    let line = move || {
        view! {
            <div class="snapshot-line">
                <Glyph icon=Icon::Storage/>
                <p role="status">{sentence.get_value()}</p>
                <button type="button" class="button button-small" on:click=move |_| close()>{text::CLOSE}</button>
            </div>
        }
    };
    match surface.find(BANNER) {
        Some(banner) => view! { <Portal mount=web_sys::Element::from(banner)>{line()}</Portal> }.into_any(),
        None => line().into_any(),
    }
}

/// Moves the focus to the screen's heading, since what had it goes when another inventory is shown.
pub(crate) fn focus_heading(surface: Surface) {
    if let Some(heading) = surface.find("h1") {
        let _ = heading.focus();
    }
}
