//! Signing in with a name and a password, at a registry that wants one.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::sign_in::SignIn;
use acr_tests::service::Service;
use anyhow::Result;
use rstest::rstest;

const USERNAME: &str = "contoso";
const PASSWORD: &str = "correct-horse/battery+staple";

#[rstest]
#[tokio::test]
async fn the_right_password_opens_the_repositories(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, gateway) = Service::closed(USERNAME, PASSWORD).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open("/").await?;
        SignIn::shown(&page).await?.with_password(USERNAME, PASSWORD).await?;
        let rows = Repositories::shown(&page).await?.table().await?.rows().await?;
        assert!(!rows.is_empty());
        let left = page.evaluate("return JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])").await?;
        let left = left.to_string();
        assert!(!left.contains("correct-horse") && !left.contains("eyJ"), "{left}");
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_wrong_password_is_said_and_can_be_corrected(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, gateway) = Service::closed(USERNAME, PASSWORD).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open("/").await?;
        let sign_in = SignIn::shown(&page).await?;
        sign_in.with_password(USERNAME, "wrong").await?;
        page.wait_for_alert("password").await?;
        sign_in.with_password(USERNAME, PASSWORD).await?;
        Repositories::shown(&page).await?.table().await?.rows().await?;
        Ok(())
    })
    .await
}
