//! Signing in with a Microsoft account, at the emulator's authority over TLS.

mod failure;

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::{visit_in, visit_with_errors_in};
use acr_tests::page::Page;
use acr_tests::page::repositories::Repositories;
use acr_tests::role::Role;
use acr_tests::tenant::{EntraSetup, assert_no_credential, choose_account};
use anyhow::Result;
use rstest::rstest;
use serde_json::json;

const BUTTON: &str = "Sign in with Microsoft";

/// How many tokens the page has requested from the authority.
const TOKEN_REQUESTS: &str = "performance.getEntriesByType('resource').filter(entry => entry.name.includes('/oauth2/v2.0/token')).length";

/// Presses the screen's button "Refresh", where there is one and it is not still refreshing: pressed again, it would start anew, and on a
/// busy machine never come to an end.
const REFRESH: &str = "[...document.querySelectorAll('button:not([aria-busy=true])')].find(button => (button.ariaLabel ?? button.textContent).trim() === 'Refresh')?.click()";

/// Presses the button, and chooses an account at Microsoft.
async fn sign_in_as(page: &Page, account: &str) -> Result<()> {
    page.press(BUTTON).await?;
    choose_account(page, account).await
}

/// Opens the registry with an account that may do everything.
async fn open_as_owner(page: &Page) -> Result<()> {
    page.open("/contoso").await?;
    sign_in_as(page, "owner").await?;
    wait_for_repositories(page).await
}

async fn wait_for_repositories(page: &Page) -> Result<()> {
    let rows = Repositories::shown(page).await?.table().await?.rows().await?;
    assert!(!rows.is_empty());
    Ok(())
}

/// Waits until the session's panel names who is signed in.
async fn assert_signed_in_as(page: &Page, username: &str) -> Result<()> {
    page.press("Session").await?;
    page.wait_until(&format!("return document.body.innerText.includes({})", json!(username))).await
}

#[rstest]
#[tokio::test]
async fn a_microsoft_account_opens_the_screen_that_was_asked_for(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_in(browser, &setup.gateway.url(), async |page| {
        page.open("/contoso/samples/hello-world?tab=manifests").await?;
        page.find(Role::Button, BUTTON).await?;
        let fetched = page
            .evaluate("return performance.getEntriesByType('resource').map(entry => entry.name).join(' ')")
            .await?
            .to_string();
        assert!(!fetched.contains("microsoft") && !fetched.contains(setup.tenant.origin()), "{fetched}");
        sign_in_as(&page, "owner").await?;
        page.wait_for_heading("samples/hello-world").await?;
        assert_eq!(page.path().await?, "/contoso/samples/hello-world?tab=manifests");
        page.table("Manifests").await?;
        assert_no_credential(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_reload_and_a_second_registry_take_no_click(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_in(browser, &setup.gateway.url(), async |page| {
        open_as_owner(&page).await?;
        page.reload().await?;
        wait_for_repositories(&page).await?;
        assert_no_credential(&page).await?;
        page.open("/fabrikam").await?;
        wait_for_repositories(&page).await?;
        setup.tenant.end_sessions().await?;
        page.reload().await?;
        page.find(Role::Button, BUTTON).await?;
        assert_no_credential(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn signing_out_ends_what_the_button_names(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_in(browser, &setup.gateway.url(), async |page| {
        open_as_owner(&page).await?;
        page.press("Session").await?;
        page.press("Sign out").await?;
        page.find(Role::Button, BUTTON).await?;
        assert_no_credential(&page).await?;
        page.reload().await?;
        page.press(BUTTON).await?;
        // Microsoft's own session still holds.
        wait_for_repositories(&page).await?;
        page.press("Session").await?;
        page.press("Sign out of Microsoft too").await?;
        page.find(Role::Button, BUTTON).await?;
        assert_no_credential(&page).await?;
        page.press(BUTTON).await?;
        page.wait_for_heading("Pick an account").await
    })
    .await
}

#[tokio::test]
async fn signing_out_by_the_palette_lasts() -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_in(Chromium, &setup.gateway.url(), async |page| {
        open_as_owner(&page).await?;
        page.evaluate("dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))").await?;
        page.wait_until(
            "const found = [...document.querySelectorAll('[role=option]')].find(option => option.textContent === 'Sign out'); \
             found?.click(); return found !== undefined",
        )
        .await?;
        page.wait_for_status("Signed out of").await?;
        page.find(Role::Button, BUTTON).await?;
        page.reload().await?;
        page.find(Role::Button, BUTTON).await?;
        page.press(BUTTON).await?;
        wait_for_repositories(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn another_account_takes_the_place_of_the_first(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_in(browser, &setup.gateway.url(), async |page| {
        open_as_owner(&page).await?;
        page.press("Session").await?;
        page.press("Sign out").await?;
        page.press("Use another account").await?;
        choose_account(&page, "guest").await?;
        wait_for_repositories(&page).await?;
        assert_signed_in_as(&page, "guest@fabrikam.example").await?;
        // With two accounts at Microsoft, a reload signs in the one of this tab.
        page.reload().await?;
        wait_for_repositories(&page).await?;
        assert_signed_in_as(&page, "guest@fabrikam.example").await?;
        assert_no_credential(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn going_back_after_signing_in_ends_where_the_user_is_signed_in(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_in(browser, &setup.gateway.url(), async |page| {
        open_as_owner(&page).await?;
        page.back().await?;
        // What a browser shows now is its own decision: Microsoft's page as it was, or what Microsoft answers today.
        page.wait_until(
            "document.querySelector('button[value=owner]')?.click(); return document.title.startsWith('Repositories')",
        )
        .await?;
        wait_for_repositories(&page).await?;
        assert_no_credential(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn two_tabs_sign_in_at_once(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_in(browser, &setup.gateway.url(), async |page| {
        page.open("/contoso").await?;
        page.press(BUTTON).await?;
        page.wait_for_heading("Pick an account").await?;
        page.in_new_tab(async |tab| {
            tab.open("/fabrikam").await?;
            sign_in_as(tab, "guest").await?;
            wait_for_repositories(tab).await?;
            assert_no_credential(tab).await
        })
        .await?;
        choose_account(&page, "owner").await?;
        wait_for_repositories(&page).await?;
        assert_signed_in_as(&page, "owner@contoso.example").await?;
        assert_no_credential(&page).await
    })
    .await
}

#[tokio::test]
async fn multi_factor_authentication_that_a_reload_cannot_do_is_asked_of_the_user() -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_with_errors_in(Chromium, &setup.gateway.url(), async |page| {
        open_as_owner(&page).await?;
        setup.refuse("multi-factor", "/authorize").await?;
        page.reload().await?;
        page.wait_for_alert("requires multi-factor authentication").await?;
        page.press(BUTTON).await?;
        wait_for_repositories(&page).await
    })
    .await
}

#[tokio::test]
async fn a_refused_audience_is_tried_with_the_other_scope() -> Result<()> {
    let scope = "https://management.azure.com/.default";
    let setup = EntraSetup::start(&["--arm-audience", "off"], &["--entra-scope", scope]).await?;
    visit_with_errors_in(Chromium, &setup.gateway.url(), async |page| {
        page.open("/contoso").await?;
        sign_in_as(&page, "owner").await?;
        page.wait_for_status("https://containerregistry.azure.net").await?;
        wait_for_repositories(&page).await
    })
    .await
}

/// The registry's tokens last a second here, and Microsoft's so short that each is renewed before it is used.
#[rstest]
#[tokio::test]
async fn tokens_are_renewed_without_the_user(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let lifetimes =
        ["--refresh-token-lifetime=1", "--access-token-lifetime=1", "--entra-access-token-lifetime=60"];
    let setup = EntraSetup::start(&lifetimes, &[]).await?;
    visit_with_errors_in(browser, &setup.gateway.url(), async |page| {
        open_as_owner(&page).await?;
        let before = page.evaluate(&format!("return {TOKEN_REQUESTS}")).await?;
        page.wait_until(&format!("{REFRESH}; return {TOKEN_REQUESTS} > {before}")).await?;
        Repositories::shown(&page).await?.open("nginx").await?;
        page.wait_for_heading("nginx").await?;
        page.table("Tags").await?;
        assert_no_credential(&page).await?;
        // A renewal that is refused is reported, and the next one goes on without a new sign-in.
        setup.refuse("conditional-access", "/token").await?;
        page.wait_until(&format!("{REFRESH}; return document.body.innerText.includes('Sign in again')"))
            .await?;
        setup.emulator.faults()?.clear().await?;
        page.wait_until(&format!(
            "{REFRESH}; return document.body.innerText.includes('5 of 5 shown · complete')"
        ))
        .await?;
        assert_no_credential(&page).await
    })
    .await
}
