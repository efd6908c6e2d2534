//! Every screen by axe-core's rules, in both themes, and at the width of a small phone.

use std::path::Path;

use acr_tests::browser::visit;
use acr_tests::demo;
use acr_tests::page::Page;
use acr_tests::service::Service;
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::{Value, json};
use thirtyfour::cdp::Cdp;

#[rstest]
#[case::light("light")]
#[case::dark("dark")]
#[tokio::test]
async fn axe_finds_nothing_on_any_screen(#[case] theme: &str) -> Result<()> {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("journeys/node_modules/axe-core/axe.min.js");
    let axe =
        std::fs::read_to_string(axe).context("axe-core is not installed: run `cargo xtask test e2e`")?;
    let service = Service::demo(&[]).await?;
    visit(&service.url(), async |page| {
        prefer(&page, theme).await?;
        for (name, path) in demo::pictures() {
            page.open(&path).await?;
            demo::assert_shown(&page).await?;
            let found = violations(&page, &axe).await?;
            assert_eq!(found, json!([]), "{name}, {theme}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_screen_is_wider_than_a_small_phone() -> Result<()> {
    let service = Service::demo(&[]).await?;
    visit(&service.url(), async |page| {
        let narrow = json!({"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": true});
        Cdp::new(page.browser().clone()).send_raw("Emulation.setDeviceMetricsOverride", narrow).await?;
        for (name, path) in demo::pictures() {
            page.open(&path).await?;
            demo::assert_shown(&page).await?;
            let width = page.evaluate("return document.documentElement.scrollWidth").await?;
            assert!(width.as_u64().is_some_and(|width| width <= 320), "{name} is {width} wide");
        }
        Ok(())
    })
    .await
}

async fn prefer(page: &Page, theme: &str) -> Result<()> {
    let media = json!({"features": [
        {"name": "prefers-color-scheme", "value": theme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]});
    Cdp::new(page.browser().clone()).send_raw("Emulation.setEmulatedMedia", media).await?;
    Ok(())
}

/// What axe objects to: the rule, and the elements that break it.
async fn violations(page: &Page, axe: &str) -> Result<Value> {
    let run = "return axe.run().then(result => result.violations.map(rule => [rule.id, ...rule.nodes.map(node => node.html.slice(0, 200))]))";
    page.evaluate(&format!("{axe};\n{run}")).await
}
