//! What takes the space: an analysis that reads each list and each manifest once, goes on while other screens are shown, and says which
//! figures can still change.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::page::Page;
use acr_tests::push::{self, LAYER};
use acr_tests::role::Role;
use acr_tests::service::{REGISTRY, Service};
use anyhow::Result;
use rstest::rstest;
use serde_json::json;

/// Of a layer that two repositories have, and of layers that one has.
static COMMON: [u8; 300 * 1024] = [1; 300 * 1024];
static OWN: [u8; 200 * 1024] = [2; 200 * 1024];
static OLD: [u8; 100 * 1024] = [3; 100 * 1024];

/// The browser keeps something of what was read.
const KEPT: &str = "return new Promise(resolve => { const open = indexedDB.open('acr-dashboard.layers'); open.onsuccess = () => { const count = open.result.transaction('uses').objectStore('uses').count(); count.onsuccess = () => { open.result.close(); resolve(count.result > 0) } } })";

/// `base:1`, `team/api:1` on the same layer, and in `team/api` an image that lost its tag and an index.
pub(crate) async fn fill(registry: &str) -> Result<()> {
    let base = push::Repository::at(registry, "base").await?;
    let common = base.blob(LAYER, &COMMON).await?;
    base.image("1", &json!({ "os": "linux" }), &[common], &json!({})).await?;
    let api = push::Repository::at(registry, "team/api").await?;
    let common = api.blob(LAYER, &COMMON).await?;
    let own = api.blob(LAYER, &OWN).await?;
    let old = api.blob(LAYER, &OLD).await?;
    api.image("1", &json!({ "os": "old" }), &[old], &json!({})).await?;
    api.image("1", &json!({ "os": "linux" }), &[common, own], &json!({})).await?;
    api.index("2").await.map(drop)
}

/// How many requests for the content of a manifest were sent, and for how many manifests.
async fn contents(page: &Page) -> Result<(u64, u64)> {
    let script = "const all = performance.getEntriesByType('resource').map(entry => entry.name).filter(name => /\\/manifests\\/sha256:/.test(name)); return [all.length, new Set(all.map(name => name.split('sha256:')[1])).size]";
    let found = page.evaluate(script).await?;
    Ok((found[0].as_u64().unwrap_or_default(), found[1].as_u64().unwrap_or_default()))
}

#[rstest]
#[tokio::test]
async fn an_analysis_reads_every_manifest_once_and_its_figures_add_up(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    fill(&emulator.url()).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/-/storage")).await?;
        page.wait_for_heading("Storage").await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Complete").await?;
        assert_eq!(contents(&page).await?, (5, 5));
        let table = page.table("Storage").await?;
        // What `base` has of its own is its manifest; the layer is shared.
        assert!(table.row_with(&["base"]).await?.contains("300"), "{:?}", table.rows().await?);
        page.wait_for_text("Every image counted in full").await?;
        let exact =
            "return !/at least|at most|about/.test(document.querySelector('.figures-table').innerText)";
        page.wait_until(exact).await?;
        // The largest layer, with everything that uses it.
        let layers = page.table("Largest layers").await?;
        layers.wait_for_text("2 manifests").await?;
        page.click_first("table summary").await?;
        layers.wait_for_text("base:1").await?;
        layers.wait_for_text("team/api:1").await?;
        // A second analysis asks for nothing that is known.
        page.press("Analyze storage").await?;
        page.wait_for_status("Complete").await?;
        assert_eq!(contents(&page).await?, (5, 5));
        // Down to a repository, whose tab shows the same analysis.
        table.open("team/api").await?;
        let table = page.table("Storage").await?;
        table.row_link("Untagged manifests").await?;
        assert!(table.row_with(&["Untagged manifests"]).await?.contains("100"), "{:?}", table.rows().await?);
        page.wait_for_status("Complete").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn an_analysis_continues_on_other_screens_and_waits_when_the_registry_asks(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    fill(&emulator.url()).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/-/storage")).await?;
        // Slow enough to be paused on the way.
        faults
            .add(&json!({"fault": "latency", "milliseconds": 120_000, "path": "/manifests/sha256"}))
            .await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Reading manifests").await?;
        page.wait_for_text("at least").await?;
        page.press("Pause").await?;
        page.wait_for_status("Paused").await?;
        page.press("Stop").await?;
        page.wait_for_status("Stopped before everything was read").await?;
        faults.clear().await?;
        page.reload().await?;
        // A registry that asks to wait is asked again.
        faults
            .add(&json!({"fault": "throttle", "retry_after": 1, "times": 3, "path": "/manifests/"}))
            .await?;
        page.press("Analyze storage").await?;
        page.follow("Repositories").await?;
        page.wait_for_heading("Repositories").await?;
        page.follow("Storage").await?;
        page.wait_for_heading("Storage").await?;
        page.wait_for_status("Complete").await?;
        page.wait_until("return !document.querySelector('.figures-table').innerText.includes('at least')")
            .await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_failed_request_leaves_figures_that_are_not_final() -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    fill(&emulator.url()).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(Chromium, &gateway.url(), async |page| {
        // One manifest cannot be read: the rest is read, and its figures say that they are not final.
        faults.add(&json!({"fault": "status", "status": 500, "path": "/base/manifests/"})).await?;
        page.open(&format!("/{REGISTRY}/-/storage")).await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Some requests failed").await?;
        page.table("Storage").await?.wait_for_text("at least").await?;
        faults.clear().await?;
        page.find(Role::Button, "Analyze storage").await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Complete").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_later_visit_asks_for_no_manifest_that_is_known_and_a_reload_ends_no_analysis(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::faulty_emulator(&["--seed", "empty"]).await?;
    fill(&emulator.url()).await?;
    let faults = emulator.faults()?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/-/storage")).await?;
        page.wait_for_heading("Storage").await?;
        // A reload on the way: the analysis continues by itself.
        faults
            .add(&json!({"fault": "latency", "milliseconds": 120_000, "path": "/manifests/sha256"}))
            .await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Reading manifests").await?;
        faults.clear().await?;
        page.reload().await?;
        page.wait_for_status("Complete").await?;
        assert_eq!(contents(&page).await?, (5, 5));
        page.wait_until(KEPT).await?;
        page.reload().await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Complete").await?;
        assert_eq!(contents(&page).await?, (0, 0));
        assert!(page.table("Storage").await?.row_with(&["base"]).await?.contains("300"));
        Ok(())
    })
    .await
}

#[rstest]
#[tokio::test]
async fn what_was_read_in_one_registry_is_known_in_another(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let first = Service::emulator(&["--seed", "empty"]).await?;
    let second = Service::emulator(&["--seed", "empty"]).await?;
    fill(&first.url()).await?;
    fill(&second.url()).await?;
    let api = push::Repository::at(&second.url(), "team/api").await?;
    api.image("3", &json!({ "os": "new" }), &[], &json!({})).await?;
    let other = format!("fabrikam={}", second.url());
    let both = ["contoso=anonymous", "fabrikam=anonymous"];
    let arguments = ["--registry", &other, "--registry-sign-in", both[0], "--registry-sign-in", both[1]];
    let gateway = Service::gateway(&first.upstream(), &arguments).await?;
    visit_in(browser, &gateway.url(), async |page| {
        for (registry, read) in [(REGISTRY, (5, 5)), ("fabrikam", (1, 1))] {
            page.open(&format!("/{registry}/-/storage")).await?;
            page.press("Analyze storage").await?;
            page.wait_for_status("Complete").await?;
            assert_eq!(contents(&page).await?, read, "{registry}");
            page.wait_until(KEPT).await?;
        }
        assert!(page.table("Storage").await?.row_with(&["base"]).await?.contains("300"));
        Ok(())
    })
    .await
}

#[rstest]
#[case::blocked("Object.defineProperty(window, 'indexedDB', { value: undefined, configurable: true })")]
#[case::full(
    "IDBObjectStore.prototype.put = () => { throw new DOMException('the disk is full', 'QuotaExceededError') }"
)]
#[tokio::test]
async fn an_analysis_that_the_browser_cannot_keep_says_so(
    #[case] storage: &str,
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    fill(&emulator.url()).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/-/storage")).await?;
        page.wait_for_heading("Storage").await?;
        page.evaluate(&format!("{storage}; return true")).await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Complete").await?;
        page.wait_for_text("are not kept for the next visit").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn layers_of_the_same_content_are_found_when_the_configs_are_read(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let content = push::digest(b"what both layers contain");
    for (repository, layer) in [("app", &OWN[..]), ("copy", &OLD[..])] {
        let repository = push::Repository::at(&emulator.url(), repository).await?;
        let layer = repository.blob(LAYER, layer).await?;
        let config = json!({ "os": "linux", "rootfs": { "type": "layers", "diff_ids": [content] } });
        let base = json!({ "org.opencontainers.image.base.name": "debian:12",
            "org.opencontainers.image.base.digest": layer["digest"] });
        repository.image("1", &config, &[layer], &base).await?;
    }
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/-/storage")).await?;
        page.press("Analyze storage").await?;
        page.wait_for_status("Complete").await?;
        page.table("Base images").await?.wait_for_text("2 versions").await?;
        page.press("Find repeated layers").await?;
        page.wait_for_status("1 layer is stored in several compressions.").await?;
        // The larger of the two need not be stored.
        let layers = page.table("Repeated layers").await?;
        assert!(layers.row_with(&["200", "100"]).await?.contains("200 KiB"), "{:?}", layers.rows().await?);
        page.wait_for_status("Complete").await
    })
    .await
}
