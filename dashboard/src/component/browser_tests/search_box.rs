//! The search box of a list.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Stage, attribute, focused, press, settled};
use crate::component::search_box::SearchBox;

async fn search_box() -> (Stage, RwSignal<String>) {
    let value = RwSignal::new(String::new());
    let stage = Stage::show(move || {
        view! { <SearchBox name="Search to filter numbers" value on_input=Callback::new(move |text| value.set(text))/> }
    })
    .await;
    (stage, value)
}

#[wasm_bindgen_test]
async fn what_is_typed_is_reported_and_what_is_set_is_shown() {
    let (stage, value) = search_box().await;
    assert_eq!(attribute(&stage.find("input"), "aria-label"), "Search to filter numbers");
    stage.fill("input", "17").await;
    assert_eq!(value.get_untracked(), "17");
    value.set("elsewhere".to_owned());
    settled().await;
    let field: web_sys::HtmlInputElement = wasm_bindgen::JsCast::unchecked_into(stage.find("input"));
    assert_eq!(field.value(), "elsewhere");
}

#[wasm_bindgen_test]
async fn escape_clears_it_first_and_leaves_it_then_and_goes_no_further() {
    let (stage, value) = search_box().await;
    let heard = RwSignal::new(0);
    let listener = window_event_listener(leptos::ev::keydown, move |_| heard.update(|times| *times += 1));
    stage.find("input").focus().unwrap();
    stage.fill("input", "17").await;
    press("Escape").await;
    assert_eq!((value.get_untracked().as_str(), focused().tag_name().as_str()), ("", "INPUT"));
    press("Escape").await;
    listener.remove();
    assert_eq!(focused().tag_name(), "BODY");
    assert_eq!(heard.get_untracked(), 0, "the screen does not go back as well");
}
