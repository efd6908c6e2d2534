//! How far the dashboard reaches: 100 000 repositories, a repository of 100 000 tags, and what opening something costs.

use acr_tests::browser::visit_unwatched;
use acr_tests::demo;
use acr_tests::page::Page;
use acr_tests::service::{REGISTRY, Service};
use anyhow::Result;
use serde_json::{Value, json};
use std::time::Duration;
use thirtyfour::cdp::Cdp;

const ROWS: &str = "100000";

/// Before any page of the visit runs: looks for the first row of a list, and for requests of its pages.
pub(crate) async fn watch(page: &Page, row: &str, list: &str) -> Result<()> {
    let source = include_str!("reach.js").replace("@row@", row).replace("@list@", list);
    devtools(page, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
    page.browser().set_script_timeout(Duration::from_secs(300)).await?;
    Ok(())
}

pub(crate) async fn devtools(page: &Page, method: &str, parameters: Value) -> Result<Value> {
    Ok(Cdp::new(page.browser().clone()).send_raw(method, parameters).await?)
}

/// JavaScript heap in MiB, after a collection.
async fn heap(page: &Page) -> Result<f64> {
    devtools(page, "HeapProfiler.collectGarbage", json!({})).await?;
    let used = devtools(page, "Runtime.getHeapUsage", json!({})).await?;
    Ok((used["usedSize"].as_f64().unwrap_or_default() / 104_857.6).round() / 10.0)
}

#[tokio::test]
async fn a_hundred_thousand_repositories() -> Result<()> {
    let emulator = Service::emulator(&["--repositories", ROWS]).await?;
    measure(&emulator, "repositories", &format!("/{REGISTRY}"), "/_catalog", "repository-0999").await
}

#[tokio::test]
async fn a_repository_of_a_hundred_thousand_tags() -> Result<()> {
    let emulator = Service::emulator(&["--tags", ROWS]).await?;
    measure(&emulator, "tags", &format!("/{REGISTRY}/scale/tags"), "/_tags", "build-0999").await
}

async fn measure(emulator: &Service, what: &str, path: &str, list: &str, search: &str) -> Result<()> {
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    visit_unwatched(&gateway.url(), async |page| {
        watch(&page, "tbody tr.row", list).await?;
        page.open(path).await?;
        page.wait_until("return reach.firstRow !== null").await?;
        println!("{ROWS} {what}, first row: {}", page.evaluate("return reach.firstRow").await?);
        let complete = "return new Promise(done => { const look = () => document.querySelector('.completeness')?.textContent.includes('complete') ? done(Math.round(performance.now())) : setTimeout(look, 50); look(); })";
        println!("{ROWS} {what}, complete after ms: {}", page.evaluate(complete).await?);
        page.evaluate("return new Promise(done => setTimeout(done, 2000))").await?;
        println!("{ROWS} {what}, scrolling: {}", page.evaluate("return reach.scroll()").await?);
        println!("{ROWS} {what}, sorting: {}", page.evaluate("return reach.sort()").await?);
        let searching = page.evaluate(&format!("return reach.search('{search}')")).await?;
        println!("{ROWS} {what}, searching: {searching}");
        let wasm = page.evaluate("return reach.wasmMiB()").await?;
        println!("{ROWS} {what}, MiB: {} of JavaScript, {wasm} of wasm", heap(&page).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn requests_to_open_something() -> Result<()> {
    let service = Service::demo(&[]).await?;
    let repository = format!("/demo/{}", demo::MULTI_PLATFORM);
    visit_unwatched(&service.url(), async |page| {
        watch(&page, "tbody tr.row", "/_catalog").await?;
        for (what, path) in
            [("repository", repository.clone()), ("manifest", format!("{repository}:{}", demo::TAG))]
        {
            page.open(&path).await?;
            demo::assert_shown(&page).await?;
            println!("calls of a {what} by its address: {}", page.evaluate("return reach.calls(0)").await?);
        }
        page.open("/demo").await?;
        demo::assert_shown(&page).await?;
        page.evaluate("document.querySelector('input[type=search]').focus(); return null").await?;
        for (what, link) in [("repository", demo::MULTI_PLATFORM), ("manifest", demo::TAG)] {
            let before = page.evaluate("return reach.calls(0).length").await?;
            page.follow(link).await?;
            page.wait_for_heading(if what == "manifest" { "samples/hello-world:latest" } else { link })
                .await?;
            demo::assert_shown(&page).await?;
            let calls = page.evaluate(&format!("return reach.calls({before})")).await?;
            println!("calls of a {what} from the list: {calls}");
        }
        Ok(())
    })
    .await
}
