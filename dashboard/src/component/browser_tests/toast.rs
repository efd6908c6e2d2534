//! Short messages and the two regions they appear in.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Stage, settled};
use crate::component::toast::ToastRegion;
use crate::surface::use_surface;
use crate::toasts::Toasts;

async fn region() -> (Stage, Toasts) {
    let toasts = StoredValue::new(None);
    let stage = Stage::show(move || {
        let made = Toasts::new(use_surface());
        toasts.set_value(Some(made));
        provide_context(made);
        view! { <ToastRegion/> }
    })
    .await;
    (stage, toasts.get_value().unwrap())
}

fn texts(stage: &Stage, region: &str) -> Vec<String> {
    stage.all(&format!("{region} .toast span")).iter().map(|one| one.text_content().unwrap()).collect()
}

#[wasm_bindgen_test]
async fn what_went_well_is_polite_and_what_failed_is_not() {
    let (stage, toasts) = region().await;
    assert_eq!(stage.all("[aria-live]").len(), 2, "the regions are there before there is anything to say");
    toasts.say("saved");
    toasts.warn("not saved");
    settled().await;
    assert_eq!(texts(&stage, "[aria-live=polite]"), ["saved"]);
    assert_eq!(texts(&stage, "[aria-live=assertive]"), ["not saved"]);
}

#[wasm_bindgen_test]
async fn the_same_is_said_once_and_of_many_the_newest_four_stay() {
    let (stage, toasts) = region().await;
    for text in ["a", "b", "a"] {
        toasts.warn(text);
    }
    settled().await;
    assert_eq!(texts(&stage, "[aria-live=assertive]"), ["b", "a"]);
    for text in ["c", "d", "e"] {
        toasts.warn(text);
    }
    settled().await;
    assert_eq!(texts(&stage, "[aria-live=assertive]"), ["a", "c", "d", "e"]);
}

#[wasm_bindgen_test]
async fn a_message_can_be_dismissed() {
    let (stage, toasts) = region().await;
    toasts.warn("failed");
    toasts.warn("failed as well");
    settled().await;
    stage.click(".toast button").await;
    assert_eq!(texts(&stage, "[aria-live=assertive]"), ["failed as well"]);
}
