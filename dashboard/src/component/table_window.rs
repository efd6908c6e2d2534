//! Which rows of a table are near enough to the screen to be in the document.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Tables up to this length are in the document whole.
const WHOLE: usize = 200;
/// Rows kept in the document above and below the screen.
const MARGIN: usize = 12;

/// A range of rows and how high one is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    /// The first row in the document.
    pub(crate) first: usize,
    /// The row after the last in the document.
    pub(crate) end: usize,
    /// In CSS pixels.
    pub(crate) row_height: f64,
}

impl Default for Window {
    fn default() -> Self {
        Self { first: 0, end: 60, row_height: 40.0 }
    }
}

impl Window {
    /// The rows to have in the document, when the first of `count` rows begins at `top` (CSS pixels, negative above the
    /// screen's upper edge) and the screen is `height` high.
    fn of(count: usize, top: f64, height: f64, row_height: f64) -> Self {
        if count <= WHOLE {
            return Self { first: 0, end: count, row_height };
        }
        let above = (-top / row_height).floor().max(0.0) as usize;
        let on_screen = (height / row_height).ceil().max(1.0) as usize;
        let first = above.saturating_sub(MARGIN).min(count.saturating_sub(on_screen));
        // Rounded to even rows, so that small movements change nothing.
        let first = first - first % 2;
        Self { first, end: (above + on_screen + MARGIN).min(count), row_height }
    }
}

/// Keeps `window` up to date while anything scrolls or the screen's size changes.
pub(crate) fn follow_scroll(body: NodeRef<html::Tbody>, count: Signal<usize>, window: RwSignal<Window>) {
    let measure = move || {
        let Some(body) = body.try_get_untracked().flatten() else { return };
        let Some(count) = count.try_get_untracked() else { return };
        let row_height = body
            .query_selector("tr.row")
            .ok()
            .flatten()
            .and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok())
            .map(|row| row.get_bounding_client_rect().height())
            .filter(|height| *height >= 1.0)
            .unwrap_or(Window::default().row_height);
        let height = leptos::prelude::window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64())
            .unwrap_or(1000.0);
        let next = Window::of(count, body.get_bounding_client_rect().top(), height, row_height);
        if window.try_get_untracked().is_some_and(|current| current != next) {
            let _ = window.try_set(next);
        }
    };
    Effect::new(move |_| {
        count.track();
        body.track();
        request_animation_frame(measure);
    });
    // Captured at the document, a scroll of any ancestor is seen, not only of the page.
    let options = web_sys::AddEventListenerOptions::new();
    options.set_capture(true);
    options.set_passive(true);
    let on_scroll = wasm_bindgen::closure::Closure::<dyn Fn()>::new(move || request_animation_frame(measure));
    let callback = on_scroll.as_ref().clone();
    let target = document();
    let listen = |name: &str| {
        let function: &js_sys::Function = on_scroll.as_ref().unchecked_ref();
        let _ =
            target.add_event_listener_with_callback_and_add_event_listener_options(name, function, &options);
    };
    listen("scroll");
    let resize = window_event_listener(leptos::ev::resize, move |_| measure());
    let kept = StoredValue::new_local(Some(on_scroll));
    on_cleanup(move || {
        let _ = target_remove(&callback);
        resize.remove();
        kept.set_value(None);
    });
}

fn target_remove(callback: &wasm_bindgen::JsValue) -> Result<(), wasm_bindgen::JsValue> {
    document().remove_event_listener_with_callback_and_bool("scroll", callback.unchecked_ref(), true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_tables_are_whole() {
        assert_eq!(Window::of(200, -4000.0, 800.0, 40.0), Window { first: 0, end: 200, row_height: 40.0 });
    }

    #[test]
    fn long_tables_keep_what_is_on_screen_and_a_margin() {
        let window = Window::of(100_000, -40_000.0, 800.0, 40.0);
        assert!(window.first <= 1000 && window.first >= 980, "{window:?}");
        assert!(window.end >= 1020 && window.end <= 1040, "{window:?}");
    }

    #[test]
    fn the_end_of_the_table_is_the_end_of_the_window() {
        let window = Window::of(300, -1e9, 800.0, 40.0);
        assert_eq!(window.end, 300);
        assert!(window.first < window.end);
    }
}
