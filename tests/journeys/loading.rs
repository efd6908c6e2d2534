//! What is fetched when: a visit begins with the first load, and the chunks of the other screens follow.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::page::Page;
use acr_tests::page::dialog::Dialog;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::page::sign_in::SignIn;
use acr_tests::service::Service;
use anyhow::{Context, Result};
use rstest::rstest;

/// What the file of the first load is called, before its hash.
const FIRST: &str = "acr-dashboard_bg-";
/// What the file of every chunk that is named after a split point begins with.
const CHUNK: &str = "split_";
/// The chunks of the screens that a visit goes on to.
const SCREENS: [&str; 2] = ["split_repository-", "split_manifest-"];

/// When the files whose path holds `what` were asked for and had come, in milliseconds since the page was opened.
async fn fetched(page: &Page, what: &str) -> Result<Vec<(f64, f64)>> {
    let script = "return performance.getEntriesByType('resource').map(entry => [new URL(entry.name).pathname, entry.startTime, entry.responseEnd])";
    let entries = page.evaluate(script).await?;
    let times = entries.as_array().context("no list of requests")?.iter().filter_map(|entry| {
        entry[0].as_str()?.contains(what).then(|| Some((entry[1].as_f64()?, entry[2].as_f64()?)))?
    });
    Ok(times.collect())
}

#[rstest]
#[tokio::test]
async fn signing_in_takes_the_first_load_alone(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let (_emulator, gateway) = Service::closed("me", "pass").await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open("/").await?;
        SignIn::shown(&page).await?;
        demo::assert_settled(&page).await?;
        assert_eq!(fetched(&page, FIRST).await?.len(), 1);
        assert!(fetched(&page, CHUNK).await?.is_empty());
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn the_chunks_of_other_screens_come_after_the_first_rows_and_once(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&["--base-path", "/below/"]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        repositories.table().await?.rows().await?;
        repositories.open(demo::MULTI_PLATFORM).await?;
        Repository::shown(&page, demo::MULTI_PLATFORM).await?.tags().await?.open(demo::TAG).await?;
        Manifest::shown(&page, &format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG)).await?;
        let rows = fetched(&page, "_catalog").await?;
        for chunk in SCREENS {
            let times = fetched(&page, chunk).await?;
            let [(asked, _)] = times[..] else { panic!("{chunk} was fetched {} times", times.len()) };
            let early = rows[0].1 - asked;
            assert!(early <= 0.0, "{chunk} was asked for {early} ms before the first rows were there");
        }
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_chunk_that_cannot_be_loaded_is_reported_and_tried_again(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, gateway) = Service::closed("me", "pass").await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open("/").await?;
        SignIn::shown(&page).await?;
        browser.set_offline(&page, true).await?;
        page.press("Search or jump to…").await?;
        let palette = Dialog::shown(&page, "Search or jump to…").await?;
        palette.wait_for_text("A part of the dashboard could not be loaded").await?;
        browser.set_offline(&page, false).await?;
        palette.press("Try again").await?;
        palette.wait_for_text("Keyboard shortcuts").await
    })
    .await
}
