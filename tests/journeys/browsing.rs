//! From the address to a layer: what someone does who opens the demo for the first time.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::role::Role;
use acr_tests::scene;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::json;

#[rstest]
#[tokio::test]
async fn a_visitor_finds_a_repository_opens_a_tag_and_reads_its_platforms_and_layers(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        page.wait_for_title("Repositories · demo").await?;
        repositories.search(demo::MULTI_PLATFORM).await?;
        repositories.open(demo::MULTI_PLATFORM).await?;
        let repository = Repository::shown(&page, demo::MULTI_PLATFORM).await?;
        page.wait_for_title(&format!("{} · demo", demo::MULTI_PLATFORM)).await?;
        repository.tags().await?.open(demo::TAG).await?;
        let reference = format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG);
        let manifest = Manifest::shown(&page, &reference).await?;
        let platforms = manifest.platforms().await?;
        for platform in demo::PLATFORMS {
            platforms.row_with(&[platform]).await?;
        }
        let rows = platforms.rows().await?;
        assert!(rows.iter().all(|row| !row.contains("unknown")), "{rows:?}");
        platforms.open(demo::PLATFORMS[0]).await?;
        page.wait_for_path(|path| path.contains("@sha256:")).await?;
        let layers = manifest.layers().await?.rows().await?;
        assert!(
            layers.iter().all(|row| row.contains("KiB") || row.contains("MiB") || row.contains(" B")),
            "{layers:?}"
        );
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_deep_link_survives_a_reload_and_the_way_back_leads_back(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{}", demo::MULTI_PLATFORM)).await?;
        let repository = Repository::shown(&page, demo::MULTI_PLATFORM).await?;
        repository.tags().await?.open(demo::TAG).await?;
        let reference = format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG);
        Manifest::shown(&page, &reference).await?.platforms().await?;
        page.reload().await?;
        Manifest::shown(&page, &reference).await?;
        let platforms = page.table("Platforms").await?;
        platforms.row_with(&[demo::PLATFORMS[0]]).await?;
        page.open("/demo").await?;
        Repositories::shown(&page).await?.open(demo::MULTI_PLATFORM).await?;
        Repository::shown(&page, demo::MULTI_PLATFORM).await?;
        page.back().await?;
        Repositories::shown(&page).await?;
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn the_manifests_of_a_repository_include_the_untagged_ones(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open(&format!("/demo/{}", demo::MULTI_PLATFORM)).await?;
        let manifests = Repository::shown(&page, demo::MULTI_PLATFORM).await?.manifests().await?;
        let rows = manifests.rows().await?;
        assert!(rows.iter().any(|row| row.contains(demo::TAG)), "{rows:?}");
        assert!(rows.iter().all(|row| row.contains("sha256:")), "{rows:?}");
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn the_chosen_tab_is_in_sight_where_there_is_no_room_for_all(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.browser().set_window_rect(0, 0, 500, 800).await?;
        page.open(&format!("/demo/{}?tab=commands", demo::IMAGE)).await?;
        page.wait_for_text("By digest").await?;
        page.wait_until(
            "const list = document.querySelector('[role=tablist]');
            const [row, tab] = [list, list.querySelector('[aria-selected=true]')].map(one => one.getBoundingClientRect());
            return list.scrollWidth > list.clientWidth && tab.left >= row.left - 1 && tab.right <= row.right + 1",
        )
        .await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_pane_next_to_each_list_shows_more_of_the_row_moved_to(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        for (tab, wanted) in [("tags", "Last updated"), ("manifests", "Tags")] {
            page.open(&format!("/demo/{}?tab={tab}", demo::MULTI_PLATFORM)).await?;
            demo::assert_shown(&page).await?;
            let named = "return document.querySelector('tbody tr:last-child th .row-link').innerText";
            page.wait_until("return document.querySelector('tbody tr:last-child th .row-link') !== null")
                .await?;
            let named = page.evaluate(named).await?;
            page.click_first("tbody tr:last-child td:last-child").await?;
            page.wait_for_path(|path| path.contains("row=")).await?;
            let pane = "document.querySelector('aside.pane')";
            page.wait_until(&format!("return {pane}?.getAttribute('aria-label') === {named}")).await?;
            page.wait_until(&format!("return {pane}.innerText.includes('{wanted}')")).await?;
            // It is there after a reload as well, and goes when it is closed.
            page.reload().await?;
            page.wait_until(&format!("return {pane}?.getAttribute('aria-label') === {named}")).await?;
            page.press("Close").await?;
            page.wait_for_path(|path| !path.contains("row=")).await?;
            page.wait_until(&format!("return {pane} === null")).await?;
        }
        // An index says which platforms are in it.
        page.open(&format!("/demo/{}?tab=manifests&q={}", demo::MULTI_PLATFORM, demo::TAG)).await?;
        page.wait_until("return document.querySelectorAll('tbody tr.row').length > 0").await?;
        page.click_first("tbody tr.row td:last-child").await?;
        page.wait_until(&format!(
            "return document.querySelector('aside.pane')?.innerText.includes('{}')",
            demo::PLATFORMS[1]
        ))
        .await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_manifest_says_whether_it_is_complete_and_from_when(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "demo"]).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{}", demo::IMAGE)).await?;
        page.wait_for_status("complete").await?;
        page.wait_for_status("just now").await?;
        faults.add(&json!({"fault": "throttle", "retry_after": 120, "path": "/nginx/_tags/latest"})).await?;
        page.reload().await?;
        page.wait_for_status("partial: throttled").await?;
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn every_screen_has_its_landmarks_and_one_heading(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        for scene in scene::screens() {
            scene.show(&page).await.with_context(|| scene.name.to_owned())?;
            let count = async |selector: &str| {
                page.evaluate(&format!("return document.querySelectorAll('{selector}').length")).await
            };
            for landmark in ["header", "main", "nav"] {
                assert_ne!(count(landmark).await?, 0, "{} has no {landmark}", scene.name);
            }
            assert_eq!(count("h1").await?, 1, "{}", scene.name);
        }
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn nothing_that_is_left_of_a_visit_holds_a_token(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        page.open("/").await?;
        Repositories::shown(&page).await?.open(demo::MULTI_PLATFORM).await?;
        Repository::shown(&page, demo::MULTI_PLATFORM).await?.tags().await?.rows().await?;
        let script = "return JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href, document.documentElement.outerHTML])";
        let left = page.evaluate(script).await?.to_string();
        // Every JSON Web Token opens with the encoding of `{"`.
        assert!(!left.contains("eyJ"), "{left}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_session_panel_separates_the_expiry_from_what_happens_then() -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(Chromium, &service.url(), async |page| {
        page.open("/demo/nginx").await?;
        page.wait_for_text("stable").await?;
        page.press("Session").await?;
        page.wait_until(
            "return /\\b(hour|minutes?|moment), renewed automatically/.test(document.body.innerText)",
        )
        .await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn an_index_shows_the_layers_of_the_platform_that_its_address_names(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit_in(browser, &service.url(), async |page| {
        let reference = format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG);
        page.open(&format!("/demo/{reference}?tab=layers")).await?;
        let first = page.table("Layers").await?.rows().await?;
        assert!(!first.is_empty());
        page.find(Role::ComboBox, "Platform").await?;
        let other = demo::PLATFORMS[1];
        page.open(&format!("/demo/{reference}?tab=layers&platform={other}")).await?;
        page.table("Layers").await?;
        page.tab("History").await?;
        page.table("History").await?;
        page.wait_for_path(|path| path.contains(other) && path.contains("tab=history")).await?;
        page.follow("Open this platform").await?;
        page.wait_for_path(|path| path.contains("@sha256:")).await
    })
    .await
}
