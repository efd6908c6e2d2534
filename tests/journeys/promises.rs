//! That the journeys can fail: what every visit promises is noticed when it is broken.

use acr_tests::browser::visit;
use acr_tests::role::{self, Role};
use acr_tests::stub_registry::StubRegistry;
use anyhow::Result;

async fn page_with(script: &str) -> Result<StubRegistry> {
    let html = format!(
        "<!doctype html><title>stub</title><h1>Stub</h1><button>Delete</button><script>{script}</script>"
    );
    StubRegistry::start("text/html", &html).await
}

#[tokio::test]
async fn a_page_that_throws_fails_its_visit() {
    let stub = page_with("setTimeout(() => { throw new Error('broken') })").await.unwrap();
    let base = stub.url();
    let visited = visit(&base, async |page| {
        page.open("/").await?;
        page.wait_for_heading("Stub").await?;
        page.evaluate("return new Promise(done => setTimeout(done))").await?;
        Ok(())
    });
    let error = visited.await.unwrap_err().to_string();
    assert!(error.contains("an error in the console") && error.contains("broken"), "{error}");
}

#[tokio::test]
async fn a_page_that_asks_another_host_fails_its_visit() {
    let stub = page_with("fetch('http://elsewhere.invalid/').catch(() => {})").await.unwrap();
    let base = stub.url();
    let visited = visit(&base, async |page| {
        page.open("/").await?;
        page.wait_for_heading("Stub").await
    });
    assert_eq!(visited.await.unwrap_err().to_string(), "the page asked http://elsewhere.invalid/");
}

#[tokio::test]
async fn what_is_looked_for_in_vain_is_named_beside_what_is_there() {
    let stub = page_with("").await.unwrap();
    visit(&stub.url(), async |page| {
        page.open("/").await?;
        page.press("Delete").await?;
        assert!(!role::exists(page.browser(), Role::Button, "Untag").await?);
        assert_eq!(role::names(page.browser(), Role::Button).await?, ["Delete"]);
        Ok(())
    })
    .await
    .unwrap();
}
