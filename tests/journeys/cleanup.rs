//! Deleting by a rule: the plan with its reasons, and a run after which exactly the planned items are gone from the emulator's journal.

use std::path::Path;

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::page::Page;
use acr_tests::page::dialog::Dialog;
use acr_tests::push::{self, LAYER};
use acr_tests::role::Role;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::{Value, json};

const REPOSITORY: &str = "team/app";

/// Tags `1`, `2` and `3` on an image each, `v1` on an index, and an image that lost its tag. Returns the digests of that one and of `1`.
async fn fill(registry: &str) -> Result<(String, String)> {
    let repository = push::Repository::at(registry, REPOSITORY).await?;
    let mut digests = Vec::new();
    for (tag, content) in [("1", "lost"), ("1", "one"), ("2", "two"), ("3", "three")] {
        let layer = repository.blob(LAYER, content.as_bytes()).await?;
        digests.push(repository.image(tag, &json!({ "os": "linux" }), &[layer], &json!({})).await?);
    }
    repository.index("v1").await?;
    Ok((digests.first().context("no image")?.clone(), digests.get(1).context("no image")?.clone()))
}

/// What was deleted, as the emulator's journal has it: a checksum, then a list of changes a line.
fn deletions(folder: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(folder.join("journal"))?;
    let mut deleted = Vec::new();
    for line in text.lines() {
        let (_, changes) = line.split_once(' ').context("a line without a checksum")?;
        for change in serde_json::from_str::<Vec<Value>>(changes)? {
            let name = |key: &str| change[key].as_str().unwrap_or_default().to_owned();
            match change["record"].as_str().unwrap_or_default() {
                "deleteTag" => deleted.push(format!("{}:{}", name("repository"), name("tag"))),
                "deleteManifest" => deleted.push(format!("{}@{}", name("repository"), name("digest"))),
                "deleteRepository" => deleted.push(name("repository")),
                _ => {}
            }
        }
    }
    deleted.sort();
    Ok(deleted)
}

/// Analyses the registry and previews a rule for any age that protects `3` and knows that `2` is in use.
async fn preview(page: &Page) -> Result<()> {
    page.open(&format!("/{REGISTRY}/-/cleanup")).await?;
    page.wait_for_heading("Cleanup").await?;
    page.press("Analyze storage").await?;
    page.wait_for_status("Complete").await?;
    let server = page.evaluate("return document.querySelector('.nav-server span').innerText").await?;
    let server = server.as_str().context("no login server")?;
    page.fill(Role::TextBox, "Filter", r"team/app:^\d").await?;
    page.fill(Role::TextBox, "Older than", "").await?;
    page.fill(Role::TextBox, "Keep newest", "0").await?;
    page.fill(Role::TextBox, "Protect tags", "^3$").await?;
    let used =
        json!({ "kind": "Pod", "metadata": { "name": "web" }, "image": format!("{server}/team/app:2") });
    page.fill(Role::TextBox, "Images in use", &used.to_string()).await?;
    page.wait_for_status("1 image found, 1 of this registry").await?;
    page.press("Preview").await?;
    page.wait_for_status("Deletes 2 manifests and removes 1 tag").await
}

#[rstest]
#[tokio::test]
async fn exactly_what_the_plan_lists_is_deleted(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().context("a path that is no text")?;
    let emulator = Service::emulator(&["--seed", "empty", "--data", data]).await?;
    let (lost, one) = fill(&emulator.url()).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        preview(&page).await?;
        let plan = page.table("Cleanup plan").await?;
        for (item, reason) in [
            ("team/app:2", "in use by pod/web"),
            ("team/app:3", "protected by ^3$"),
            ("team/app:v1", "not selected"),
            ("team/app@", "child of team/app:v1"),
        ] {
            plan.row_with(&[item, "Keep", reason]).await?;
        }
        plan.row_with(&["team/app:1", "Untag"]).await?;
        // A rule that is changed after its preview cannot be run before the next.
        let runnable = |is: bool| format!("return [...document.querySelectorAll('.plan-tools button')].find(button => button.innerText.includes('Run cleanup')).disabled !== {is}");
        page.fill(Role::TextBox, "Protect tags", "^[3]$").await?;
        page.wait_for_status("has changed since this preview").await?;
        page.wait_until(&runnable(false)).await?;
        page.press("Preview").await?;
        page.wait_until(&runnable(true)).await?;
        page.press("Run cleanup").await?;
        let dialog = Dialog::shown(&page, "Run cleanup").await?;
        dialog.wait_for_text("Deletes 2 manifests and removes 1 tag").await?;
        assert!(deletions(folder.path())?.is_empty());
        dialog.press("Run cleanup").await?;
        page.wait_for_status("Cleanup has finished").await?;
        let results = page.table("Cleanup results").await?;
        results.row_with(&["team/app:1", "untagged"]).await?;
        let mut planned =
            [format!("{REPOSITORY}:1"), format!("{REPOSITORY}@{one}"), format!("{REPOSITORY}@{lost}")];
        planned.sort();
        assert_eq!(deletions(folder.path())?, planned);
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_run_that_a_reload_interrupts_continues_when_it_is_resumed() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().to_str().context("a path that is no text")?;
    let emulator = Service::faulty_emulator(&["--seed", "empty", "--data", data]).await?;
    fill(&emulator.url()).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(Chromium, &gateway.url(), async |page| {
        preview(&page).await?;
        // The registry goes away: the run pauses, since every step would fail likewise.
        faults.add(&json!({"fault": "drop", "after": 0})).await?;
        page.press("Run cleanup").await?;
        Dialog::shown(&page, "Run cleanup").await?.press("Run cleanup").await?;
        page.wait_for_status("Cleanup is paused").await?;
        faults.clear().await?;
        page.reload().await?;
        page.wait_for_status("Cleanup is paused").await?;
        page.press("Resume").await?;
        page.wait_for_status("Cleanup has finished").await?;
        assert_eq!(deletions(folder.path())?.len(), 3);
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_run_that_the_browser_cannot_keep_asks_to_keep_the_page_open(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    fill(&emulator.url()).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        preview(&page).await?;
        page.evaluate(
            "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }; return null",
        )
        .await?;
        faults.add(&json!({"fault": "drop", "after": 0})).await?;
        page.press("Run cleanup").await?;
        Dialog::shown(&page, "Run cleanup").await?.press("Run cleanup").await?;
        page.wait_for_status("Cleanup is paused").await?;
        page.wait_for_text("this cleanup cannot continue after a reload").await?;
        faults.clear().await?;
        page.press("Resume").await?;
        page.wait_for_status("Cleanup has finished").await
    })
    .await
}
