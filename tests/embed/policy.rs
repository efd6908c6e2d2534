//! Pages whose Content-Security-Policy forbids what the element needs: it says which directive is in the way.

use acr_tests::browser::{Browser, visit_with_errors_in};
use acr_tests::embedded::Embedded;
use acr_tests::static_site::StaticSite;
use anyhow::Result;
use rstest::rstest;

use crate::{Host, folder};

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
