//! What understanding a large registry costs in the page: a snapshot of 100 000 manifests, rules over it, and an analysis through the gateway.

use std::path::Path;
use std::time::Instant;

use acr_tests::browser::visit_unwatched;
use acr_tests::page::Page;
use acr_tests::push;
use acr_tests::role::Role;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use serde_json::json;

use super::reach::{devtools, watch};

/// The analysis reads this many manifests, in so many repositories.
const MANIFESTS: usize = 10_000;
const REPOSITORIES: usize = 20;

/// What the page allows itself (`dashboard/src/analysis/state.rs`).
const READS_A_MINUTE: f64 = 4500.0;

async fn prepare(page: &Page) -> Result<()> {
    watch(page, "tbody tr.row", "/_catalog").await?;
    let source = include_str!("inventory.js");
    devtools(page, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
    Ok(())
}

#[tokio::test]
async fn a_snapshot_of_a_hundred_thousand_manifests() -> Result<()> {
    let snapshot = std::env::var_os("ACR_SNAPSHOT").context("run `cargo xtask bench inventory`")?;
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_unwatched(&gateway.url(), async |page| {
        prepare(&page).await?;
        page.open(&format!("/{REGISTRY}/-/storage")).await?;
        page.wait_for_heading("Storage").await?;
        page.find(Role::Button, "Open snapshot").await?;
        page.evaluate("inventory.watch(); return null").await?;
        page.choose_file("Snapshot file to open", Path::new(&snapshot)).await?;
        let opened = page.evaluate("return inventory.shown('Snapshot ')").await?;
        println!("a snapshot of 100 000 manifests, from the choice of the file until its figures: {opened}");
        println!("memory, MiB of wasm: {} (goal 250 MB)", page.evaluate("return reach.wasmMiB()").await?);
        page.follow("Cleanup").await?;
        page.wait_for_heading("Cleanup").await?;
        page.fill(Role::TextBox, "Older than", "30d").await?;
        page.fill(Role::TextBox, "Keep newest", "3").await?;
        for expression in [".*:.*", ".*:^v1", ".*:^pr-", ".*:(test|dev|[0-9]{4,})"] {
            let planned = page.evaluate(&format!("return inventory.plan('{expression}')")).await?;
            println!("plan of `{expression}` (goal 50 ms a frame): {planned}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_analysis_of_ten_thousand_manifests() -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty", "--sku", "premium"]).await?;
    for place in 0..REPOSITORIES {
        let repository = push::Repository::at(&emulator.url(), &format!("team/app-{place}")).await?;
        let config = repository.blob(push::CONFIG, b"{\"os\":\"linux\"}").await?;
        let layer = repository.blob(push::LAYER, b"a layer").await?;
        for number in 0..MANIFESTS / REPOSITORIES {
            let manifest = json!({
                "schemaVersion": 2, "mediaType": push::MANIFEST, "config": config, "layers": [layer],
                "annotations": { "number": format!("{number} of {place}") },
            });
            repository.manifest(&format!("1.{number}"), manifest.to_string().into_bytes()).await?;
        }
    }
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_unwatched(&gateway.url(), async |page| {
        prepare(&page).await?;
        for visit in ["first", "second"] {
            page.open(&format!("/{REGISTRY}/-/storage")).await?;
            page.wait_for_heading("Storage").await?;
            page.evaluate("inventory.watch(); return null").await?;
            let start = Instant::now();
            page.press("Analyze storage").await?;
            let shown = page.evaluate("return inventory.shown('Complete')").await?;
            let rate = page.evaluate("return inventory.requests()").await?.as_f64().context("no number")?
                * 60.0
                / start.elapsed().as_secs_f64();
            let manifests = page.evaluate("return inventory.requests('/manifests/')").await?;
            println!("{visit} analysis of {MANIFESTS} manifests: {shown}, manifests requested: {manifests}");
            if visit == "first" {
                let share = rate / READS_A_MINUTE;
                println!("requests a minute: {rate:.0}, of the budget: {share:.2} (goal at least 0.80)");
            }
        }
        Ok(())
    })
    .await
}
