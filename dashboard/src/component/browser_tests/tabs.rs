//! Tabs: arrows, names, and the panel of the chosen one.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{Stage, attribute, focused, press, settled};
use crate::component::tabs::{Tab, Tabs};

async fn tabs() -> (Stage, RwSignal<&'static str>) {
    let chosen = RwSignal::new("one");
    let stage = Stage::show(move || {
        let tab = |id, name, count: &str| Tab { id, name, count: count.to_owned(), href: format!("#{id}") };
        let all = vec![tab("one", "One", ""), tab("two", "Two", "17"), tab("three", "Three", "")];
        view! {
            <Tabs
                label="Numbers"
                tabs=Signal::stored(all)
                chosen=Signal::derive(move || chosen.get())
                on_choose=Callback::new(move |id| chosen.set(id))
                panel=Callback::new(|id: &'static str| view! { <p>{format!("panel of {id}")}</p> }.into_any())
            />
        }
    })
    .await;
    (stage, chosen)
}

fn selected(stage: &Stage) -> Vec<String> {
    stage.all("[role=tab]").iter().map(|tab| attribute(tab, "aria-selected")).collect()
}

#[wasm_bindgen_test]
async fn a_click_shows_the_panel_which_is_named_after_its_tab() {
    let (stage, _) = tabs().await;
    assert_eq!(selected(&stage), ["true", "false", "false"]);
    stage.click("#tab-two").await;
    assert_eq!(selected(&stage), ["false", "true", "false"]);
    let panel = stage.find("[role=tabpanel]");
    assert_eq!(panel.text_content().unwrap(), "panel of two");
    assert_eq!(attribute(&panel, "aria-labelledby"), "tab-two");
    assert_eq!(
        attribute(&stage.find("#tab-two .tab-count"), "aria-hidden"),
        "true",
        "a count is not its name"
    );
}

#[wasm_bindgen_test]
async fn arrows_go_round_home_and_end_go_to_the_ends() {
    let (stage, chosen) = tabs().await;
    stage.find("#tab-one").focus().unwrap();
    for (key, expected) in [
        ("ArrowRight", "two"),
        ("ArrowRight", "three"),
        ("ArrowRight", "one"),
        ("ArrowLeft", "three"),
        ("Home", "one"),
        ("End", "three"),
    ] {
        assert!(press(key).await);
        assert_eq!(chosen.get_untracked(), expected);
        assert_eq!(focused().id(), format!("tab-{expected}"));
    }
    assert!(!press("a").await, "other keys are left to the page");
}

#[wasm_bindgen_test]
async fn tab_stops_once_at_the_row() {
    let (stage, chosen) = tabs().await;
    chosen.set("two");
    settled().await;
    let stops: Vec<_> = stage.all("[role=tab]").iter().map(|tab| tab.tab_index()).collect();
    assert_eq!(stops, [-1, 0, -1]);
}

#[wasm_bindgen_test]
async fn a_tab_keeps_the_focus_while_its_count_and_its_address_change() {
    let count = RwSignal::new(String::new());
    let stage = Stage::show(move || {
        let tabs = Signal::derive(move || {
            let href = format!("#{}", count.get());
            vec![Tab { id: "one", name: "One", count: count.get(), href }]
        });
        view! {
            <Tabs
                label="Numbers"
                tabs
                chosen=Signal::stored("one")
                on_choose=Callback::new(|_| {})
                panel=Callback::new(|_| ().into_any())
            />
        }
    })
    .await;
    let tab = stage.find("#tab-one");
    tab.focus().unwrap();
    count.set("17".to_owned());
    settled().await;
    assert_eq!(focused(), *tab);
    assert_eq!(stage.find("#tab-one .tab-count").text_content().unwrap(), "17");
    assert_eq!(attribute(&tab, "href"), "#17");
}
