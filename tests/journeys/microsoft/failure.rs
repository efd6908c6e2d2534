//! Signing in with a Microsoft account, and out, where Microsoft, the registry or the user does not go along.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::{visit_in, visit_with_errors_in};
use acr_tests::role::Role;
use acr_tests::tenant::{EntraSetup, assert_no_credential, choose_account};
use anyhow::Result;
use rstest::rstest;
use serde_json::json;

use super::{BUTTON, open_as_owner, sign_in_as, wait_for_repositories};

#[rstest]
#[tokio::test]
async fn a_sign_out_of_microsoft_that_fails_is_reported(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_with_errors_in(browser, &setup.gateway.url(), async |page| {
        open_as_owner(&page).await?;
        setup.emulator.faults()?.add(&json!({"fault": "drop", "after": 0, "path": "/.well-known/"})).await?;
        page.press("Session").await?;
        page.press("Sign out of Microsoft too").await?;
        page.wait_for_alert("Microsoft's own session has not ended").await?;
        assert_no_credential(&page).await?;
        setup.emulator.faults()?.clear().await?;
        page.reload().await?;
        page.press(BUTTON).await?;
        wait_for_repositories(&page).await
    })
    .await
}

#[rstest]
#[case::consent("consent-missing", "az ad app permission admin-consent --id")]
#[case::guest("guest", "has not been invited as a guest")]
#[case::conditional_access("conditional-access", "Conditional Access")]
#[case::wrong_tenant("wrong-tenant", "but the gateway is configured for tenant")]
#[case::wrong_clock("clock-skew", "The clock of this computer")]
#[case::wrong_nonce("wrong-nonce", "belongs to another sign-in")]
#[tokio::test]
async fn a_refusal_is_explained(
    #[case] refusal: &str,
    #[case] explained: &str,
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    setup.refuse(refusal, "/oauth2/v2.0/").await?;
    visit_with_errors_in(browser, &setup.gateway.url(), async |page| {
        page.open("/contoso/nginx").await?;
        sign_in_as(&page, "owner").await?;
        page.wait_for_alert(explained).await?;
        assert_no_credential(&page).await?;
        // What was refused is not tried again by itself, and the screen that was asked for is still meant.
        setup.emulator.faults()?.clear().await?;
        page.reload().await?;
        page.press("Use another account").await?;
        choose_account(&page, "owner").await?;
        page.wait_for_heading("nginx").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_sign_in_that_the_user_cancels_is_explained(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_in(browser, &setup.gateway.url(), async |page| {
        page.open("/contoso").await?;
        sign_in_as(&page, "cancel").await?;
        page.wait_for_alert("The sign-in was cancelled").await?;
        assert_no_credential(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_redirect_uri_that_is_not_registered_is_named_when_the_user_comes_back(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    setup.refuse("redirect-uri", "/authorize").await?;
    visit_with_errors_in(browser, &setup.gateway.url(), async |page| {
        page.open("/contoso").await?;
        page.press(BUTTON).await?;
        page.wait_for_text("AADSTS50011").await?;
        page.back().await?;
        page.wait_for_alert(&format!("{}/redirect.html", setup.gateway.url())).await?;
        assert_no_credential(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn an_answer_with_another_state_goes_no_further_than_the_redirect_page(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    setup.refuse("wrong-state", "/oauth2/v2.0/").await?;
    visit_with_errors_in(browser, &setup.gateway.url(), async |page| {
        page.open("/contoso").await?;
        sign_in_as(&page, "owner").await?;
        page.wait_for_text("There is no sign-in to complete here").await?;
        setup.emulator.faults()?.clear().await?;
        page.follow("Open the dashboard").await?;
        page.wait_for_alert("was not completed").await?;
        assert_no_credential(&page).await?;
        page.press(BUTTON).await?;
        wait_for_repositories(&page).await
    })
    .await
}

/// An address that another site makes, with a state of the form that the library understands.
#[tokio::test]
async fn an_answer_that_was_not_asked_for_is_no_sign_in() -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_with_errors_in(Chromium, &setup.gateway.url(), async |page| {
        page.open("/contoso").await?;
        let state =
            page.evaluate(r#"return btoa('{"id":"1","meta":{"interactionType":"redirect"}}')"#).await?;
        let state = state.as_str().unwrap_or_default();
        page.open(&format!("/redirect.html#code=1234&state={state}")).await?;
        page.find(Role::Button, BUTTON).await?;
        assert_no_credential(&page).await
    })
    .await
}

#[rstest]
#[case::breaks(json!({"fault": "drop", "after": 0, "path": "/.well-known/"}))]
#[case::is_silent(json!({"fault": "latency", "milliseconds": 600_000, "path": "/.well-known/"}))]
#[tokio::test]
async fn an_authority_that_does_not_answer_is_reported(#[case] fault: serde_json::Value) -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    setup.emulator.faults()?.add(&fault).await?;
    visit_with_errors_in(Chromium, &setup.gateway.url(), async |page| {
        page.open("/contoso").await?;
        page.press(BUTTON).await?;
        page.wait_for_alert("Microsoft did not answer").await?;
        assert_no_credential(&page).await?;
        setup.emulator.faults()?.clear().await?;
        sign_in_as(&page, "owner").await?;
        wait_for_repositories(&page).await
    })
    .await
}

#[tokio::test]
async fn an_error_of_the_authority_is_no_missing_answer() -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    for status in [429, 500] {
        let fault = json!({"fault": "status", "status": status, "path": "/oauth2/v2.0/token"});
        setup.emulator.faults()?.add(&fault).await?;
        visit_with_errors_in(Chromium, &setup.gateway.url(), async |page| {
            page.open("/contoso").await?;
            sign_in_as(&page, "owner").await?;
            page.wait_for_alert(&format!("answered with an error (HTTP {status})")).await
        })
        .await?;
        setup.emulator.faults()?.clear().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_tenant_that_does_not_exist_is_named_as_the_cause() -> Result<()> {
    let tenant = "fabrikam=3d9f5b7c-2e14-4a60-8c3b-7f6e5d4c3b2a";
    let setup = EntraSetup::start(&[], &["--registry-entra-tenant", tenant]).await?;
    visit_with_errors_in(Chromium, &setup.gateway.url(), async |page| {
        page.open("/fabrikam").await?;
        page.press(BUTTON).await?;
        page.wait_for_alert("The tenant that this gateway names does not exist").await?;
        assert_no_credential(&page).await
    })
    .await
}

/// The second registry is opened six minutes later, as far as the page can tell: a token that was issued before is no wrong clock.
#[tokio::test]
async fn a_registry_that_refuses_the_account_leaves_it_signed_in_at_others() -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_with_errors_in(Chromium, &setup.gateway.url(), async |page| {
        open_as_owner(&page).await?;
        setup
            .emulator
            .faults()?
            .add(&json!({"fault": "status", "status": 401, "path": "/oauth2/exchange"}))
            .await?;
        page.evaluate(
            "const now = Date.now.bind(Date); Date.now = () => now() + 6 * 60_000; \
             const link = document.createElement('a'); link.href = '/fabrikam'; document.querySelector('main').append(link); link.click()",
        )
        .await?;
        page.wait_for_alert("refused the tokens for https://containerregistry.azure.net and https://management.azure.com")
            .await?;
        setup.emulator.faults()?.clear().await?;
        page.open("/contoso").await?;
        wait_for_repositories(&page).await?;
        assert_no_credential(&page).await
    })
    .await
}

#[tokio::test]
async fn a_user_without_a_role_reads_which_one_is_missing() -> Result<()> {
    let setup = EntraSetup::start(&[], &[]).await?;
    visit_with_errors_in(Chromium, &setup.gateway.url(), async |page| {
        page.open("/contoso").await?;
        sign_in_as(&page, "no-role").await?;
        page.wait_for_text("Container Registry Repository Catalog Lister").await?;
        page.open("/contoso/nginx").await?;
        page.wait_for_text("Container Registry Repository Reader").await
    })
    .await
}
