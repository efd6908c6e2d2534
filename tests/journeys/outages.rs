//! The way to the registry breaks and comes back: offline, and a gateway that is restarted in the middle of a bulk action. Nothing
//! is lost, nothing is done twice blindly, and it is said.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::json;
use acr_tests::page::dialog::Dialog;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::json;

#[rstest]
#[tokio::test]
async fn offline_is_said_and_the_way_back_is_one_button(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        repositories.table().await?.row_link(demo::MULTI_PLATFORM).await?;
        demo::assert_settled(&page).await?;
        browser.set_offline(&page, true).await?;
        repositories.open(demo::MULTI_PLATFORM).await?;
        page.wait_for_alert("There was no answer").await?;
        page.wait_for_alert("Check your network connection").await?;
        browser.set_offline(&page, false).await?;
        page.press("Try again").await?;
        Repository::shown(&page, demo::MULTI_PLATFORM).await?.tags().await?.row_link(demo::TAG).await?;
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_bulk_action_survives_a_restart_of_the_gateway(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    const TAGS: usize = 24;
    let emulator = Service::faulty_emulator(&["--tags", &TAGS.to_string()]).await?;
    let faults = emulator.faults()?;
    let mut gateway = Service::open_gateway(&emulator.upstream()).await?;
    let base = gateway.url();
    visit_in(browser, &base, async |page| {
        page.open(&format!("/{REGISTRY}/scale/tags")).await?;
        Repository::shown(&page, "scale/tags").await?.tags().await?.row_link("build-000001").await?;
        page.click_first("tbody input.select").await?;
        page.press(&format!("Select all {TAGS}")).await?;
        page.press("Untag").await?;
        let dialog = Dialog::shown(&page, &format!("Untag {TAGS} of scale/tags")).await?;
        dialog.fill("Type scale/tags to confirm", "scale/tags").await?;
        // Slow enough to be interrupted in the middle: four at once, six rounds.
        faults.add(&json!({"fault": "latency", "milliseconds": 300, "method": "DELETE"})).await?;
        dialog.press("Untag").await?;
        page.wait_until("return document.querySelector('dialog progress')?.value >= 4").await?;
        gateway.kill().await?;
        dialog.wait_for_text("failed").await?;
        dialog.wait_for_text("Continue with the rest").await?;
        let done = dialog.done().await?;
        assert!(done < TAGS, "all {done} were done");
        faults.clear().await?;
        let _gateway = gateway.restart().await?;
        dialog.press("Continue with the rest").await?;
        dialog.wait_for_text(&format!("{TAGS} of {TAGS} done")).await?;
        // Of the tags that were removed the newest 20 are listed, and the rest are counted. The four requests that were under way when
        // the gateway was killed may have removed a tag without an answer: such a tag is found gone, and cannot be put back.
        let undo = page.evaluate("return document.querySelectorAll('dialog .untagged').length").await?;
        assert_eq!(undo, 20);
        let more = page
            .evaluate("return document.querySelector('dialog .untagged ~ .muted')?.innerText ?? ''")
            .await?;
        assert!(
            ["", "and 1 more", "and 2 more", "and 3 more", "and 4 more"].iter().any(|text| more == *text),
            "{more}"
        );
        dialog.press("Close").await?;
        page.wait_for_text("No tags").await?;
        Ok(())
    })
    .await?;
    let scope = format!("{}/oauth2/token?scope=repository:scale/tags:metadata_read", emulator.url());
    let token = json::get(&scope).await?;
    let token = token["access_token"].as_str().context("no access token")?;
    let left = json::get_with(&format!("{}/acr/v1/scale/tags", emulator.url()), token).await?;
    assert_eq!(left["tagCount"], 0, "{left}");
    assert_eq!(left["manifestCount"], TAGS, "untag frees nothing: {left}");
    Ok(())
}
