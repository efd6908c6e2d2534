//! A React portal with two registries on one page, which it shows, hides and renders anew.

use acr_tests::browser::{Browser, visit, visit_in};
use acr_tests::embedded::Embedded;
use acr_tests::page::Page;
use acr_tests::service::{REGISTRY, Service};
use acr_tests::static_site::StaticSite;
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::{Value, json};
use thirtyfour::cdp::Cdp;

use crate::built;

const FIRST: &str = "section[aria-label=First] acr-dashboard";
const SECOND: &str = "section[aria-label=Second] acr-dashboard";

/// A portal, and two registries behind a gateway each.
struct Portal {
    site: StaticSite,
    _services: [Service; 4],
    path: String,
}

impl Portal {
    async fn start() -> Result<Self> {
        let site = StaticSite::start(&built("react").await?).await?;
        let closed = ["--seed", "demo", "--username", "portal", "--password", "secret"];
        let (first, second) =
            (Service::emulator(&closed).await?, Service::emulator(&["--seed", "demo"]).await?);
        let allowed = ["--cors-origins", &site.url()];
        let gateways = [
            Service::gateway(&first.upstream(), &allowed).await?,
            Service::gateway(&second.upstream(), &allowed).await?,
        ];
        let [one, two] =
            gateways.each_ref().map(|gateway| format!("{}/registries/{REGISTRY}", gateway.url()));
        let path =
            format!("/?first={one}&second={two}&repository=samples/hello-world&user=portal&password=secret");
        let [a, b] = gateways;
        Ok(Self { site, _services: [first, second, a, b], path })
    }
}

async fn both_shown(page: &Page) -> Result<()> {
    Embedded::new(page, FIRST).wait_for_heading("samples/hello-world").await?;
    Embedded::new(page, FIRST).wait_for_text("latest").await?;
    Embedded::new(page, SECOND).wait_for_heading("Repositories").await?;
    Embedded::new(page, SECOND).wait_for_text("nginx").await?;
    // What is requested after the first rows has arrived.
    Embedded::new(page, FIRST).wait_for_rest().await?;
    Embedded::new(page, SECOND).wait_for_rest().await
}

#[rstest]
#[case::chromium(Browser::Chromium)]
#[case::firefox(Browser::Firefox)]
#[tokio::test]
async fn two_registries_live_on_a_page_that_renders_them_anew(#[case] browser: Browser) -> Result<()> {
    let portal = Portal::start().await?;
    visit_in(browser, &portal.site.url(), async |page| {
        page.open(&portal.path).await?;
        both_shown(&page).await?;
        // Chunks of the module may still be on their way: what is asked of the registries is not.
        let requests = "return performance.getEntriesByType('resource').filter(entry => !entry.name.includes('.wasm')).length";
        let modules = "return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => name.includes('.wasm')).toSorted()";
        let before = page.evaluate(requests).await?;
        page.evaluate("for (let time = 0; time < 20; time += 1) portal.render()").await?;
        Embedded::new(&page, SECOND).wait_until("host.getAttribute('theme') === 'light'").await?;
        both_shown(&page).await?;
        assert_eq!(page.evaluate(requests).await?, before, "rendering anew asked for something");
        let modules = page.evaluate(modules).await?;
        let modules = modules.as_array().cloned().unwrap_or_default();
        assert!(modules.iter().any(|name| name.as_str().is_some_and(|name| name.contains("_bg"))), "{modules:?}");
        assert!(modules.windows(2).all(|pair| pair[0] != pair[1]), "one module serves both: {modules:?}");
        let first = Embedded::new(&page, FIRST);
        first.click("latest").await?;
        first.wait_for_heading("samples/hello-world:latest").await?;
        assert_eq!(page.evaluate("return portal.events.navigations.map(one => one.route)").await?, json!(["samples/hello-world:latest"]));
        Embedded::new(&page, SECOND).wait_for_heading("Repositories").await?;
        for _ in 0..50 {
            page.evaluate("portal.show(false)").await?;
            page.evaluate("portal.show(true)").await?;
        }
        both_shown(&page).await
    })
    .await
}

#[tokio::test]
async fn mounting_fifty_times_leaks_no_heap() -> Result<()> {
    let portal = Portal::start().await?;
    visit(&portal.site.url(), async |page| {
        page.open(&portal.path).await?;
        both_shown(&page).await?;
        let document = counted(&page).await?;
        // What the browser compiles of the page meanwhile lies in the heap as well: that is over after a few mounts.
        mount(&page, 10).await?;
        let first = heap(&page).await?;
        mount(&page, 50).await?;
        let last = heap(&page).await?;
        assert!(last < first * 1.1, "the heap went from {first} to {last} bytes");
        assert_eq!(counted(&page).await?, document, "documents, nodes and listeners");
        Ok(())
    })
    .await
}

async fn mount(page: &Page, times: usize) -> Result<()> {
    for _ in 0..times {
        page.evaluate("portal.show(false)").await?;
        page.evaluate("portal.show(true)").await?;
        both_shown(page).await?;
    }
    Ok(())
}

/// The bytes of the page's heap in use after a garbage collection.
async fn heap(page: &Page) -> Result<f64> {
    // The browser's own notes of requests are no part of it.
    page.evaluate("performance.clearResourceTimings()").await?;
    let devtools = Cdp::new(page.browser().clone());
    devtools.send_raw("HeapProfiler.collectGarbage", json!({})).await?;
    let usage = devtools.send_raw("Runtime.getHeapUsage", json!({})).await?;
    usage.get("usedSize").and_then(Value::as_f64).context("no heap usage")
}

/// How many documents, nodes and listeners there are after a garbage collection.
async fn counted(page: &Page) -> Result<Value> {
    let devtools = Cdp::new(page.browser().clone());
    devtools.send_raw("HeapProfiler.collectGarbage", json!({})).await?;
    Ok(devtools.send_raw("Memory.getDOMCounters", json!({})).await?)
}
