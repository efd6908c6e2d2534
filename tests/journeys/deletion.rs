//! Taking things away: a tag, a repository, and what a lock keeps.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::page::dialog::Dialog;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::service::Service;
use anyhow::Result;
use rstest::rstest;

/// Of the demo: a repository whose tags `latest` and `stable` are on one digest.
const SHARED: &str = "nginx";

/// Of the demo: a repository to delete.
const SMALL: &str = "wasm/edge-filter";

#[rstest]
#[tokio::test]
async fn untag_takes_the_tag_and_leaves_the_manifest(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{SHARED}:stable")).await?;
        Manifest::shown(&page, &format!("{SHARED}:stable")).await?;
        page.press("Untag").await?;
        let dialog = Dialog::shown(&page, &format!("Untag {SHARED}:stable")).await?;
        dialog.wait_for_text("The manifest stays").await?;
        dialog.press("Untag").await?;
        dialog.wait_for_text("1 of 1 done").await?;
        // The button that had the focus is gone; keys still go to the dialog, not to the page below it.
        page.wait_until("return document.querySelector('dialog[open]').contains(document.activeElement)")
            .await?;
        page.open(&format!("/demo/{SHARED}")).await?;
        let tags = Repository::shown(&page, SHARED).await?.tags().await?;
        tags.row_link("latest").await?;
        assert!(!tags.row_headers().await?.iter().any(|tag| tag.contains("stable")));
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_chosen_manifest_shows_that_it_is_chosen(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    const BOX: &str = "document.querySelector('tbody input.select')";
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/demo/ci/build-cache?tab=manifests").await?;
        page.wait_until(&format!("return {BOX} !== null")).await?;
        page.evaluate(&format!("{BOX}.click(); return null")).await?;
        page.wait_for_text("1 selected").await?;
        page.wait_until(&format!("return {BOX}.checked")).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_repository_goes_only_after_its_name_was_typed(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{SMALL}")).await?;
        Repository::shown(&page, SMALL).await?;
        page.press("Delete repository").await?;
        let dialog = Dialog::shown(&page, &format!("Delete repository {SMALL}")).await?;
        dialog.wait_for_disabled("Delete repository", true).await?;
        dialog.fill(&format!("Type {SMALL} to confirm"), SMALL).await?;
        dialog.wait_for_disabled("Delete repository", false).await?;
        dialog.press("Delete repository").await?;
        let repositories = Repositories::shown(&page).await?;
        page.wait_for_status("deleted").await?;
        repositories.table().await?.row_link("nginx").await?;
        page.reload().await?;
        let names = Repositories::shown(&page).await?.table().await?.rows().await?;
        assert!(!names.is_empty() && names.iter().all(|name| !name.contains("edge-filter")), "{names:?}");
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_locked_tag_cannot_be_untagged_and_the_dialog_says_why(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{SHARED}:stable")).await?;
        page.press("Lock").await?;
        let dialog = Dialog::shown(&page, &format!("Lock {SHARED}:stable")).await?;
        dialog.press("Lock").await?;
        dialog.wait_for_text("1 of 1 done").await?;
        page.reload().await?;
        page.press("Untag").await?;
        let dialog = Dialog::shown(&page, &format!("Untag {SHARED}:stable")).await?;
        dialog.wait_for_text("Locked, will be skipped").await?;
        dialog.wait_for_disabled("Untag", true).await
    })
    .await
}
