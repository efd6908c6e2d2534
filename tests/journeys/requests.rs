//! How often the registry is asked: opening something costs what it must, and rows that are not on screen cost nothing.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::page::Page;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::service::Service;
use anyhow::{Context, Result};
use rstest::rstest;

/// The calls of the registry's API since `from`; tokens are asked for once a scope and do not count.
async fn calls(page: &Page, from: usize) -> Result<Vec<String>> {
    let script = "return performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)";
    let paths = page.evaluate(script).await?;
    let paths = paths.as_array().context("no list of requests")?;
    let api = paths
        .iter()
        .filter_map(|path| path.as_str())
        .filter(|path| path.contains("/acr/v1/") || path.contains("/v2/"));
    Ok(api.skip(from).map(str::to_owned).collect())
}

#[rstest]
#[tokio::test]
async fn opening_a_repository_costs_at_most_three_calls_and_a_manifest_four(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        repositories.search("hello").await?;
        repositories.table().await?.row_link(demo::MULTI_PLATFORM).await?;
        demo::assert_shown(&page).await?;
        let before = calls(&page, 0).await?.len();
        repositories.open(demo::MULTI_PLATFORM).await?;
        let tags = Repository::shown(&page, demo::MULTI_PLATFORM).await?.tags().await?;
        tags.row_link(demo::TAG).await?;
        demo::assert_shown(&page).await?;
        let opened = calls(&page, before).await?;
        assert!((1..=3).contains(&opened.len()), "{opened:?}");
        let before = before + opened.len();
        tags.open(demo::TAG).await?;
        Manifest::shown(&page, &format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG)).await?;
        demo::assert_shown(&page).await?;
        let opened = calls(&page, before).await?;
        assert!((1..=4).contains(&opened.len()), "{opened:?}");
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_thousand_repositories_cost_their_pages_and_the_rows_on_screen(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&["--repositories", "1000"]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        repositories.table().await?.rows().await?;
        page.wait_for_text("complete").await?;
        demo::assert_shown(&page).await?;
        let asked = calls(&page, 0).await?;
        let pages = asked.iter().filter(|path| path.ends_with("/_catalog")).count();
        assert!((1..=12).contains(&pages), "{pages} pages");
        assert!(asked.len() - pages < 100, "{} rows were asked for", asked.len() - pages);
        let rows = page.evaluate("return document.querySelectorAll('tbody tr').length").await?;
        assert!(rows.as_u64().is_some_and(|rows| rows < 200), "{rows} rows in the document");
        Ok(())
    })
    .await
}

/// Leaps from screen to screen, one a frame, and says how many rows it passed.
const LEAPS: &str = "performance.setResourceTimingBufferSize(10000);
return new Promise(done => {
  const root = document.documentElement;
  const leap = at => {
    scrollTo(0, root.scrollHeight * at / 25);
    requestAnimationFrame(() => at < 20 ? leap(at + 1) : done(20 * Math.floor(innerHeight / 40)));
  };
  leap(1);
})";

const ROW_IN_THE_MIDDLE: &str = "const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
return middle !== null && middle.closest('tr.row') !== null";

#[rstest]
#[tokio::test]
async fn rows_that_are_scrolled_past_are_not_asked_for(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&["--repositories", "1000"]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        Repositories::shown(&page).await?.table().await?.rows().await?;
        page.wait_for_text("complete").await?;
        demo::assert_shown(&page).await?;
        let before = calls(&page, 0).await?.len();
        let passed = page.evaluate(LEAPS).await?.as_u64().context("no number of rows")?;
        page.wait_until(ROW_IN_THE_MIDDLE).await?;
        demo::assert_shown(&page).await?;
        let asked = calls(&page, before).await?;
        // A machine so slow that it rests between two leaps may ask for what it rested at.
        assert!(!asked.is_empty() && asked.len() as u64 * 2 < passed, "{passed} rows, asked for {asked:?}");
        let before = before + asked.len();
        page.press("Refresh").await?;
        page.wait_for_text("complete").await?;
        demo::assert_shown(&page).await?;
        let again = calls(&page, before).await?;
        let rows = again.iter().filter(|path| !path.ends_with("/_catalog")).count();
        assert!((1..100).contains(&rows), "{again:?}");
        Ok(())
    })
    .await
}
