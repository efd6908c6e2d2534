//! Bad days: the gateway or the registry is gone, or something else answers in its place.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::page::repositories::Repositories;
use acr_tests::service::{Service, Upstream};
use acr_tests::stub_registry::StubRegistry;
use anyhow::Result;
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn a_gateway_that_went_away_is_said_on_the_page(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let mut service = Service::demo(&[]).await?;
    let base = service.url();
    visit_in(browser, &base, async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        service.kill().await?;
        repositories.open(demo::MULTI_PLATFORM).await?;
        page.wait_for_alert("gateway").await?;
        demo::assert_settled(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_registry_that_went_away_is_said_on_the_page(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let mut emulator = Service::emulator(&["--seed", "demo"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open("/").await?;
        let repositories = Repositories::shown(&page).await?;
        emulator.kill().await?;
        repositories.open(demo::MULTI_PLATFORM).await?;
        page.wait_for_alert("registry").await?;
        demo::assert_settled(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn json_that_is_not_json_is_said_on_the_page(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let stub = StubRegistry::start("application/json", "<html>Please sign in</html>").await?;
    let gateway = Service::open_gateway(&Upstream::at(&stub.url())).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open("/").await?;
        page.wait_for_alert("did not come from a container registry").await?;
        demo::assert_settled(&page).await
    })
    .await
}
