//! Keys that work on every screen, and the two dialogs they open: the command palette and the list of shortcuts.

use leptos::prelude::*;

use super::overlays::use_overlays;
use super::panels::PANELS;
use crate::component::dialog::Dialog;
use crate::component::table_keys::is_command;
use crate::lazy::lazy;
use crate::navigation::use_navigation;
use crate::palette::PaletteEntries;
use crate::preferences::use_preferences;
use crate::route::ROW;
use crate::route::{Route, Screen};
use crate::surface::use_surface;
use crate::text::shell as text;

/// Listens to the keys and holds the dialogs.
#[component]
pub(crate) fn Commands() -> impl IntoView {
    let overlays = use_overlays();
    let navigation = use_navigation();
    let preferences = use_preferences();
    let surface = use_surface();
    let palette: PaletteEntries = expect_context();
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if surface.owns(&event)
            && (event.ctrl_key() || event.meta_key())
            && event.key().eq_ignore_ascii_case("k")
        {
            event.prevent_default();
            overlays.palette.set(true);
            return;
        }
        if !is_command(surface, &event) {
            return;
        }
        match event.key().as_str() {
            "?" => overlays.shortcuts.set(true),
            "r" => palette.refresh(),
            "t" => preferences.set_theme(untrack(|| preferences.theme()).next()),
            "Escape" => {
                let route = navigation.route_untracked();
                match parent(&route) {
                    _ if route.param(ROW).is_some() => navigation.set_param(ROW, ""),
                    Some(parent) => navigation.go(parent),
                    None => return,
                }
            }
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
    view! {
        <Dialog
            name=text::PALETTE
            open=overlays.palette
            on_close=Callback::new(move |()| overlays.palette.set(false))
        >
            {lazy(PANELS, |panels| (panels.palette)())}
        </Dialog>
        <Dialog
            name=text::SHORTCUTS
            open=overlays.shortcuts
            on_close=Callback::new(move |()| overlays.shortcuts.set(false))
        >
            <dl class="shortcuts">
                {text::SHORTCUT_LIST
                    .into_iter()
                    .map(|(key, what)| view! { <div><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div> })
                    .collect_view()}
            </dl>
        </Dialog>
    }
}

/// The screen above: a manifest's repository, a repository's registry.
fn parent(route: &Route) -> Option<Route> {
    match &route.screen {
        Screen::Manifest { registry, repository, .. } => Some(Route::repository(registry, repository)),
        Screen::Repository { registry, .. }
        | Screen::Compare { registry }
        | Screen::Storage { registry }
        | Screen::Cleanup { registry }
        | Screen::Malformed { registry, .. } => Some(Route::repositories(registry)),
        Screen::Home | Screen::Repositories { .. } => None,
    }
}
