//! The keys of a list: `j` and `k` move, `x` selects, `Enter` opens what has the focus, `/` goes to the search box.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::surface::{Surface, use_surface};

/// Listens for as long as the current reactive owner lives.
pub(crate) fn listen(
    body: NodeRef<html::Tbody>,
    count: Signal<usize>,
    active: RwSignal<Option<usize>>,
    on_select: Option<Callback<(usize, bool)>>,
) {
    let surface = use_surface();
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if !is_command(surface, &event) {
            return;
        }
        let count = count.get_untracked();
        let current = active.get_untracked();
        match event.key().as_str() {
            "/" => focus_search(surface),
            "j" => move_to(body, active, current.map_or(0, |at| at + 1).min(count.saturating_sub(1)), count),
            "k" => move_to(body, active, current.map_or(0, |at| at.saturating_sub(1)), count),
            "Enter" => match current.filter(|_| !on_control(&event)) {
                Some(current) => open_row(body, current),
                None => return,
            },
            "x" | "X" => match (current, on_select) {
                (Some(current), Some(select)) => select.run((current, event.shift_key())),
                _ => return,
            },
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}

/// Whether a key press is meant as a command: for this dashboard, not typed into a field, not in a dialog, not with a modifier.
pub(crate) fn is_command(surface: Surface, event: &KeyboardEvent) -> bool {
    if event.default_prevented()
        || !surface.owns(event)
        || event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || event.is_composing()
    {
        return false;
    }
    // A dialog may have lost the focus to the page; keys pressed then are still not commands for the page.
    if surface.find("dialog[open]").is_some() {
        return false;
    }
    let target = event.composed_path().get(0).dyn_into::<web_sys::Element>().ok();
    !target.is_some_and(|target| {
        target
            .closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")
            .ok()
            .flatten()
            .is_some()
    })
}

/// Whether a key press goes to something that acts on Enter by itself. The link of a row does not count: the focus may still be on
/// that of the row before.
fn on_control(event: &KeyboardEvent) -> bool {
    let target = event.composed_path().get(0).dyn_into::<web_sys::Element>().ok();
    target.is_some_and(|target| target.closest("a:not(.row-link), button, summary").ok().flatten().is_some())
}

fn open_row(body: NodeRef<html::Tbody>, at: usize) {
    let link = body
        .get_untracked()
        .and_then(|body| body.query_selector(&format!("[data-row='{at}'] th a")).ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        link.click();
    }
}

fn focus_search(surface: Surface) {
    let field = surface.find(".search-input");
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        let _ = field.focus();
        field.select();
    }
}

fn move_to(body: NodeRef<html::Tbody>, active: RwSignal<Option<usize>>, to: usize, count: usize) {
    if count == 0 {
        return;
    }
    active.set(Some(to));
    let Some(body) = body.get_untracked() else { return };
    let height = body
        .query_selector("tr.row")
        .ok()
        .flatten()
        .map_or(40.0, |row| row.get_bounding_client_rect().height());
    let top = body.get_bounding_client_rect().top() + to as f64 * height;
    let screen = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(800.0);
    // Room for the sticky header above, and one row of foresight below.
    if top < 2.5 * height {
        window().scroll_by_with_x_and_y(0.0, top - 2.5 * height);
    } else if top + 2.0 * height > screen {
        window().scroll_by_with_x_and_y(0.0, top + 2.0 * height - screen);
    }
    // Two frames: one for the window of rows to follow the scroll, one for the rows to be drawn.
    request_animation_frame(move || {
        request_animation_frame(move || {
            let link = body.query_selector(&format!("[data-row='{to}'] th a")).ok().flatten();
            if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = link.focus();
            }
        });
    });
}
