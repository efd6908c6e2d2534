//! Time and chance.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use acr_client_wasm::{BrowserEnvironment, Environment};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stand_in::{eval, settle};

#[wasm_bindgen_test]
async fn the_clock_is_the_browsers_and_sleep_ends() {
    let world = BrowserEnvironment::new();
    let before = eval("Date.now()").as_f64().unwrap();
    world.sleep(Duration::ZERO).await;
    assert!(world.now().as_secs_f64() * 1000.0 >= before);
}

#[wasm_bindgen_test]
fn chance_lies_between_0_and_1() {
    assert!((0.0..1.0).contains(&BrowserEnvironment::new().jitter()));
}

#[wasm_bindgen_test]
async fn what_is_left_to_run_on_its_own_runs() {
    let done = Rc::new(Cell::new(false));
    let mark = done.clone();
    BrowserEnvironment::new().spawn(Box::pin(async move { mark.set(true) }));
    settle().await;
    assert!(done.get());
}
