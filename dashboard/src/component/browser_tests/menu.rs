//! The button with a panel below it, and choices within.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Stage, attribute, focused, press, settled};
use crate::component::icon::Icon;
use crate::component::menu::{Choice, Menu};

async fn menu() -> (Stage, RwSignal<u8>) {
    let chosen = RwSignal::new(1);
    let stage = Stage::show(move || {
        view! {
            <Menu name="Preferences" icon=Icon::Settings>
                <Choice
                    name="Size"
                    options=vec![(1_u8, "Small"), (2, "Large")]
                    chosen
                    on_choose=Callback::new(move |size| chosen.set(size))
                />
            </Menu>
            <button id="elsewhere">"Elsewhere"</button>
        }
    })
    .await;
    (stage, chosen)
}

fn is_open(stage: &Stage) -> bool {
    let open = !stage.all(".segment").is_empty();
    assert_eq!(attribute(&stage.find(".menu > button"), "aria-expanded"), open.to_string());
    open
}

#[wasm_bindgen_test]
async fn its_button_opens_and_closes_it() {
    let (stage, _) = menu().await;
    assert_eq!(attribute(&stage.find(".menu > button"), "aria-label"), "Preferences");
    for open in [true, false, true] {
        stage.click(".menu > button").await;
        assert_eq!(is_open(&stage), open);
    }
}

#[wasm_bindgen_test]
async fn escape_closes_it_and_nothing_else() {
    let (stage, _) = menu().await;
    stage.find(".menu > button").focus().unwrap();
    stage.click(".menu > button").await;
    stage.find(".segment").focus().unwrap();
    let heard = RwSignal::new(0);
    let listener = window_event_listener(leptos::ev::keydown, move |_| heard.update(|times| *times += 1));
    press("Escape").await;
    listener.remove();
    assert!(!is_open(&stage));
    assert_eq!(heard.get_untracked(), 0, "the screen below does not go back as well");
    assert!(stage.find(".menu").contains(Some(&focused())), "the focus is not lost with the panel");
}

#[wasm_bindgen_test]
async fn a_focus_elsewhere_closes_it() {
    let (stage, _) = menu().await;
    stage.click(".menu > button").await;
    stage.find(".segment").focus().unwrap();
    settled().await;
    assert!(is_open(&stage));
    stage.find("#elsewhere").focus().unwrap();
    settled().await;
    assert!(!is_open(&stage));
}

#[wasm_bindgen_test]
async fn a_choice_says_which_is_chosen() {
    let (stage, chosen) = menu().await;
    stage.click(".menu > button").await;
    let pressed = |stage: &Stage| {
        stage.all(".segment").iter().map(|one| attribute(one, "aria-pressed")).collect::<Vec<_>>()
    };
    assert_eq!(pressed(&stage), ["true", "false"]);
    stage.click(".segment:last-child").await;
    assert_eq!(chosen.get_untracked(), 2);
    assert_eq!(pressed(&stage), ["false", "true"]);
}

#[wasm_bindgen_test]
async fn it_may_go_while_something_in_it_has_the_focus() {
    let there = RwSignal::new(true);
    let stage = Stage::show(move || {
        view! {
            <Show when=move || there.get()>
                <Menu name="Session" icon=Icon::User>
                    <button id="inside" on:click=move |_| there.set(false)>"Sign out"</button>
                </Menu>
            </Show>
        }
    })
    .await;
    stage.click(".menu > button").await;
    stage.find("#inside").focus().unwrap();
    stage.click("#inside").await;
    assert!(stage.all(".menu").is_empty());
}
