//! What takes the space: platforms named by the tag of their index, the newest at once and the rest when somebody wants them.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::page::Page;
use acr_tests::push;
use acr_tests::service::{REGISTRY, Service};
use anyhow::Result;
use rstest::rstest;
use serde_json::json;

const REPOSITORY: &str = "team/app";

/// More than are asked without being told to.
const INDEXES: usize = 31;

/// How many indexes have been asked for what is in them.
async fn asked(page: &Page) -> Result<u64> {
    let script = "return performance.getEntriesByType('resource').filter(entry => /_manifests.sha256/.test(entry.name)).length";
    Ok(page.evaluate(script).await?.as_u64().unwrap_or_default())
}

#[rstest]
#[tokio::test]
async fn the_newest_indexes_are_asked_at_once_and_the_rest_when_told_to(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let repository = push::Repository::at(&emulator.url(), REPOSITORY).await?;
    for number in 0..INDEXES {
        repository.index(&format!("v{number}")).await?;
    }
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}?tab=storage")).await?;
        page.wait_for_text("Platforms of 25 of 31 tagged indexes shown").await?;
        demo::assert_settled(&page).await?;
        assert_eq!(asked(&page).await?, 25);
        // One that gets no answer ends it, which is said, and what was found stays.
        faults.add(&json!({"fault": "throttle", "retry_after": 120, "path": "/_manifests/sha256"})).await?;
        page.press("Show the other 6").await?;
        page.wait_for_text("Platforms of 25 of 31 tagged indexes shown · partial: throttled").await?;
        faults.clear().await?;
        page.reload().await?;
        page.wait_for_text("Platforms of 25 of 31 tagged indexes shown").await?;
        // Slow enough to be stopped on the way.
        faults
            .add(&json!({"fault": "latency", "milliseconds": 120_000, "path": "/_manifests/sha256"}))
            .await?;
        page.press("Show the other 6").await?;
        page.press("Stop loading").await?;
        faults.clear().await?;
        page.press("Show the other 6").await?;
        page.wait_until(
            "return !document.querySelector('[role=tabpanel]').innerText.includes('tagged indexes')",
        )
        .await?;
        page.wait_until(
            "return document.querySelector('[role=tabpanel] svg').textContent.includes('v0 linux/amd64')",
        )
        .await?;
        // The six that were stopped came to no answer and were asked again.
        let after = asked(&page).await?;
        assert!((31..=31 + 6).contains(&after), "{after}");
        Ok(())
    })
    .await
}
