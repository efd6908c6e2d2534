//! Snapshots: a file with what an analysis read is opened without a request, shows what it contains, and gives way to the present again.

use std::path::{Path, PathBuf};

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::page::Page;
use acr_tests::push;
use acr_tests::role::{self, Role};
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::json;

use super::accessibility::{NARROW, WIDE, assert_fine, axe, prefer, resize};
use super::storage::fill;

/// Analyses the registry, and saves the snapshot that the page offers for download as a file of this name.
async fn save(page: &Page, folder: &Path, name: &str) -> Result<PathBuf> {
    page.open(&format!("/{REGISTRY}/-/storage")).await?;
    page.wait_for_heading("Storage").await?;
    page.press("Analyze storage").await?;
    page.wait_for_status("Complete").await?;
    let keep = "const make = URL.createObjectURL; URL.createObjectURL = blob => { blob.text().then(text => { window.saved = text }); return make.call(URL, blob) }; return true";
    page.evaluate(keep).await?;
    page.press("Save snapshot").await?;
    page.wait_until("return window.saved !== undefined").await?;
    let saved = page.evaluate("return window.saved").await?;
    write(folder, name, saved.as_str().context("no text")?)
}

fn write(folder: &Path, name: &str, content: &str) -> Result<PathBuf> {
    let path = folder.join(name);
    std::fs::write(&path, content)?;
    Ok(path)
}

/// How many requests the registry was sent so far.
async fn requests(page: &Page) -> Result<u64> {
    let script = "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/registries/')).length";
    page.evaluate(script).await?.as_u64().context("no number")
}

async fn open(page: &Page, file: &Path) -> Result<()> {
    page.choose_file("Snapshot file to open", file).await
}

#[rstest]
#[tokio::test]
async fn a_snapshot_is_shown_without_a_request_and_the_present_comes_back(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    fill(&emulator.url()).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        let file = save(&page, folder.path(), "march.acr-inventory.jsonl").await?;
        // A visit that has read nothing: the file is all there is.
        page.reload().await?;
        page.wait_for_heading("Storage").await?;
        page.find(Role::Button, "Open snapshot").await?;
        let before = requests(&page).await?;
        open(&page, &file).await?;
        page.wait_for_status("Snapshot march.acr-inventory.jsonl of ").await?;
        let in_banner =
            "return document.querySelector('header').innerText.includes('march.acr-inventory.jsonl')";
        page.wait_until(in_banner).await?;
        page.table("Largest layers").await?.wait_for_text("2 manifests").await?;
        page.wait_for_status("Every release is locked").await?;
        let table = page.table("Storage").await?;
        assert!(table.row_with(&["base"]).await?.contains("300"), "{:?}", table.rows().await?);
        table.open("team/api").await?;
        page.wait_for_heading("Storage of team/api").await?;
        page.table("Storage").await?.wait_for_text("Untagged manifests").await?;
        page.follow("Cleanup").await?;
        page.wait_for_heading("Cleanup").await?;
        page.wait_until(in_banner).await?;
        page.fill(Role::TextBox, "Older than", "").await?;
        page.fill(Role::TextBox, "Keep newest", "0").await?;
        page.press("Preview").await?;
        page.wait_for_status("Deletes ").await?;
        page.table("Cleanup plan").await?.row_with(&["team/api:1", "Untag"]).await?;
        let buttons = role::names(page.browser(), Role::Button).await?;
        for absent in ["Run cleanup", "Analyze storage", "Save snapshot", "Lock all"] {
            assert!(!buttons.iter().any(|button| button == absent), "{absent} of a snapshot");
        }
        assert_eq!(requests(&page).await?, before);
        page.press("Close snapshot").await?;
        page.find(Role::Button, "Analyze storage").await?;
        page.wait_until("return !document.querySelector('header').innerText.includes('march')").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_file_that_is_no_snapshot_is_explained_and_changes_nothing(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    fill(&emulator.url()).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        let file = save(&page, folder.path(), "good.jsonl").await?;
        let good = std::fs::read_to_string(&file)?;
        let (cut, _) = good.trim_end().rsplit_once('\n').context("one line alone")?;
        let markup = "<img src=x onerror=\"window.attacked = true\">";
        let newer = json!({ "acrInventory": { "version": 99, "registry": markup, "taken": "" } });
        for (name, content, message) in [
            ("cut.jsonl", cut.to_owned(), "the snapshot is cut off after line"),
            ("newer.jsonl", newer.to_string(), "the snapshot has version 99 of the format"),
            ("picture.png", "\u{89}PNG".to_owned(), "this file is not an inventory snapshot"),
            (
                "hostile.jsonl",
                good.replacen("\"digest\":{", "\"digest\":[{", 1),
                "line 2 of the snapshot cannot be read",
            ),
        ] {
            open(&page, &write(folder.path(), name, &content)?).await?;
            page.wait_for_alert(&format!("The snapshot cannot be opened: {message}")).await?;
        }
        page.find(Role::Button, "Save snapshot").await?;
        // A file says itself which registry it is of.
        let registry = good.lines().next().context("no line")?;
        let mut header: serde_json::Value = serde_json::from_str(registry)?;
        header["acrInventory"]["registry"] = markup.into();
        open(&page, &write(folder.path(), "markup.jsonl", &good.replacen(registry, &header.to_string(), 1))?)
            .await?;
        page.wait_for_status(&format!("Snapshot markup.jsonl of {markup}")).await?;
        assert_eq!(page.evaluate("return document.querySelectorAll('main img').length").await?, 0);
        assert_eq!(page.evaluate("return window.attacked === undefined").await?, true);
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn an_analysis_continues_while_a_snapshot_is_open(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    fill(&emulator.url()).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        let file = save(&page, folder.path(), "before.jsonl").await?;
        push::Repository::at(&emulator.url(), "late").await?.index("1").await?;
        faults.add(&json!({"fault": "latency", "milliseconds": 5_000, "path": "/late/manifests/"})).await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Reading manifests").await?;
        open(&page, &file).await?;
        page.wait_for_status("Snapshot before.jsonl of ").await?;
        faults.clear().await?;
        let table = page.table("Storage").await?;
        assert!(!table.row_headers().await?.iter().any(|name| name.contains("late")));
        page.press("Close snapshot").await?;
        page.wait_for_status("Complete").await?;
        page.table("Storage").await?.row_link("late").await?;
        // The same file shows what has been added since.
        page.choose_file("Snapshot file to compare with", &file).await?;
        page.table("Changes since the snapshot").await?.row_with(&["Pushed", "late:1"]).await.map(drop)
    })
    .await
}

#[rstest]
#[case::light_wide("light", WIDE)]
#[case::dark_narrow("dark", NARROW)]
#[tokio::test]
async fn axe_finds_nothing_while_a_snapshot_is_open(#[case] theme: &str, #[case] width: u32) -> Result<()> {
    let (axe, folder) = (axe()?, tempfile::tempdir()?);
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    fill(&emulator.url()).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(Chromium, &gateway.url(), async |page| {
        prefer(&page, theme, "reduce").await?;
        resize(&page, width).await?;
        let file = save(&page, folder.path(), "march.acr-inventory.jsonl").await?;
        open(&page, &file).await?;
        page.wait_for_status("Snapshot march.acr-inventory.jsonl of ").await?;
        assert_fine(&page, &axe, "the storage of a snapshot", width).await?;
        page.follow("Cleanup").await?;
        page.wait_for_heading("Cleanup").await?;
        assert_fine(&page, &axe, "the cleanup of a snapshot", width).await
    })
    .await
}
