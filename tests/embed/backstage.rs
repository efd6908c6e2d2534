//! A Backstage-style plugin page: the repository that an entity's annotation names, through the app's own fetch and proxy.

use acr_tests::browser::{Browser, visit_in};
use acr_tests::embedded::Embedded;
use acr_tests::service::REGISTRY;
use acr_tests::static_site::StaticSite;
use anyhow::Result;
use rstest::rstest;

use crate::{Host, built};

#[rstest]
#[case::chromium(Browser::Chromium)]
#[case::firefox(Browser::Firefox)]
#[tokio::test]
async fn the_repository_of_an_annotation_is_shown_through_the_apps_fetch(
    #[case] browser: Browser,
) -> Result<()> {
    let host = Host::start(StaticSite::start(&built("backstage").await?).await?, &[]).await?;
    visit_in(browser, &host.site.url(), async |page| {
        let base = format!("{}/proxy", host.gateway.url());
        page.open(&format!("/?repository=samples/hello-world&base={base}&path=/registries/{REGISTRY}"))
            .await?;
        let element = Embedded::new(&page, "acr-dashboard");
        element.wait_for_heading("samples/hello-world").await?;
        element.wait_for_text("latest").await?;
        let through_proxy =
            "return proxied.length > 0 && proxied.every(request => request.includes('/proxy/acr/'))";
        assert_eq!(page.evaluate(through_proxy).await?, true);
        // Nothing can be changed here: the plugin says read-only.
        element.click("latest").await?;
        element.wait_for_heading("samples/hello-world:latest").await?;
        element.wait_until("root.querySelectorAll('.button-danger').length > 0").await?;
        assert_eq!(element.evaluate("root.querySelector('.button-danger:enabled') === null").await?, true);
        page.open("/?base=/proxy").await?;
        page.wait_for_text("has no annotation azure-container-registry/repository-name").await
    })
    .await
}
