//! Credentials and tokens live in memory: after a visit that signs in and uses every kind of token, none of them is anywhere that
//! outlives the page or that another script could read.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::page::Page;
use acr_tests::page::attributes::Attributes;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::page::sign_in::SignIn;
use acr_tests::role::Role;
use acr_tests::service::Service;
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::{Value, json};

const USERNAME: &str = "contoso";
const PASSWORD: &str = "correct-horse/battery+staple";

/// `contoso:correct-horse/battery+staple` as Basic has it.
const BASIC: &str = "Y29udG9zbzpjb3JyZWN0LWhvcnNlL2JhdHRlcnkrc3RhcGxl";

/// `{"aud":"https://containerregistry.azure.net","exp":4102444800}`, unsigned: an Entra token as far as the emulator looks.
const ENTRA_TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJodHRwczovL2NvbnRhaW5lcnJlZ2lzdHJ5LmF6dXJlLm5ldCIsImV4cCI6NDEwMjQ0NDgwMH0.dW5zaWduZWQ";

/// Every place that a page can leave something in, or that says what it did.
const EVERYWHERE: &str = "return (async () => ({
    local: {...localStorage},
    session: {...sessionStorage},
    cookie: document.cookie,
    databases: await indexedDB.databases(),
    caches: globalThis.caches === undefined ? [] : await caches.keys(),
    workers: navigator.serviceWorker === undefined ? [] : (await navigator.serviceWorker.getRegistrations()).length,
    address: location.href,
    history: history.state,
    name: window.name,
    title: document.title,
    document: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll('input, textarea')].map(field => field.value),
    globals: Object.entries(globalThis).filter(([, value]) => typeof value === 'string'),
    requests: performance.getEntries().map(entry => entry.name),
}))()";

/// Lists, opens, changes and looks who is signed in: tokens of every scope are asked for.
async fn use_everything(page: &Page) -> Result<()> {
    Repositories::shown(page).await?.open("nginx").await?;
    Repository::shown(page, "nginx").await?.tags().await?;
    let attributes = Attributes::opened(page).await?;
    attributes.wait_for("Write enabled", true).await?;
    attributes.flip("Write enabled").await?;
    attributes.wait_for("Write enabled", false).await?;
    page.tab("Tags").await?;
    page.table("Tags").await?.open("latest").await?;
    page.tab("Config").await?;
    page.wait_for_text("Environment").await?;
    page.press("Session").await?;
    page.wait_until("return document.body.innerText.includes('Signed in as')").await
}

async fn assert_nothing_is_left(page: &Page, secrets: &[&str]) -> Result<()> {
    let left = page.evaluate(EVERYWHERE).await?;
    assert_eq!(left["databases"], json!([]));
    assert_eq!(left["caches"], json!([]));
    assert_eq!(left["workers"], json!(0));
    assert_eq!(left["session"], json!({}));
    let stored: Vec<_> = left["local"].as_object().context("no local storage")?.keys().collect();
    assert!(stored.iter().all(|key| *key == "acr-dashboard.preferences"), "{stored:?}");
    // Those that scripts cannot read as well.
    let cookies = page.browser().get_all_cookies().await?;
    assert!(cookies.is_empty(), "{cookies:?}");
    let left = left.to_string();
    // Every JSON Web Token opens with the encoding of `{"`.
    for secret in secrets.iter().chain(&["eyJ"]) {
        let at = left.find(secret);
        assert!(at.is_none(), "{secret} is in {}", around(&left, at.unwrap_or_default()));
    }
    Ok(())
}

fn around(text: &str, at: usize) -> String {
    text.chars().skip(at.saturating_sub(200)).take(400).collect()
}

#[rstest]
#[tokio::test]
async fn a_password_and_its_tokens_are_nowhere_to_be_found(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, gateway) = Service::closed(USERNAME, PASSWORD).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open("/").await?;
        SignIn::shown(&page).await?.with_password(USERNAME, PASSWORD).await?;
        use_everything(&page).await?;
        assert_nothing_is_left(&page, &[PASSWORD, BASIC]).await?;
        // A reload forgets it.
        page.reload().await?;
        SignIn::shown(&page).await?;
        assert_nothing_is_left(&page, &[PASSWORD, BASIC]).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_refresh_token_is_nowhere_to_be_found(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let (emulator, gateway) = Service::closed(USERNAME, PASSWORD).await?;
    let exchange = format!("{}/oauth2/exchange", emulator.url());
    let form = format!("grant_type=access_token&service={}&access_token={ENTRA_TOKEN}", emulator.authority());
    let exchange = reqwest::Client::new().post(exchange).body(form);
    let exchange = exchange.header("content-type", "application/x-www-form-urlencoded").send().await?;
    let token: Value = exchange.error_for_status()?.json().await?;
    let token = token["refresh_token"].as_str().context("no refresh token")?.to_owned();
    visit_in(browser, &gateway.url(), async |page| {
        page.open("/").await?;
        page.press("az acr login --expose-token").await?;
        page.fill(Role::TextBox, "Refresh token", &token).await?;
        page.press("Sign in").await?;
        use_everything(&page).await?;
        assert_nothing_is_left(&page, &[&token]).await
    })
    .await
}
