//! The same walk however the gateway is run: at the root and under a sub-path, over http and https, with the visitor's own
//! credential and with one that the gateway holds.

use acr_tests::browser::visit;
use acr_tests::certificate::Certificate;
use acr_tests::demo;
use acr_tests::page::Page;
use acr_tests::page::attributes::Attributes;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::service::{REGISTRY, Service};
use anyhow::Result;
use rstest::rstest;

const USERNAME: &str = "contoso";
const PASSWORD: &str = "correct-horse";

async fn walk(page: &Page) -> Result<()> {
    page.open("/").await?;
    Repositories::shown(page).await?.open(demo::MULTI_PLATFORM).await?;
    Repository::shown(page, demo::MULTI_PLATFORM).await?.tags().await?.open(demo::TAG).await?;
    let manifest = Manifest::shown(page, &format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG)).await?;
    manifest.platforms().await?.row_with(&[demo::PLATFORMS[0]]).await?;
    page.reload().await?;
    page.table("Platforms").await?.row_with(&[demo::PLATFORMS[0]]).await?;
    Ok(())
}

#[rstest]
#[case::without_a_closing_slash("/acr")]
#[case::with_a_closing_slash("/acr/")]
#[case::two_levels_deep("/tools/registry/")]
#[tokio::test]
async fn the_dashboard_works_under_a_sub_path(#[case] path: &str) -> Result<()> {
    let service = Service::demo(&["--base-path", path]).await?;
    visit(&service.url(), async |page| {
        walk(&page).await?;
        page.wait_for_path(|there| there.starts_with(path.trim_end_matches('/'))).await
    })
    .await
}

#[tokio::test]
async fn the_dashboard_works_over_https() -> Result<()> {
    let certificate = Certificate::for_loopback()?;
    let files = ["--tls-certificate", certificate.path(), "--tls-key", certificate.key_path()];
    let service = Service::demo(&files).await?;
    visit(&service.url(), async |page| walk(&page).await).await
}

#[tokio::test]
async fn a_gateway_that_holds_the_credential_asks_for_none_and_lets_nothing_be_written() -> Result<()> {
    let emulator =
        Service::emulator(&["--seed", "demo", "--username", USERNAME, "--password", PASSWORD]).await?;
    let secret = tempfile::NamedTempFile::new()?;
    std::fs::write(secret.path(), PASSWORD)?;
    let for_registry = |value: &str| format!("{REGISTRY}={value}");
    let (kind, user) = (for_registry("password"), for_registry(USERNAME));
    let file = for_registry(&secret.path().display().to_string());
    let identity =
        ["--registry-identity", &kind, "--registry-username", &user, "--registry-secret-file", &file];
    let gateway = Service::gateway(&emulator.upstream(), &identity).await?;
    visit(&gateway.url(), async |page| {
        walk(&page).await?;
        let attributes = Attributes::opened(&page).await?;
        attributes.wait_for("Delete enabled", true).await?;
        attributes.wait_for_locked("Delete enabled").await
    })
    .await
}
