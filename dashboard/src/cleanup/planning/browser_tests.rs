//! Plans that are made while other work goes on: `cargo xtask test web`.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use acr_inventory::{Inventory, ManifestRow, Page, TagRow};
use leptos::task::tick;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;
use crate::clock::sleep;

wasm_bindgen_test_configure!(run_in_browser);

/// So many that a plan takes several steps.
const TAGS: usize = 3 * STEP;

fn inventory() -> Inventory {
    let mut inventory = Inventory::new("contoso.azurecr.io");
    inventory.read_catalog(&Page { rows: vec!["app".to_owned()], ..Page::default() });
    let digest = |number: usize| format!("sha256:{number:064x}");
    let row = |number| ManifestRow { digest: digest(number), ..ManifestRow::default() };
    inventory.read_manifests("app", &Page { rows: (0..TAGS).map(row).collect(), ..Page::default() });
    let tag = |number| TagRow {
        name: format!("v{number}"),
        digest: digest(number),
        updated: Some(Instant::from_ticks(1)),
        ..TagRow::default()
    };
    inventory.read_tags("app", &Page { rows: (0..TAGS).map(tag).collect(), ..Page::default() });
    inventory
}

/// A planning of every tag of the repository.
fn planning() -> Planning {
    let inventory = SharedInventory::new(inventory());
    let planning = Planning::new(inventory, Some(Instant::from_ticks(2)));
    planning.form.set(form("app:.*"));
    planning
}

fn form(filter: &str) -> Form {
    Form { filters: filter.to_owned(), ..Form::default() }
}

/// How many tags go by the plan, and how many plans there were; once none is being made.
async fn made(planning: Planning) -> (Option<usize>, u32) {
    while planning.busy.get_untracked() {
        sleep(Duration::ZERO).await;
    }
    let steps = untrack(|| planning.with_plan(|_, plan| plan.steps().len()));
    (steps, planning.planned.get_untracked())
}

#[wasm_bindgen_test]
async fn a_second_press_replaces_the_first() {
    let owner = Owner::new();
    let planning = owner.with(planning);
    planning.preview();
    planning.form.set(form("app:^v1$"));
    planning.preview();
    assert!(planning.busy.get_untracked());
    assert_eq!(made(planning).await, (Some(1), 1));
    assert!(untrack(|| planning.is_current()));
}

#[wasm_bindgen_test]
async fn a_rule_that_is_changed_meanwhile_is_the_one_that_is_planned() {
    let owner = Owner::new();
    let planning = owner.with(planning);
    let held = planning.inventory.hold().await;
    planning.preview();
    tick().await;
    planning.form.set(form("app:^v[12]$"));
    drop(held);
    assert_eq!(made(planning).await, (Some(2), 1));
}

#[wasm_bindgen_test]
async fn an_inventory_that_is_held_is_planned_as_it_is_afterwards() {
    let owner = Owner::new();
    let planning = owner.with(planning);
    let held = planning.inventory.hold().await;
    planning.preview();
    tick().await;
    assert!(planning.busy.get_untracked());
    planning.inventory.try_update(|inventory| inventory.remove_tag("app", "v1"));
    drop(held);
    assert_eq!(made(planning).await, (Some(TAGS - 1), 1));
    assert!(untrack(|| planning.is_current()));
}

#[wasm_bindgen_test]
async fn a_plan_that_is_given_up_is_not_shown() {
    let owner = Owner::new();
    let planning = owner.with(planning);
    planning.preview();
    planning.stop();
    assert_eq!(made(planning).await, (None, 0));
    // Nothing is held any more.
    planning.inventory.released().await;
    planning.preview();
    assert_eq!(made(planning).await, (Some(TAGS), 1));
}

#[wasm_bindgen_test]
async fn a_rule_that_cannot_be_used_is_reported() {
    let owner = Owner::new();
    let planning = owner.with(planning);
    planning.form.set(form("app:("));
    planning.preview();
    assert_eq!(made(planning).await, (None, 0));
    assert!(planning.problem.get_untracked().is_some());
}
