//! Components in a real browser, each alone on an empty page: `cargo xtask test web`. What a component does with the mouse, the
//! keyboard and the focus; how screens put components together is the journeys' business.

#![allow(clippy::unwrap_used, clippy::panic)]

mod copy_button;
mod data_table;
mod dialog;
mod menu;
mod pasted_lines;
mod search_box;
mod switch;
mod tabs;
mod toast;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test_configure;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent, KeyboardEventInit};

use crate::surface::Surface;

wasm_bindgen_test_configure!(run_in_browser);

/// A place in the page that holds one view, which goes when this is dropped.
struct Stage {
    place: HtmlElement,
    _mounted: Box<dyn std::any::Any>,
}

impl Stage {
    /// Shows what `view` makes, and waits until it is drawn.
    async fn show<V: IntoView + 'static>(view: impl FnOnce() -> V + 'static) -> Self {
        let place: HtmlElement = document().create_element("main").unwrap().unchecked_into();
        document().body().unwrap().append_child(&place).unwrap();
        let mounted = leptos::mount::mount_to(place.clone(), move || {
            provide_context(Surface::page());
            view()
        });
        settled().await;
        Self { place, _mounted: Box::new(mounted) }
    }

    /// The first element of this selector.
    fn find(&self, selector: &str) -> HtmlElement {
        let found = self.place.query_selector(selector).unwrap();
        found.unwrap_or_else(|| panic!("no {selector} in {}", self.place.inner_html())).unchecked_into()
    }

    /// All elements of this selector.
    fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.place.query_selector_all(selector).unwrap();
        (0..found.length()).map(|at| found.item(at).unwrap().unchecked_into()).collect()
    }

    /// Clicks the first element of this selector and waits until what follows is drawn.
    async fn click(&self, selector: &str) {
        self.find(selector).click();
        settled().await;
    }

    /// Types a text into a field, as the page sees it.
    async fn fill(&self, selector: &str, text: &str) {
        let field: HtmlInputElement = self.find(selector).unchecked_into();
        field.set_value(text);
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        field.dispatch_event(&web_sys::Event::new_with_event_init_dict("input", &init).unwrap()).unwrap();
        settled().await;
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.place.remove();
    }
}

/// Waits until effects have run and two frames were drawn: what follows a change, and what follows that.
async fn settled() {
    for _ in 0..3 {
        let frame = js_sys::Promise::new(&mut |resolve, _| {
            window().request_animation_frame(&resolve).unwrap();
        });
        JsFuture::from(frame).await.unwrap();
    }
    leptos::task::tick().await;
}

/// Waits, for as many frames as a busy machine may take, until this holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..200 {
        if holds() {
            return;
        }
        settled().await;
    }
    panic!("in vain: {what}");
}

/// Presses a key where the focus is; returns whether it was taken for a command.
async fn press(key: &str) -> bool {
    press_with(key, false).await
}

async fn press_with(key: &str, shift: bool) -> bool {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_shift_key(shift);
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_composed(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    let untouched = focused().dispatch_event(&event).unwrap();
    settled().await;
    !untouched
}

/// What has the focus; the body where nothing has.
fn focused() -> Element {
    document().active_element().unwrap_or_else(|| document().body().unwrap().unchecked_into())
}

/// The text of an attribute, empty where there is none.
fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}
