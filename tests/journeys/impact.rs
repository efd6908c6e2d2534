//! What a deletion says beforehand: what breaks, what goes along, what stays, for one manifest and for many.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::page::Page;
use acr_tests::page::dialog::Dialog;
use acr_tests::push;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use rstest::rstest;

/// Of the demo: a repository of three untagged manifests that nothing refers to.
const LOOSE: &str = "ci/build-cache";

/// Selects every row that is there, and asks for their deletion.
async fn delete_all(page: &Page, rows: usize) -> Result<()> {
    const BOXES: &str = "document.querySelectorAll('tbody input.select')";
    page.wait_until(&format!("return {BOXES}.length === {rows}")).await?;
    page.evaluate(&format!("{BOXES}.forEach(box => box.click()); return null")).await?;
    page.wait_for_text(&format!("{rows} selected")).await?;
    page.press("Delete").await
}

#[rstest]
#[tokio::test]
async fn deleting_an_index_says_what_becomes_of_its_platforms(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    let name = format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG);
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{name}")).await?;
        page.press("Delete").await?;
        let dialog = Dialog::shown(&page, &format!("Delete {name}")).await?;
        dialog.wait_for_text(&format!("{} sha256:", demo::PLATFORMS[0])).await?;
        dialog.wait_for_text("untagged and outside any other image index").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn deleting_a_platform_names_the_tags_it_breaks(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    let index = format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG);
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{index}?tab=platforms")).await?;
        page.table("Platforms").await?.open(demo::PLATFORMS[0]).await?;
        page.wait_for_path(|path| path.contains("@sha256:")).await?;
        page.press("Delete").await?;
        page.wait_for_text("Breaks an image index that is kept").await?;
        page.wait_for_text("linux/amd64 sha256:").await?;
        page.wait_for_text("these tags break").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn deleting_every_manifest_says_that_the_repository_goes(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{LOOSE}?tab=manifests")).await?;
        delete_all(&page, 3).await?;
        let dialog = Dialog::shown(&page, &format!("Delete 3 of {LOOSE}")).await?;
        dialog.wait_for_text("the repository is deleted with them").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn an_untag_is_taken_back_from_where_it_is_announced(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/demo/nginx:stable").await?;
        page.press("Untag").await?;
        let dialog = Dialog::shown(&page, "Untag nginx:stable").await?;
        dialog.press("Untag").await?;
        dialog.wait_for_text("1 of 1 done").await?;
        dialog.press("Close").await?;
        page.wait_for_path(|path| path == "/demo/nginx").await?;
        page.wait_for_status("nginx:stable untagged").await?;
        page.press("Undo").await?;
        page.wait_for_status("Tag stable restored").await?;
        page.table("Tags").await?.row_link("stable").await.map(drop).context("the tag is not in the list")
    })
    .await
}

/// How many questions about what depends on a manifest have been sent.
async fn questions(page: &Page) -> Result<u64> {
    let script = "return performance.getEntriesByType('resource').filter(entry => /_manifests\\/sha256|\\/referrers\\/|_tags\\?.*digest=/.test(entry.name)).length";
    page.evaluate(script).await?.as_u64().context("no number")
}

#[rstest]
#[tokio::test]
async fn after_an_analysis_lists_and_dialogs_answer_without_a_request(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    push::Repository::at(&emulator.url(), "team/app").await?.index("1.2").await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/-/storage")).await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Complete").await?;
        page.table("Storage").await?.open("team/app").await?;
        page.wait_for_heading("team/app").await?;
        page.tab("Manifests").await?;
        let manifests = page.table("Manifests").await?;
        manifests.wait_for_text("child of app:1.2").await?;
        const CHILD: &str =
            "[...document.querySelectorAll('tbody tr')].find(row => row.innerText.includes('child of'))";
        page.evaluate(&format!("{CHILD}.querySelector('input.select').click(); return null")).await?;
        page.wait_for_text("1 selected").await?;
        page.press("Delete").await?;
        page.wait_for_text("belongs to 1.2, and that tag breaks").await?;
        assert_eq!(questions(&page).await?, 0);
        Ok(())
    })
    .await
}
