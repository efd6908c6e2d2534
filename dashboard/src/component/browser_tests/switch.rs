//! The switch that asks and shows what came of it.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Stage, attribute, settled};
use crate::component::switch::Switch;

struct Flipped {
    on: RwSignal<bool>,
    disabled: RwSignal<bool>,
    busy: RwSignal<bool>,
    asked: RwSignal<Vec<bool>>,
}

async fn switch() -> (Stage, Flipped) {
    let (on, disabled, busy) = (RwSignal::new(true), RwSignal::new(false), RwSignal::new(false));
    let asked = RwSignal::new(Vec::new());
    let stage = Stage::show(move || {
        view! {
            <Switch
                name="Write enabled"
                hint=Signal::stored("Off forbids pushing.".to_owned())
                on
                disabled
                busy
                on_change=Callback::new(move |wanted| asked.update(|all| all.push(wanted)))
            />
        }
    })
    .await;
    (stage, Flipped { on, disabled, busy, asked })
}

#[wasm_bindgen_test]
async fn a_click_asks_for_the_other_and_changes_nothing_by_itself() {
    let (stage, flipped) = switch().await;
    assert_eq!(attribute(&stage.find("[role=switch]"), "aria-label"), "Write enabled");
    stage.click("[role=switch]").await;
    assert_eq!(flipped.asked.get_untracked(), [false]);
    assert_eq!(attribute(&stage.find("[role=switch]"), "aria-checked"), "true");
    flipped.on.set(false);
    settled().await;
    assert_eq!(attribute(&stage.find("[role=switch]"), "aria-checked"), "false");
    stage.click("[role=switch]").await;
    assert_eq!(flipped.asked.get_untracked(), [false, true]);
}

#[wasm_bindgen_test]
async fn it_asks_nothing_while_it_may_not_or_a_change_is_on_its_way() {
    let (stage, flipped) = switch().await;
    flipped.disabled.set(true);
    settled().await;
    assert_eq!(attribute(&stage.find("[role=switch]"), "aria-disabled"), "true");
    stage.click("[role=switch]").await;
    flipped.disabled.set(false);
    flipped.busy.set(true);
    settled().await;
    assert_eq!(attribute(&stage.find("[role=switch]"), "aria-busy"), "true");
    stage.click("[role=switch]").await;
    assert!(flipped.asked.get_untracked().is_empty());
}
