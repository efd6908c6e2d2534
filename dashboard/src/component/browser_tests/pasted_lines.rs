//! Pasting several lines into a field of one.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{ClipboardEvent, ClipboardEventInit, DataTransfer, HtmlInputElement};

use super::{Stage, settled};
use crate::component::pasted_lines::pasted_lines;

/// A field that holds a text, and the lines that were pasted into it.
async fn field(value: &'static str) -> (Stage, RwSignal<Option<String>>) {
    let pasted = RwSignal::new(None);
    let stage = Stage::show(move || {
        view! { <input value=value on:paste=move |event| pasted.set(pasted_lines(&event))/> }
    })
    .await;
    (stage, pasted)
}

/// Pastes as a browser does; whether the browser goes on to insert the text by itself.
async fn paste(field: &HtmlInputElement, text: &str) -> bool {
    let data = DataTransfer::new().unwrap();
    data.set_data("text/plain", text).unwrap();
    let init = ClipboardEventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    init.set_clipboard_data(Some(&data));
    let event = ClipboardEvent::new_with_event_init_dict("paste", &init).unwrap();
    let inserts = field.dispatch_event(&event).unwrap();
    settled().await;
    inserts
}

#[wasm_bindgen_test]
async fn lines_that_fill_a_field_are_handed_over_with_their_breaks() {
    let (stage, pasted) = field("").await;
    let input: HtmlInputElement = stage.find("input").unchecked_into();
    assert!(!paste(&input, "team/ap\r\n  p:1.2\n").await);
    assert_eq!(pasted.get_untracked().as_deref(), Some("team/ap\r\n  p:1.2\n"));
    assert_eq!(input.value(), "team/ap p:1.2");
    input.select();
    assert!(!paste(&input, "a\nb").await);
    assert_eq!((pasted.get_untracked().as_deref(), input.value().as_str()), (Some("a\nb"), "a b"));
}

#[wasm_bindgen_test]
async fn a_line_and_what_goes_into_a_text_are_the_browsers_to_insert() {
    let (stage, pasted) = field("host/").await;
    let input: HtmlInputElement = stage.find("input").unchecked_into();
    assert!(paste(&input, "team/app\n").await);
    input.set_selection_range(5, 5).unwrap();
    assert!(paste(&input, "team/app\nx").await);
    assert_eq!((pasted.get_untracked(), input.value().as_str()), (None, "host/"));
}
