//! Bad days of a registry that goes on: throttling, an expired token, a firewall, damaged answers, a catalog that is refused.
//! What went wrong is said, nothing that was there is lost, and the way on is one button.

use std::collections::BTreeSet;

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::interposer::Interposer;
use acr_tests::page::Page;
use acr_tests::page::dialog::Dialog;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repositories::Repositories;
use acr_tests::page::repository::Repository;
use acr_tests::page::sign_in::SignIn;
use acr_tests::role::Role;
use acr_tests::service::{REGISTRY, Service, Upstream};
use anyhow::Result;
use axum::body::Bytes;
use rstest::rstest;
use serde_json::json;

const USERNAME: &str = "contoso";
const PASSWORD: &str = "correct-horse";

/// What a client asks no second time by itself: longer than it is patient.
const LONG: u64 = 120;

#[rstest]
#[tokio::test]
async fn a_list_that_is_throttled_midway_keeps_its_rows_and_goes_on_where_it_stopped(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    const TAGS: usize = 20_000;
    let emulator = Service::faulty_emulator(&["--tags", &TAGS.to_string()]).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        // Slow enough to be caught in the middle: 40 pages.
        faults.add(&json!({"fault": "latency", "milliseconds": 300, "path": "/scale/tags/_tags"})).await?;
        page.open(&format!("/{REGISTRY}/scale/tags")).await?;
        page.wait_for_status("00…").await?;
        faults.add(&json!({"fault": "throttle", "retry_after": 1, "path": "/scale/tags/_tags"})).await?;
        page.wait_for_status("partial: throttled").await?;
        let rows = page.table("Tags").await?.rows().await?;
        assert!(rows.len() > 10, "{rows:?}");
        let refused = pages_asked_for(&page).await?.pop();
        faults.clear().await?;
        page.press("Resume").await?;
        page.wait_for_status("20 000 of 20 000 shown").await?;
        page.wait_for_status("complete").await?;
        // Every page was asked for, and none but the refused one twice: 40 pages, far below what the browser remembers.
        let asked = pages_asked_for(&page).await?;
        let times = |query: &String| asked.iter().filter(|other| *other == query).count();
        let repeated: BTreeSet<_> = asked.iter().filter(|query| times(query) > 1).collect();
        assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), TAGS / 500, "{asked:?}");
        assert_eq!(repeated, refused.iter().collect());
        Ok(())
    })
    .await
}

/// The queries of the pages of tags asked for so far, in order.
async fn pages_asked_for(page: &Page) -> Result<Vec<String>> {
    let script = "return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => name.includes('/_tags')).map(name => new URL(name).search)";
    Ok(serde_json::from_value(page.evaluate(script).await?)?)
}

#[rstest]
#[tokio::test]
async fn an_access_token_that_expires_is_renewed_without_a_word(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, faults, gateway) = closed_registry().await?;
    visit_in(browser, &gateway.url(), async |page| {
        signed_in(&page, "/").await?;
        Repositories::shown(&page).await?.table().await?.rows().await?;
        faults.add(&json!({"fault": "expired-token", "path": "/acr/v1/nginx/_tags", "times": 1})).await?;
        Repositories::shown(&page).await?.open("nginx").await?;
        Repository::shown(&page, "nginx").await?.tags().await?.row_link("latest").await?;
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_session_that_ended_is_said_and_signing_in_again_leads_back_to_the_same_place(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, faults, gateway) = closed_registry().await?;
    visit_in(browser, &gateway.url(), async |page| {
        signed_in(&page, "/").await?;
        let repositories = Repositories::shown(&page).await?;
        repositories.table().await?.rows().await?;
        faults.add(&json!({"fault": "expired-token"})).await?;
        repositories.open("nginx").await?;
        page.wait_for_alert("Sign in again").await?;
        faults.clear().await?;
        page.press("Sign in again").await?;
        let place = page.path().await?;
        SignIn::shown(&page).await?.with_password(USERNAME, PASSWORD).await?;
        Repository::shown(&page, "nginx").await?.tags().await?.row_link("latest").await?;
        assert_eq!(page.path().await?, place);
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn what_a_lost_session_left_of_a_rule_is_asked_for_again(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, faults, gateway) = closed_registry().await?;
    visit_in(browser, &gateway.url(), async |page| {
        signed_in(&page, &format!("/{REGISTRY}/-/storage")).await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Some requests failed").await?;
        page.fill(Role::TextBox, "Tags to lock", "^(latest|stable)$").await?;
        page.press("Preview locks").await?;
        page.wait_for_status("Locks ").await?;
        page.press("Lock all").await?;
        Dialog::shown(&page, "Lock all").await?;
        let names = "return document.querySelector('dialog[open] .names').innerText";
        let all = page.evaluate(names).await?;
        faults.add(&json!({"fault": "expired-token"})).await?;
        lock_all(&page).await?.wait_for_text("0 of ").await?;
        let dialog = Dialog::shown(&page, "Lock all").await?;
        dialog.wait_for_text("Sign in again and continue").await?;
        faults.clear().await?;
        dialog.press("Sign in again and continue").await?;
        SignIn::shown(&page).await?.with_password(USERNAME, PASSWORD).await?;
        Dialog::shown(&page, "Lock all").await?;
        // Of every repository, not of the one that was under way alone.
        assert_eq!(page.evaluate(names).await?, all);
        let dialog = lock_all(&page).await?;
        page.wait_until("const [, done, of] = /(\\d+) of (\\d+) done/.exec(document.querySelector('dialog[open]').innerText) ?? []; return done !== undefined && done === of").await?;
        dialog.wait_for_text("tests/nested-index:stable done").await?;
        dialog.press("Close").await
    })
    .await
}

/// Confirms the dialog "Lock all".
async fn lock_all(page: &Page) -> Result<Dialog> {
    let dialog = Dialog::shown(page, "Lock all").await?;
    dialog.fill(&format!("Type {REGISTRY} to confirm"), REGISTRY).await?;
    dialog.wait_for_disabled("Lock all", false).await?;
    dialog.press("Lock all").await?;
    Ok(dialog)
}

#[rstest]
#[tokio::test]
async fn a_firewall_is_distinguished_from_a_wrong_password(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, faults, gateway) = closed_registry().await?;
    visit_in(browser, &gateway.url(), async |page| {
        faults.add(&json!({"fault": "firewall"})).await?;
        page.open("/").await?;
        SignIn::shown(&page).await?.with_password(USERNAME, PASSWORD).await?;
        page.wait_for_alert("firewall").await?;
        page.wait_for_alert("DENIED").await?;
        page.press("Check connection").await?;
        page.wait_for_text("blocks the gateway's address (403)").await?;
        faults.clear().await?;
        page.press("Sign in").await?;
        Repositories::shown(&page).await?.table().await?.rows().await?;
        Ok(())
    })
    .await
}

#[rstest]
#[case::throttled(json!({"fault": "throttle", "retry_after": LONG}), "Rate limit", "120 s")]
#[case::firewall(json!({"fault": "firewall"}), "Firewall", "403")]
#[case::down(json!({"fault": "status", "status": 503}), "Registry", "does not answer the gateway")]
#[case::wants_credentials(json!({"fault": "latency", "milliseconds": 0}), "Credential", "Sign in")]
#[tokio::test]
async fn the_doctor_names_the_step_at_which_it_ends(
    #[case] fault: serde_json::Value,
    #[case] step: &str,
    #[case] said: &str,
) -> Result<()> {
    let (_emulator, faults, gateway) = closed_registry().await?;
    visit_in(Chromium, &gateway.url(), async |page| {
        faults.add(&fault).await?;
        page.open("/").await?;
        page.press("Check connection").await?;
        page.wait_until("return document.querySelector('.finding.bad') !== null").await?;
        let last =
            page.evaluate("return document.querySelector('.findings').lastElementChild.innerText").await?;
        let last = last.as_str().unwrap_or_default();
        assert!(last.contains(step) && last.contains(said), "{last}");
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn json_that_ends_too_soon_is_said_and_can_be_asked_for_again(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "demo"]).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        faults.add(&json!({"fault": "truncate-json", "after": 100, "path": "/nginx/_tags"})).await?;
        page.open(&format!("/{REGISTRY}/nginx")).await?;
        page.wait_for_alert("did not come from a container registry").await?;
        faults.clear().await?;
        page.press("Try again").await?;
        Repository::shown(&page, "nginx").await?.tags().await?.row_link("latest").await?;
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn attributes_that_cannot_be_read_take_no_list_away(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "demo"]).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        // The lists stay as they are: the first rule that fits is the one.
        faults.add(&json!({"fault": "truncate-json", "after": 100_000_000, "path": "/nginx/_"})).await?;
        faults.add(&json!({"fault": "truncate-json", "after": 10, "path": "/acr/v1/nginx"})).await?;
        page.open(&format!("/{REGISTRY}/nginx")).await?;
        page.wait_for_text("Could not be read. Refresh to try again.").await?;
        Repository::shown(&page, "nginx").await?.tags().await?.row_link("latest").await?;
        faults.clear().await?;
        page.press("Refresh").await?;
        page.wait_until("return document.querySelector('.essentials').innerText.includes('None')").await?;
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_manifest_whose_bytes_are_not_those_its_digest_names_is_not_shown(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "demo"]).await?;
    let forger = Interposer::start(&emulator.url(), |path, body| {
        let manifest = path.contains("/v2/nginx/manifests/");
        manifest.then(|| Bytes::from(String::from_utf8_lossy(body).replacen("sha256:", "sha256:0", 1)))
    })
    .await?;
    let gateway = Service::open_gateway(&Upstream::at(&forger.url())).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/nginx:latest")).await?;
        page.wait_for_alert("does not match its digest").await?;
        demo::assert_settled(&page).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn an_image_whose_config_is_gone_shows_everything_else(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "demo"]).await?;
    emulator.faults()?.add(&json!({"fault": "status", "status": 404, "path": "/blobs/"})).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{}", demo::IMAGE)).await?;
        let manifest = Manifest::shown(&page, demo::IMAGE).await?;
        assert!(!manifest.layers().await?.rows().await?.is_empty());
        for tab in ["Config", "History"] {
            page.tab(tab).await?;
            page.wait_for_alert("could not be read").await?;
        }
        page.tab("Raw JSON").await?;
        page.wait_for_text("schemaVersion").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn who_may_not_list_the_catalog_types_a_repository_and_pins_it(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let tokens = tempfile::NamedTempFile::new()?;
    let scoped = json!([{
        "name": "ci", "passwords": ["secret-of-ci"],
        "scopeMap": {"actions": ["repositories/nginx/content/read", "repositories/nginx/metadata/read"]},
    }]);
    std::fs::write(tokens.path(), scoped.to_string())?;
    let tokens = tokens.path().display().to_string();
    let emulator = Service::emulator(&["--seed", "demo", "--tokens", &tokens]).await?;
    let gateway = Service::gateway(&emulator.upstream(), &[]).await?;
    let sign_in = async |page: &Page| {
        page.open("/").await?;
        SignIn::shown(page).await?.with_password("ci", "secret-of-ci").await
    };
    visit_in(browser, &gateway.url(), async |page| {
        sign_in(&page).await?;
        page.wait_for_alert("could not be listed").await?;
        page.fill(Role::TextBox, "Open a repository by name", "nginx").await?;
        page.press("Open").await?;
        Repository::shown(&page, "nginx").await?.tags().await?.row_link("latest").await?;
        page.press("Pin").await?;
        sign_in(&page).await?;
        page.wait_for_alert("could not be listed").await?;
        page.click_first("main .plain-list a").await?;
        Repository::shown(&page, "nginx").await?.tags().await?.row_link("latest").await?;
        // What this session lacks is disabled, with the reason.
        let lock = page.evaluate("return [...document.querySelectorAll('button')].filter(button => button.disabled).map(button => `${button.textContent.trim()}: ${button.title}`).join('|')").await?;
        let lock = lock.as_str().unwrap_or_default();
        assert!(lock.contains("Delete repository: ") && lock.contains("does not have the permission delete"), "{lock}");
        Ok(())
    })
    .await
}

async fn closed_registry() -> Result<(Service, acr_tests::fault::Faults, Service)> {
    let (emulator, gateway) = Service::closed(USERNAME, PASSWORD).await?;
    let faults = emulator.faults()?;
    Ok((emulator, faults, gateway))
}

async fn signed_in(page: &Page, path: &str) -> Result<()> {
    page.open(path).await?;
    SignIn::shown(page).await?.with_password(USERNAME, PASSWORD).await
}
