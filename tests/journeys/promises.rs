//! That the journeys can fail: what every visit promises is noticed when it is broken, in each browser.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::role::{self, Role};
use acr_tests::stub_registry::StubRegistry;
use anyhow::Result;
use rstest::rstest;

async fn page_with(script: &str) -> Result<StubRegistry> {
    let html = format!(
        "<!doctype html><title>stub</title><link rel=icon href='data:,'><h1>Stub</h1><button>Delete</button><script>{script}</script>"
    );
    StubRegistry::start("text/html", &html).await
}

#[rstest]
#[case::throws("setTimeout(() => { throw new Error('broken') })", "broken")]
#[case::complains("console.error('not as it', 'should be')", "not as it")]
#[case::rejects("Promise.reject(new Error('unawaited'))", "unawaited")]
#[case::breaks_its_own_policy(
    "document.head.append(Object.assign(document.createElement('meta'), {httpEquiv: 'Content-Security-Policy', content: \"connect-src 'none'\"})); fetch('/elsewhere').catch(() => {})",
    "connect-src"
)]
#[tokio::test]
async fn a_page_with_an_error_fails_its_visit(
    #[case] script: &str,
    #[case] said: &str,
    #[values(Chromium, Firefox)] browser: Browser,
) {
    let stub = page_with(script).await.unwrap();
    let base = stub.url();
    let visited = visit_in(browser, &base, async |page| {
        page.open("/").await?;
        page.wait_for_heading("Stub").await?;
        page.evaluate("return new Promise(done => setTimeout(done, 0))").await?;
        Ok(())
    });
    let error = visited.await.unwrap_err().to_string();
    assert!(error.contains("an error in the console") && error.contains(said), "{error}");
}

#[rstest]
#[tokio::test]
async fn a_page_that_asks_another_host_fails_its_visit(#[values(Chromium, Firefox)] browser: Browser) {
    let stub = page_with("fetch('http://elsewhere.invalid/').catch(() => {})").await.unwrap();
    let base = stub.url();
    let visited = visit_in(browser, &base, async |page| {
        page.open("/").await?;
        page.wait_for_heading("Stub").await
    });
    assert_eq!(visited.await.unwrap_err().to_string(), "the page asked http://elsewhere.invalid/");
}

#[rstest]
#[tokio::test]
async fn a_button_that_is_not_on_the_page_is_not_found(#[values(Chromium, Firefox)] browser: Browser) {
    let stub = page_with("").await.unwrap();
    visit_in(browser, &stub.url(), async |page| {
        page.open("/").await?;
        page.press("Delete").await?;
        assert!(!role::exists(page.browser(), Role::Button, "Untag").await?);
        assert_eq!(role::names(page.browser(), Role::Button).await?, ["Delete"]);
        Ok(())
    })
    .await
    .unwrap();
}
