//! Signing in with Microsoft in a window of its own: in the element, and in the gateway's frame.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::{visit_in, visit_with_errors_in};
use acr_tests::embedded::Embedded;
use acr_tests::page::Page;
use acr_tests::service::REGISTRY;
use acr_tests::static_site::StaticSite;
use acr_tests::tenant::{CLIENT_ID, EntraSetup, assert_no_credential, choose_account};
use anyhow::Result;
use rstest::rstest;
use serde_json::json;

use crate::{POLICY, axe_violations, events, folder};

const BUTTON: &str = "Sign in with Microsoft";
const ELEMENT: &str = "acr-dashboard";
const REDIRECT_PAGE: &str = "/node_modules/acr-dashboard-element/redirect.html";

/// What the portal keeps when it signs in with the same library, for an application of its own, while the element's window is open.
const PORTAL_SIGNS_IN: &str = "sessionStorage.setItem('msal.portal-application.request', 'kept'); \
    for (const key of ['msal.2.account.keys', 'msal.2|uid|login.windows.net|accesstoken|portal-application|tenant||']) localStorage.setItem(key, 'kept')";

/// What is left of it, which is taken away.
const PORTAL_SIGNS_OUT: &str = "return [localStorage, sessionStorage].flatMap((store) => \
    Object.keys(store).filter((key) => key.startsWith('msal.')).map((key) => { const kept = store[key]; store.removeItem(key); return kept }))";

/// What a browser does that blocks pop-ups.
const BLOCK_POPUPS: &str = "window.open = () => null";

/// The addresses of what a document has fetched.
const FETCHED: &str = "return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.includes('.wasm')).join(' ')";

/// Where the portal is, as seen from the gateway.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    SameSite,
    AnotherSite,
}

/// A portal without tokens of its own. Its plain page names the application; its page with a frame leaves that to the gateway.
struct Portal {
    site: StaticSite,
    origin: String,
    setup: EntraSetup,
}

impl Portal {
    async fn start() -> Result<Self> {
        Self::start_at(Place::SameSite, &format!("{POLICY} https://127.0.0.1:*; frame-src *")).await
    }

    async fn start_at(place: Place, policy: &str) -> Result<Self> {
        let site = StaticSite::with_policy(&folder(), policy).await?;
        let origin = match place {
            Place::SameSite => site.url(),
            Place::AnotherSite => site.url_on_another_site(),
        };
        let setup =
            EntraSetup::start(&[], &["--cors-origins", &origin, "--frame-ancestors", &origin]).await?;
        setup.tenant.register(&format!("{origin}{REDIRECT_PAGE}")).await?;
        Ok(Self { site, origin, setup })
    }

    /// The plain page with an element.
    fn page(&self, redirect_page: &str) -> String {
        format!(
            "/plain/?endpoint={}/registries/{REGISTRY}&login-server=contoso.azurecr.io&repository=samples/hello-world\
             &entra-client-id={CLIENT_ID}&entra-authority={}&entra-redirect-uri={redirect_page}",
            self.setup.gateway.url(),
            self.setup.tenant.authority(),
        )
    }

    /// The page with a frame.
    fn frame(&self) -> String {
        format!("/frame/?src={}/embed/{REGISTRY}/samples/hello-world", self.setup.gateway.url())
    }

    /// Fails where something was fetched that only a sign-in needs.
    async fn assert_sign_in_not_fetched(&self, page: &Page) -> Result<()> {
        let fetched = page.evaluate(FETCHED).await?.to_string();
        assert!(!fetched.contains("microsoft") && !fetched.contains(self.setup.tenant.origin()), "{fetched}");
        Ok(())
    }
}

#[rstest]
#[tokio::test]
async fn the_element_signs_in_by_a_window(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let portal = Portal::start().await?;
    visit_in(browser, &portal.site.url(), async |page| {
        page.open(&portal.page(REDIRECT_PAGE)).await?;
        // What the portal keeps is left alone.
        page.evaluate("sessionStorage.setItem('own', 'kept')").await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_heading("Sign in to contoso.azurecr.io").await?;
        portal.assert_sign_in_not_fetched(&page).await?;
        assert_eq!(axe_violations(&page).await?, json!([]));
        element.press(BUTTON).await?;
        page.in_new_window(async |window| window.wait_for_heading("Pick an account").await).await?;
        page.evaluate(PORTAL_SIGNS_IN).await?;
        page.in_new_window(async |window| choose_account(window, "owner").await).await?;
        element.wait_for_heading("samples/hello-world").await?;
        element.wait_for_text("latest").await?;
        page.wait_for_windows(1).await?;
        assert_eq!(page.evaluate(PORTAL_SIGNS_OUT).await?, json!(["kept", "kept", "kept"]));
        assert_no_credential(&page).await?;
        assert_eq!(page.evaluate("return {...sessionStorage}").await?, json!({ "own": "kept" }));
        element.wait_for_text("owner@contoso.example").await?;
        assert_eq!(axe_violations(&page).await?, json!([]));
        // Microsoft's own session still holds, so that the next window takes no choice of an account.
        element.press("Sign out").await?;
        element.press(BUTTON).await?;
        element.wait_for_heading("samples/hello-world").await?;
        page.wait_for_windows(1).await?;
        assert_no_credential(&page).await?;
        assert_eq!(page.evaluate("return failures").await?, json!([]));
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn the_frame_signs_in_by_a_window(
    #[values(Place::SameSite, Place::AnotherSite)] place: Place,
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let portal = Portal::start_at(place, &format!("{POLICY}; frame-src *")).await?;
    visit_in(browser, &portal.origin, async |page| {
        page.open(&portal.frame()).await?;
        page.session_in_frame(async |inside| {
            inside.wait_for_text(BUTTON).await?;
            portal.assert_sign_in_not_fetched(inside).await?;
            inside.press_by_text(BUTTON).await
        })
        .await?;
        page.in_new_window(async |window| choose_account(window, "owner").await).await?;
        page.session_in_frame(async |inside| {
            inside.wait_for_heading("samples/hello-world").await?;
            inside.wait_for_text("latest").await?;
            assert_no_credential(inside).await?;
            inside.press_by_text("Sign out").await?;
            inside.wait_for_text(BUTTON).await?;
            assert_no_credential(inside).await
        })
        .await?;
        page.wait_for_windows(1).await?;
        assert_no_credential(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn an_element_whose_window_was_closed_opens_another(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let portal = Portal::start().await?;
    visit_in(browser, &portal.site.url(), async |page| {
        page.open(&portal.page(REDIRECT_PAGE)).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.press(BUTTON).await?;
        page.in_new_window(close_at_microsoft).await?;
        element.wait_for_text("The sign-in window was closed").await?;
        element.press("Use another account").await?;
        page.in_new_window(async |window| choose_account(window, "guest").await).await?;
        element.wait_for_heading("samples/hello-world").await?;
        assert_no_credential(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_frame_whose_window_was_closed_opens_another(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let portal = Portal::start_at(Place::AnotherSite, &format!("{POLICY}; frame-src *")).await?;
    visit_in(browser, &portal.origin, async |page| {
        page.open(&portal.frame()).await?;
        page.session_in_frame(async |inside| inside.press_by_text(BUTTON).await).await?;
        page.in_new_window(close_at_microsoft).await?;
        page.session_in_frame(async |inside| {
            inside.wait_for_alert("The sign-in window was closed").await?;
            inside.press_by_text(BUTTON).await
        })
        .await?;
        page.in_new_window(async |window| choose_account(window, "owner").await).await?;
        page.session_in_frame(async |inside| {
            inside.wait_for_heading("samples/hello-world").await?;
            assert_no_credential(inside).await
        })
        .await
    })
    .await
}

/// Closes the window while it shows Microsoft's page.
async fn close_at_microsoft(window: &Page) -> Result<()> {
    window.wait_for_heading("Pick an account").await?;
    window.close().await
}

#[rstest]
#[case::blocked(BLOCK_POPUPS, REDIRECT_PAGE, "The browser blocked the sign-in window.")]
#[case::elsewhere("", "https://portal.example/redirect.html", "is not on this page's origin")]
#[tokio::test]
async fn why_the_element_opens_no_window_is_explained(
    #[case] before: &str,
    #[case] redirect_page: &str,
    #[case] explained: &str,
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let portal = Portal::start().await?;
    visit_in(browser, &portal.site.url(), async |page| {
        page.open(&portal.page(redirect_page)).await?;
        page.evaluate(before).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.press(BUTTON).await?;
        element.wait_for_text(explained).await?;
        page.wait_until(
            "return events.some(one => one.name === 'acr-error' && one.detail.kind === 'sign-in')",
        )
        .await?;
        let error = events(&page, "acr-error").await?.pop().unwrap();
        assert!(error["why"].as_str().unwrap().contains(explained), "{error}");
        assert_no_credential(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_blocked_window_of_the_frame_is_explained(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let portal = Portal::start_at(Place::AnotherSite, &format!("{POLICY}; frame-src *")).await?;
    visit_in(browser, &portal.origin, async |page| {
        page.open(&portal.frame()).await?;
        page.session_in_frame(async |inside| {
            inside.wait_for_text(BUTTON).await?;
            inside.evaluate(BLOCK_POPUPS).await?;
            inside.press_by_text(BUTTON).await?;
            inside.wait_for_alert("The browser blocked the sign-in window.").await?;
            assert_no_credential(inside).await
        })
        .await?;
        page.wait_until(
            "return events.some(one => one.type === 'acr-error' && one.detail.kind === 'sign-in')",
        )
        .await
    })
    .await
}

#[rstest]
#[case::consent("consent-missing", "az ad app permission admin-consent --id")]
#[case::conditional_access("conditional-access", "Conditional Access")]
#[tokio::test]
async fn a_refusal_is_explained_where_the_window_was_opened(
    #[case] refusal: &str,
    #[case] explained: &str,
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let portal = Portal::start().await?;
    portal.setup.refuse(refusal, "/oauth2/v2.0/").await?;
    visit_with_errors_in(browser, &portal.site.url(), async |page| {
        page.open(&portal.page(REDIRECT_PAGE)).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.press(BUTTON).await?;
        page.in_new_window(async |window| choose_account(window, "owner").await).await?;
        element.wait_for_text(explained).await?;
        page.open(&portal.frame()).await?;
        page.session_in_frame(async |inside| inside.press_by_text("Use another account").await).await?;
        page.in_new_window(async |window| choose_account(window, "owner").await).await?;
        page.session_in_frame(async |inside| {
            inside.wait_for_alert(explained).await?;
            assert_no_credential(inside).await
        })
        .await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_policy_without_the_authority_is_named(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let policy = POLICY.replace(" http://127.0.0.1:*", "");
    let portal = Portal::start_at(Place::SameSite, &policy).await?;
    visit_with_errors_in(browser, &portal.site.url(), async |page| {
        page.open(&portal.page(REDIRECT_PAGE)).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.press(BUTTON).await?;
        element.wait_for_text(&format!("add {} to its connect-src", portal.setup.tenant.origin())).await?;
        page.wait_for_windows(1).await
    })
    .await
}
