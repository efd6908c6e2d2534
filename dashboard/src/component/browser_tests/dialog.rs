//! The modal dialog: where the focus goes, and how it closes.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Stage, attribute, focused, settled};
use crate::component::dialog::Dialog;

/// A button that opens a dialog with a field and a button that takes the opener away.
async fn opener() -> (Stage, RwSignal<bool>, RwSignal<u32>) {
    let (open, closed, there) = (RwSignal::new(false), RwSignal::new(0), RwSignal::new(true));
    let stage = Stage::show(move || {
        view! {
            <h1 tabindex="-1">"Screen"</h1>
            <Show when=move || there.get()>
                <button id="opener" on:click=move |_| open.set(true)>"Open"</button>
            </Show>
            <Dialog
                name="Rename"
                open
                on_close=Callback::new(move |()| {
                    open.set(false);
                    closed.update(|times| *times += 1);
                })
            >
                <input id="field"/>
                <button id="remove" on:click=move |_| there.set(false)>"Remove the opener"</button>
            </Dialog>
        }
    })
    .await;
    (stage, open, closed)
}

async fn opened(stage: &Stage) -> web_sys::HtmlDialogElement {
    let opener = stage.find("#opener");
    opener.focus().unwrap();
    opener.click();
    settled().await;
    stage.find("dialog").unchecked_into()
}

#[wasm_bindgen_test]
async fn it_is_modal_named_and_takes_the_focus() {
    let (stage, ..) = opener().await;
    assert!(stage.all("dialog").is_empty(), "nothing is made before it is asked for");
    let dialog = opened(&stage).await;
    assert!(dialog.open() && dialog.matches(":modal").unwrap());
    let label = stage.find(&format!("#{}", attribute(&dialog, "aria-labelledby")));
    assert_eq!(label.text_content().unwrap(), "Rename");
    assert!(dialog.contains(Some(&focused())));
}

#[wasm_bindgen_test]
async fn closing_it_is_reported_once_and_gives_the_focus_back() {
    let (stage, open, closed) = opener().await;
    opened(&stage).await;
    stage.click("dialog header button").await;
    assert_eq!((open.get_untracked(), closed.get_untracked()), (false, 1));
    assert!(stage.all("dialog").is_empty());
    assert_eq!(focused().id(), "opener");
    // Closed from outside, it gives the focus back all the same.
    opened(&stage).await;
    open.set(false);
    settled().await;
    assert_eq!(focused().id(), "opener");
}

#[wasm_bindgen_test]
async fn the_focus_goes_to_the_heading_where_what_had_it_is_gone() {
    let (stage, ..) = opener().await;
    opened(&stage).await;
    stage.click("#remove").await;
    stage.click("dialog header button").await;
    assert_eq!(focused().tag_name(), "H1");
}
