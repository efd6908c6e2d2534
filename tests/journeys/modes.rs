//! The same walk however the gateway is run: with the visitor's own credential and with one that the gateway holds, at the root and
//! under a sub-path, over http and https; and from files alone, by a third-party server.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::certificate::Certificate;
use acr_tests::demo;
use acr_tests::environment;
use acr_tests::exported::Exported;
use acr_tests::page::Page;
use acr_tests::page::attributes::Attributes;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::page::sign_in::SignIn;
use acr_tests::service::{REGISTRY, Service};
use anyhow::Result;
use rstest::rstest;
use tempfile::NamedTempFile;

const USERNAME: &str = "contoso";
const PASSWORD: &str = "correct-horse";

/// Whose credential the registry sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Credential {
    /// None: the registry is open.
    None,
    Visitors,
    Gateways,
}

/// From the repositories to an image's platforms, and once more from its address.
async fn walk(page: &Page, credential: Credential) -> Result<()> {
    page.open("/").await?;
    sign_in(page, credential).await?;
    Repositories::shown(page).await?.open(demo::MULTI_PLATFORM).await?;
    Repository::shown(page, demo::MULTI_PLATFORM).await?.tags().await?.open(demo::TAG).await?;
    let manifest = Manifest::shown(page, &format!("{}:{}", demo::MULTI_PLATFORM, demo::TAG)).await?;
    manifest.platforms().await?.row_with(&[demo::PLATFORMS[0]]).await?;
    page.reload().await?;
    // It was in memory only.
    sign_in(page, credential).await?;
    page.table("Platforms").await?.row_with(&[demo::PLATFORMS[0]]).await?;
    // Read in a worker, which has files of its own.
    page.tab("Files").await?;
    page.wait_until("return document.querySelector('[role=treegrid] tbody [role=row]') !== null").await
}

/// What a server says of the worker's file.
const WORKER: &str = "return fetch(document.querySelector('meta[name=layers-worker]').content)
    .then(answer => `${answer.headers.get('content-type')} ${answer.headers.get('cache-control')}`)";

async fn sign_in(page: &Page, credential: Credential) -> Result<()> {
    match credential {
        Credential::Visitors => SignIn::shown(page).await?.with_password(USERNAME, PASSWORD).await,
        Credential::None | Credential::Gateways => Ok(()),
    }
}

/// The flags that give the gateway a credential, and the file that it is in.
fn identity() -> Result<(NamedTempFile, Vec<String>)> {
    let secret = NamedTempFile::new()?;
    std::fs::write(secret.path(), PASSWORD)?;
    let file = secret.path().display().to_string();
    let flags = [("identity", "password"), ("username", USERNAME), ("secret-file", &file)];
    let flags =
        flags.iter().flat_map(|(flag, value)| [format!("--registry-{flag}"), format!("{REGISTRY}={value}")]);
    Ok((secret, flags.collect()))
}

#[rstest]
#[tokio::test]
async fn the_dashboard_is_walked_however_the_gateway_is_run(
    #[values(Credential::Visitors, Credential::Gateways)] credential: Credential,
    #[values("/", "/tools/registry/")] path: &str,
    #[values("http", "https")] scheme: &str,
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator =
        Service::emulator(&["--seed", "demo", "--username", USERNAME, "--password", PASSWORD]).await?;
    let certificate = Certificate::for_loopback()?;
    let (_secret, identity) = identity()?;
    let mut flags = vec!["--base-path", path];
    if scheme == "https" {
        flags.extend(["--tls-certificate", certificate.path(), "--tls-key", certificate.key_path()]);
    }
    if credential == Credential::Gateways {
        flags.extend(identity.iter().map(String::as_str));
    }
    let gateway = Service::gateway(&emulator.upstream(), &flags).await?;
    assert!(gateway.url().starts_with(&format!("{scheme}://")));
    visit_in(browser, &gateway.url(), async |page| {
        walk(&page, credential).await?;
        page.wait_for_path(|there| there.starts_with(path)).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn the_closing_slash_of_a_sub_path_may_be_left_out(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let service = Service::demo(&["--base-path", "/acr"]).await?;
    visit_in(browser, &service.url(), async |page| {
        walk(&page, Credential::None).await?;
        page.wait_for_path(|there| there.starts_with("/acr/")).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_gateway_that_holds_the_credential_lets_nothing_be_written(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator =
        Service::emulator(&["--seed", "demo", "--username", USERNAME, "--password", PASSWORD]).await?;
    let (_secret, identity) = identity()?;
    let flags: Vec<_> = identity.iter().map(String::as_str).collect();
    let gateway = Service::gateway(&emulator.upstream(), &flags).await?;
    visit_in(browser, &gateway.url(), async |page| {
        walk(&page, Credential::Gateways).await?;
        let attributes = Attributes::opened(&page).await?;
        attributes.wait_for("Delete enabled", true).await?;
        attributes.wait_for_locked("Delete enabled").await
    })
    .await
}

#[rstest]
#[case::nginx("nginx")]
#[case::caddy("caddy")]
#[tokio::test]
async fn the_dashboard_is_walked_from_files_of_a_third_party_server(
    #[case] server: &str,
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "demo", "--login-server", "contoso.azurecr.io"]).await?;
    let files = environment::path("ACR_DASHBOARD")?;
    let exported = match server {
        "nginx" => Exported::nginx(&files, &emulator.upstream()).await?,
        _ => Exported::caddy(&files, &emulator.upstream()).await?,
    };
    visit_in(browser, &exported.url(), async |page| {
        walk(&page, Credential::None).await?;
        let worker = page.evaluate(WORKER).await?.to_string();
        assert!(worker.contains("text/javascript") && worker.contains("immutable"), "{worker}");
        Ok(())
    })
    .await
}
