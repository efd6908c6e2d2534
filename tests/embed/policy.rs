//! Pages whose Content-Security-Policy forbids what the element needs: it says which directive is in the way.

use acr_tests::browser::{Browser, visit_with_errors_in};
use acr_tests::embedded::Embedded;
use acr_tests::static_site::StaticSite;
use anyhow::Result;
use rstest::rstest;
use serde_json::json;

use crate::{Host, POLICY, folder};

#[rstest]
#[case::wasm(
    "script-src 'self'; style-src 'self'; connect-src 'self' http://127.0.0.1:*",
    "'wasm-unsafe-eval' to its script-src"
)]
#[case::wasm_file(
    "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'none'",
    "to its connect-src directive"
)]
#[case::registry(
    "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'",
    "to its connect-src directive"
)]
#[tokio::test]
async fn what_a_policy_forbids_is_named(
    #[case] policy: &str,
    #[case] said: &str,
    #[values(Browser::Chromium, Browser::Firefox)] browser: Browser,
) -> Result<()> {
    let site = StaticSite::with_policy(&folder(), &format!("default-src 'none'; {policy}")).await?;
    let host = Host::start(site, &[]).await?;
    visit_with_errors_in(browser, &host.site.url(), async |page| {
        page.open(&host.page("repository=nginx")).await?;
        let element = Embedded::new(&page, "acr-dashboard");
        element.wait_for_text(said).await?;
        element.wait_until("root.querySelector('[role=alert]') !== null").await
    })
    .await
}

/// Chromium enforces it; the element makes no HTML from text, so the page needs no Trusted Types policy for it.
#[tokio::test]
async fn a_page_that_requires_trusted_types_shows_every_screen() -> Result<()> {
    let policy = format!("{POLICY}; require-trusted-types-for 'script'; trusted-types 'none'");
    let host = Host::start(StaticSite::with_policy(&folder(), &policy).await?, &[]).await?;
    visit_with_errors_in(Browser::Chromium, &host.site.url(), async |page| {
        page.open(&host.page("")).await?;
        // The policy is in force, and this is the only violation of it.
        page.evaluate(
            "try { document.createElement('i').innerHTML = '<b></b>' } catch { /* As it should. */ }",
        )
        .await?;
        let element = Embedded::new(&page, "acr-dashboard");
        element.wait_for_heading("Repositories").await?;
        element.click("samples/hello-world").await?;
        element.wait_for_heading("samples/hello-world").await?;
        let tabs = element.evaluate("root.querySelectorAll('[role=tab]').length").await?;
        let tabs = tabs.as_u64().unwrap_or_default();
        assert!(tabs > 2, "{tabs} tabs");
        // The first one last: it has the tags.
        for tab in (0..tabs).rev() {
            element.evaluate(&format!("root.querySelectorAll('[role=tab]')[{tab}].click() ?? true")).await?;
            element.wait_for_rest().await?;
        }
        element.wait_for_text("latest").await?;
        element.click("latest").await?;
        element.wait_for_heading("samples/hello-world:latest").await?;
        element.click("Layers").await?;
        element.wait_for_rest().await?;
        assert_eq!(page.evaluate("return failures").await?, json!(["require-trusted-types-for"]));
        Ok(())
    })
    .await
}

/// The worker's address is the one that the element's own Trusted Types policy is for.
#[rstest]
#[case::any("")]
#[case::listed("; trusted-types acr-dashboard-element")]
#[tokio::test]
async fn a_page_that_requires_trusted_types_shows_the_files_of_an_image(#[case] types: &str) -> Result<()> {
    let policy = format!("{POLICY}; require-trusted-types-for 'script'{types}");
    let host = Host::start(StaticSite::with_policy(&folder(), &policy).await?, &[]).await?;
    visit_with_errors_in(Browser::Chromium, &host.site.url(), async |page| {
        page.open(&host.page("route=nginx:latest?tab=files")).await?;
        let element = Embedded::new(&page, "acr-dashboard");
        element.wait_until("root.querySelector('[role=treegrid]')?.textContent.includes('etc')").await
    })
    .await
}
