//! The gateway's /embed/ in a frame on another origin: allowed by its configuration, or refused.

use acr_tests::browser::{Browser, visit_in, visit_with_errors_in};
use acr_tests::service::{REGISTRY, Service};
use acr_tests::static_site::StaticSite;
use anyhow::Result;
use rstest::rstest;
use serde_json::json;

use crate::{events, folder};

#[rstest]
#[case::chromium(Browser::Chromium)]
#[case::firefox(Browser::Firefox)]
#[tokio::test]
async fn a_listed_page_frames_the_dashboard_and_speaks_with_it(#[case] browser: Browser) -> Result<()> {
    let site = StaticSite::start(&folder()).await?;
    let emulator =
        Service::emulator(&["--seed", "demo", "--username", "portal", "--password", "correct-horse"]).await?;
    let gateway = Service::gateway(&emulator.upstream(), &["--frame-ancestors", &site.url()]).await?;
    visit_in(browser, &site.url(), async |page| {
        let framed = format!("{}/embed/{REGISTRY}/samples/hello-world", gateway.url());
        page.open(&format!("/frame/?src={framed}&user=portal&password=correct-horse")).await?;
        page.wait_until("return events.some(one => one.type === 'acr-ready')").await?;
        page.wait_until("return events.some(one => one.type === 'acr-resize' && one.detail.height > 300)").await?;
        page.session_in_frame(async |inside| {
            inside.wait_for_heading("samples/hello-world").await?;
            inside.follow("latest").await?;
            inside.wait_for_heading("samples/hello-world:latest").await?;
            assert_eq!(inside.evaluate("return document.querySelector('.banner, .nav') === null").await?, true);
            Ok(())
        })
        .await?;
        let navigations = events(&page, "acr-navigate").await?;
        assert_eq!(navigations.last().map(|detail| detail["route"].clone()), Some(json!("samples/hello-world:latest")));
        page.evaluate("connection.navigate('nginx')").await?;
        page.session_in_frame(async |inside| inside.wait_for_heading("nginx").await).await?;
        // What is no route moves nothing.
        page.evaluate("document.querySelector('iframe').contentWindow.postMessage({ type: 'acr-navigate', route: 1 }, '*')").await?;
        page.session_in_frame(async |inside| inside.wait_for_heading("nginx").await).await
    })
    .await
}

#[rstest]
#[case::chromium(Browser::Chromium)]
#[case::firefox(Browser::Firefox)]
#[tokio::test]
async fn a_page_that_is_not_listed_frames_nothing(#[case] browser: Browser) -> Result<()> {
    let site = StaticSite::start(&folder()).await?;
    let emulator = Service::emulator(&["--seed", "demo"]).await?;
    let gateway =
        Service::gateway(&emulator.upstream(), &["--frame-ancestors", "https://portal.example"]).await?;
    visit_with_errors_in(browser, &site.url(), async |page| {
        page.open(&format!("/frame/?src={}/embed/{REGISTRY}", gateway.url())).await?;
        page.wait_until(
            "const frame = document.querySelector('iframe'); frame && (frame.onload ??= () => { globalThis.loaded = true; }); \
             return Boolean(globalThis.loaded) || performance.now() > 10000",
        )
        .await?;
        let inside = page.session_in_frame(async |inside| inside.evaluate("return document.getElementById('app') === null").await).await;
        // The browser's own page stands in the frame, or one that cannot be looked into.
        assert!(inside.is_err() || inside.is_ok_and(|none| none == json!(true)));
        assert_eq!(events(&page, "acr-ready").await?, Vec::<serde_json::Value>::new());
        Ok(())
    })
    .await
}
