//! Every screen, tab, dialog and menu by axe-core's rules, in both themes, wide and at the width of a small phone (which is also 400 %
//! zoom of a wide window); and no motion for those who asked for none. In Chromium: what axe-core reads is the document and its
//! styles, and only in Chromium can theme and width be set in the middle of a visit.

use std::path::Path;

use acr_tests::browser::visit;
use acr_tests::page::Page;
use acr_tests::page::sign_in::SignIn;
use acr_tests::scene;
use acr_tests::service::Service;
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::{Value, json};
use thirtyfour::cdp::Cdp;

pub(crate) const WIDE: u32 = 1280;
pub(crate) const NARROW: u32 = 320;

#[rstest]
#[case::light_wide("light", WIDE)]
#[case::dark_wide("dark", WIDE)]
#[case::light_narrow("light", NARROW)]
#[case::dark_narrow("dark", NARROW)]
#[tokio::test]
async fn axe_finds_nothing_and_nothing_is_wider_than_the_window(
    #[case] theme: &str,
    #[case] width: u32,
) -> Result<()> {
    let axe = axe()?;
    let service = Service::demo(&[]).await?;
    visit(&service.url(), async |page| {
        prefer(&page, theme, "reduce").await?;
        resize(&page, width).await?;
        for scene in scene::screens().iter().chain(&scene::states()) {
            scene.show(&page).await.with_context(|| scene.name.to_owned())?;
            assert_fine(&page, &axe, scene.name, width).await?;
        }
        Ok(())
    })
    .await
}

#[rstest]
#[case::light("light", WIDE)]
#[case::dark_narrow("dark", NARROW)]
#[tokio::test]
async fn axe_finds_nothing_while_signing_in(#[case] theme: &str, #[case] width: u32) -> Result<()> {
    let axe = axe()?;
    let (_emulator, gateway) = Service::closed("contoso", "correct-horse").await?;
    visit(&gateway.url(), async |page| {
        prefer(&page, theme, "reduce").await?;
        resize(&page, width).await?;
        page.open("/").await?;
        let sign_in = SignIn::shown(&page).await?;
        assert_fine(&page, &axe, "sign-in", width).await?;
        page.press("Sign in").await?;
        page.wait_for_text("This field is required").await?;
        assert_fine(&page, &axe, "sign-in with a field missing", width).await?;
        sign_in.with_password("contoso", "wrong").await?;
        page.wait_for_alert("refused these credentials").await?;
        page.press("Check connection").await?;
        page.wait_until("return document.querySelector('.finding.bad') !== null").await?;
        assert_fine(&page, &axe, "sign-in refused, and the doctor", width).await?;
        page.press("az acr login --expose-token").await?;
        assert_fine(&page, &axe, "sign-in with a refresh token", width).await
    })
    .await
}

#[rstest]
#[case::asked_for("no-preference", true)]
#[case::not_wanted("reduce", false)]
#[tokio::test]
async fn what_is_loading_moves_only_for_those_who_like_it(
    #[case] motion: &str,
    #[case] moves: bool,
) -> Result<()> {
    // Long enough to be looked at while it loads.
    let emulator = Service::emulator(&["--seed", "demo", "--latency", "4000"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit(&gateway.url(), async |page| {
        prefer(&page, "light", motion).await?;
        page.open("/").await?;
        page.wait_until("return document.querySelector('main .skeleton') !== null && document.querySelector('.boot') === null").await?;
        let running = "document.getAnimations().filter(one => one.playState === 'running' && one.effect.getComputedTiming().duration > 50).length";
        assert_eq!(page.evaluate(&format!("return {running} > 0")).await?, moves);
        Ok(())
    })
    .await
}

/// Finds nothing wrong with what is shown now.
pub(crate) async fn assert_fine(page: &Page, axe: &str, name: &str, width: u32) -> Result<()> {
    let found = violations(page, axe).await?;
    assert_eq!(found, json!([]), "{name}");
    let there = page.evaluate("return document.documentElement.scrollWidth").await?;
    assert!(there.as_u64().is_some_and(|there| there <= u64::from(width)), "{name} is {there} wide");
    Ok(())
}

/// Sets the theme and the preference for motion.
pub(crate) async fn prefer(page: &Page, theme: &str, motion: &str) -> Result<()> {
    let media = json!({"features": [
        {"name": "prefers-color-scheme", "value": theme},
        {"name": "prefers-reduced-motion", "value": motion},
    ]});
    Cdp::new(page.browser().clone()).send_raw("Emulation.setEmulatedMedia", media).await?;
    Ok(())
}

/// Sets the width of the window.
pub(crate) async fn resize(page: &Page, width: u32) -> Result<()> {
    let height = if width == NARROW { 640 } else { 900 };
    let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width == NARROW});
    Cdp::new(page.browser().clone()).send_raw("Emulation.setDeviceMetricsOverride", size).await?;
    Ok(())
}

/// The source of axe-core.
pub(crate) fn axe() -> Result<String> {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("journeys/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(axe).context("axe-core is not installed: run `cargo xtask test e2e`")
}

/// What axe objects to: the rule, and the elements that break it.
async fn violations(page: &Page, axe: &str) -> Result<Value> {
    let run = "return axe.run().then(result => result.violations.map(rule => [rule.id, ...rule.nodes.map(node => node.html.slice(0, 200))]))";
    page.evaluate(&format!("{axe};\n{run}")).await
}
