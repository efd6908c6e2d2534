//! Locking and unlocking: a switch that was flipped stays flipped.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::json;
use acr_tests::page::attributes::Attributes;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::service::Service;
use anyhow::Result;
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn a_tag_whose_delete_enabled_is_switched_off_stays_so_after_a_reload(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        Repositories::shown(&page).await?.open(demo::MULTI_PLATFORM).await?;
        Repository::shown(&page, demo::MULTI_PLATFORM).await?.tags().await?.open(demo::TAG).await?;
        Manifest::shown(&page, &format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG)).await?;
        switch_off_and_reload(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_repository_whose_delete_enabled_is_switched_off_stays_so_after_a_reload(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{}", demo::MULTI_PLATFORM)).await?;
        Repository::shown(&page, demo::MULTI_PLATFORM).await?;
        switch_off_and_reload(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn what_the_page_saved_is_what_the_registry_says(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    let attributes = format!("{}/registries/demo/acr/v1/{}", service.url(), demo::MULTI_PLATFORM);
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{}", demo::MULTI_PLATFORM)).await?;
        let switches = Attributes::opened(&page).await?;
        switches.wait_for("Write enabled", true).await?;
        switches.flip("Write enabled").await?;
        switches.wait_for("Write enabled", false).await?;
        Ok(())
    })
    .await?;
    let token = json::anonymous_token(
        &service.url(),
        "demo",
        &format!("repository:{}:metadata_read", demo::MULTI_PLATFORM),
    )
    .await?;
    let saved = json::get_with(&attributes, &token).await?;
    assert_eq!(saved["changeableAttributes"]["writeEnabled"], false);
    assert_eq!(saved["changeableAttributes"]["deleteEnabled"], true);
    Ok(())
}

async fn switch_off_and_reload(page: &acr_tests::page::Page) -> Result<()> {
    let switches = Attributes::opened(page).await?;
    switches.wait_for("Delete enabled", true).await?;
    switches.flip("Delete enabled").await?;
    switches.wait_for("Delete enabled", false).await?;
    page.reload().await?;
    switches.wait_for("Delete enabled", false).await?;
    switches.wait_for("Write enabled", true).await?;
    switches.wait_for("Read enabled", true).await?;
    switches.wait_for("List enabled", true).await
}
