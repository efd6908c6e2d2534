//! The button that copies a text.

use js_sys::{Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Stage, settled};
use crate::component::copy_button::CopyButton;
use crate::component::toast::ToastRegion;
use crate::surface::use_surface;
use crate::text::shell as text;
use crate::toasts::Toasts;

#[wasm_bindgen_test]
async fn a_page_without_a_clipboard_says_that_nothing_was_copied() {
    let navigator = window().navigator();
    // Shadows the property of the prototype, as a page over plain HTTP sees it.
    let absent = Object::new();
    Reflect::set(&absent, &"value".into(), &JsValue::UNDEFINED).unwrap();
    Reflect::set(&absent, &"configurable".into(), &JsValue::TRUE).unwrap();
    Object::define_property(&navigator, &"clipboard".into(), &absent);
    let stage = Stage::show(|| {
        provide_context(Toasts::new(use_surface()));
        view! {
            <CopyButton value="sha256:0" name="Copy digest"/>
            <ToastRegion/>
        }
    })
    .await;
    stage.click("button[aria-label='Copy digest']").await;
    settled().await;
    let failed = stage.find("[aria-live=assertive]").text_content().unwrap();
    Reflect::delete_property(&navigator, &"clipboard".into()).unwrap();
    assert!(failed.contains(text::COPY_FAILED), "{failed}");
}
