//! A plain page, under a strict Content-Security-Policy: what the element shows, emits and leaves alone.

use acr_tests::browser::{Browser, visit, visit_in};
use acr_tests::embedded::Embedded;
use anyhow::Result;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{Host, axe_violations, events};

const ELEMENT: &str = "acr-dashboard";

#[rstest]
#[case::chromium(Browser::Chromium)]
#[case::firefox(Browser::Firefox)]
#[tokio::test]
async fn one_repository_stands_on_a_page_that_stays_its_own(#[case] browser: Browser) -> Result<()> {
    let host = Host::plain().await?;
    visit_in(browser, &host.site.url(), async |page| {
        page.open(&host.page("repository=samples/hello-world")).await?;
        let before = surroundings(&page).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_heading("samples/hello-world").await?;
        element.wait_for_text("latest").await?;
        assert_eq!(
            element
                .evaluate("root.activeElement === null && document.activeElement === document.body")
                .await?,
            true
        );
        element.click("latest").await?;
        element.wait_for_heading("samples/hello-world:latest").await?;
        element.click("Layers").await?;
        element
            .wait_until(
                "root.querySelector('[role=tab][aria-selected=true]').textContent.trim() === 'Layers'",
            )
            .await?;
        assert_eq!(surroundings(&page).await?, before);
        let routes: Vec<Value> =
            events(&page, "acr-navigate").await?.into_iter().map(|detail| detail["route"].clone()).collect();
        assert_eq!(routes, ["samples/hello-world:latest", "samples/hello-world:latest?tab=layers"]);
        assert_eq!(axe_violations(&page).await?, json!([]));
        Ok(())
    })
    .await
}

#[rstest]
#[case::chromium(Browser::Chromium)]
#[case::firefox(Browser::Firefox)]
#[tokio::test]
async fn the_files_of_an_image_are_read_by_the_packages_own_worker(#[case] browser: Browser) -> Result<()> {
    let host = Host::plain().await?;
    visit_in(browser, &host.site.url(), async |page| {
        page.open(&host.page("route=nginx:latest?tab=files")).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_until("root.querySelector('[role=treegrid]')?.textContent.includes('etc')").await?;
        element.click("etc").await?;
        element.click("os-release").await?;
        element.wait_for_text("bookworm").await
    })
    .await
}

/// What of a page an element must leave alone.
async fn surroundings(page: &acr_tests::page::Page) -> Result<Value> {
    page.evaluate(
        "return { url: location.href, history: history.length, title: document.title, storage: { ...localStorage, ...sessionStorage }, \
         cookie: document.cookie, fonts: document.fonts.size, sheets: document.styleSheets.length, adopted: document.adoptedStyleSheets.length, \
         root: document.documentElement.outerHTML.length }",
    )
    .await
}

#[tokio::test]
async fn nothing_but_a_small_module_is_loaded_until_the_element_is_seen() -> Result<()> {
    let host = Host::plain().await?;
    visit(&host.site.url(), async |page| {
        page.open(&host.page("repository=nginx")).await?;
        // Put below the fold before its module has run: nothing else has been loaded yet.
        page.open("/plain/empty.html").await?;
        page.wait_until("return customElements.get('acr-dashboard') !== undefined").await?;
        let endpoint = json!(host.endpoint());
        page.evaluate(&format!(
            "const below = document.createElement('acr-dashboard'); below.setAttribute('endpoint', {endpoint}); \
             below.setAttribute('login-server', 'contoso.azurecr.io'); below.setAttribute('repository', 'nginx'); \
             document.querySelector('main').style.marginTop = '5000px'; document.querySelector('main').append(below)"
        ))
        .await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_until("root.querySelector('[aria-busy=true]') !== null").await?;
        let loaded = "return performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname.split('/').pop())";
        let names = page.evaluate(loaded).await?.to_string();
        assert!(!names.contains(".wasm") && !names.contains("styles.js"), "{names}");
        let small = "return performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.encodedBodySize, 0)";
        assert!(page.evaluate(small).await?.as_u64().is_some_and(|bytes| bytes < 24_000));
        element.evaluate("host.scrollIntoView() ?? true").await?;
        element.wait_for_heading("nginx").await?;
        assert!(page.evaluate(loaded).await?.to_string().contains(".wasm"));
        Ok(())
    })
    .await
}

#[rstest]
#[case::chromium(Browser::Chromium)]
#[case::firefox(Browser::Firefox)]
#[tokio::test]
async fn a_page_that_unsets_everything_changes_nothing_inside(#[case] browser: Browser) -> Result<()> {
    let host = Host::plain().await?;
    let looks = "(() => { const look = selector => { const style = getComputedStyle(root.querySelector(selector)); \
                 return ['display', 'fontSize', 'fontFamily', 'fontWeight', 'color', 'backgroundColor', 'padding', 'cursor', 'visibility', 'textAlign', \
                 'textTransform', 'letterSpacing', 'whiteSpace', 'boxSizing'].map(name => style[name]).join('|'); }; \
                 return ['.app', 'h1', '.tabs', '.table', '.row th a', '.button'].map(look).concat(getComputedStyle(host).display); })()";
    visit_in(browser, &host.site.url(), async |page| {
        let element = Embedded::new(&page, ELEMENT);
        let mut seen = Vec::new();
        for look in ["plain", "hostile", "small-root"] {
            page.open(&host.page(&format!("repository=samples/hello-world&look={look}"))).await?;
            element.wait_for_heading("samples/hello-world").await?;
            element.wait_for_text("latest").await?;
            seen.push(element.evaluate(looks).await?);
        }
        assert_eq!(seen[0], seen[1], "under hostile styles");
        assert_eq!(seen[0], seen[2], "under a root of another size");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_pages_own_router_may_hold_the_route() -> Result<()> {
    let host = Host::plain().await?;
    visit(&host.site.url(), async |page| {
        page.open(&host.page("route=samples/hello-world&routing=host&link-base=/images/")).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_heading("samples/hello-world").await?;
        element.wait_for_text("latest").await?;
        let href = "[...root.querySelectorAll('th a')].find(link => link.textContent === 'latest').getAttribute('href')";
        assert_eq!(element.evaluate(href).await?, "/images/samples/hello-world:latest");
        element.click("latest").await?;
        page.wait_until("return events.some(one => one.name === 'acr-navigate')").await?;
        assert_eq!(element.evaluate("root.querySelector('h1').textContent").await?, "samples/hello-world");
        element.evaluate("host.setAttribute('route', events.at(-1).detail.route) ?? true").await?;
        element.wait_for_heading("samples/hello-world:latest").await?;
        element.evaluate("host.navigate({ repository: 'nginx' }) ?? true").await?;
        element.wait_for_heading("nginx").await?;
        assert_eq!(events(&page, "acr-navigate").await?.len(), 1);
        Ok(())
    })
    .await
}

#[rstest]
#[case::chromium(Browser::Chromium)]
#[case::firefox(Browser::Firefox)]
#[tokio::test]
async fn a_page_that_stops_a_delete_keeps_the_manifest(#[case] browser: Browser) -> Result<()> {
    let host = Host::plain().await?;
    visit_in(browser, &host.site.url(), async |page| {
        page.open(&host.page("repository=samples/hello-world&reference=latest&stop=delete")).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_heading("samples/hello-world:latest").await?;
        element.click("Delete").await?;
        element.wait_until("root.querySelector('dialog[open]') !== null").await?;
        element.evaluate("[...root.querySelectorAll('dialog button')].find(button => button.textContent.trim() === 'Delete').click() ?? true").await?;
        element.wait_for_text("The page that embeds this dashboard prevented this change.").await?;
        let actions = events(&page, "acr-action").await?;
        assert_eq!((actions.len(), &actions[0]["phase"], &actions[0]["action"]), (1, &json!("before"), &json!("delete")));
        // The manifest is still there: an untag of what has gone would be "gone", not "done".
        page.open(&host.page("repository=samples/hello-world&reference=latest")).await?;
        element.wait_for_heading("samples/hello-world:latest").await?;
        element.click("Untag").await?;
        element.wait_until("root.querySelector('dialog[open]') !== null").await?;
        element.evaluate("[...root.querySelectorAll('dialog button')].find(button => button.textContent.trim() === 'Untag').click() ?? true").await?;
        page.wait_until("return events.some(one => one.detail.phase === 'after')").await?;
        let after = events(&page, "acr-action").await?.pop().unwrap();
        assert_eq!(after["results"], json!([{ "reference": "latest", "status": "done" }]));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_credential_of_the_page_opens_the_registry_and_stands_nowhere() -> Result<()> {
    let site = acr_tests::static_site::StaticSite::with_policy(&crate::folder(), crate::POLICY).await?;
    let host = Host::start(site, &["--username", "portal", "--password", "correct-horse"]).await?;
    visit(&host.site.url(), async |page| {
        page.open(&host.page("repository=samples/hello-world&user=portal&password=correct-horse")).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_heading("samples/hello-world").await?;
        element.wait_for_text("latest").await?;
        let markup = element.evaluate("host.outerHTML + root.innerHTML + JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])").await?;
        assert!(!markup.to_string().contains("correct-horse") && !markup.to_string().contains("eyJ"));
        // An unsuitable one is shown as a message, and reported in an event.
        page.open(&host.page("repository=samples/hello-world&user=portal&password=wrong")).await?;
        element.wait_until("root.querySelector('[role=alert]') !== null").await?;
        page.wait_until("return events.some(one => one.name === 'acr-error' && one.detail.kind === 'sign-in')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_element_that_is_removed_aborts_its_requests_and_one_that_is_moved_does_not() -> Result<()> {
    let host = Host::plain().await?;
    visit(&host.site.url(), async |page| {
        page.open(&host.page("repository=samples/hello-world")).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_heading("samples/hello-world").await?;
        element.evaluate("(globalThis.kept = root.firstElementChild, document.querySelector('main').prepend(host), true)").await?;
        page.wait_until("return Promise.resolve().then(() => kept.isConnected)").await?;
        element
            .evaluate(
                "(globalThis.signals = [], host.fetch = (url, options) => { signals.push(options.signal); return new Promise(() => {}); }, true)",
            )
            .await?;
        page.wait_until("return signals.length > 0").await?;
        assert_eq!(page.evaluate("return signals.some(signal => signal.aborted)").await?, false);
        element.evaluate("host.remove() ?? true").await?;
        page.wait_until("return signals.every(signal => signal.aborted)").await
    })
    .await
}

#[tokio::test]
async fn a_read_only_element_lets_nothing_be_changed() -> Result<()> {
    let host = Host::plain().await?;
    visit(&host.site.url(), async |page| {
        page.open(&host.page("repository=samples/hello-world&reference=latest&read-only=")).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_heading("samples/hello-world:latest").await?;
        element.wait_until("root.querySelectorAll('.title-tools .button').length > 3").await?;
        let enabled = "[...root.querySelectorAll('.title-tools .button:enabled')].map(button => button.textContent.trim())";
        assert_eq!(element.evaluate(enabled).await?, json!(["Refresh"]));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn mounting_fifty_times_takes_no_more_wasm_memory() -> Result<()> {
    let host = Host::plain().await?;
    let memory = "return import('/node_modules/acr-dashboard-element/acr_dashboard_element.js') \
                  .then(glue => glue.default()).then(exports => exports.memory.buffer.byteLength)";
    visit(&host.site.url(), async |page| {
        page.open(&host.page("repository=samples/hello-world")).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_text("latest").await?;
        page.evaluate("globalThis.element = document.querySelector('acr-dashboard')").await?;
        let mount = async |times: usize| {
            for _ in 0..times {
                page.evaluate("element.remove()").await?;
                page.evaluate("document.querySelector('main').append(element)").await?;
                element.wait_for_text("latest").await?;
            }
            anyhow::Ok(())
        };
        // The chunks that are fetched ahead of their use are part of the memory: they are there after a few mounts.
        mount(10).await?;
        let first = page.evaluate(memory).await?;
        mount(50).await?;
        assert_eq!(page.evaluate(memory).await?, first);
        Ok(())
    })
    .await
}

#[rstest]
#[case::chromium(Browser::Chromium)]
#[case::firefox(Browser::Firefox)]
#[tokio::test]
async fn a_page_hears_of_a_selection_and_steers_looks_and_loading(#[case] browser: Browser) -> Result<()> {
    let host = Host::plain().await?;
    visit_in(browser, &host.site.url(), async |page| {
        page.open(&host.page("repository=samples/hello-world")).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_heading("samples/hello-world").await?;
        element.wait_for_text("latest").await?;
        element.evaluate("root.querySelector('tbody input[type=checkbox]').click() ?? true").await?;
        page.wait_until("return events.some(one => one.name === 'acr-select')").await?;
        let selected = events(&page, "acr-select").await?.pop().unwrap();
        assert_eq!(
            (&selected["kind"], &selected["repository"], selected["names"].as_array().map(Vec::len)),
            (&json!("tags"), &json!("samples/hello-world"), Some(1))
        );
        page.evaluate(
            "const sheet = new CSSStyleSheet(); \
             sheet.replaceSync('acr-dashboard { --acr-accent: rgb(1, 2, 3) } acr-dashboard::part(heading) { font-size: 40px }'); \
             document.adoptedStyleSheets = [sheet]",
        )
        .await?;
        let looks = "[getComputedStyle(root.querySelector('tbody th a')).color, getComputedStyle(root.querySelector('h1')).fontSize]";
        assert_eq!(element.evaluate(looks).await?, json!(["rgb(1, 2, 3)", "40px"]));
        element.evaluate("host.setAttribute('theme', 'dark') ?? true").await?;
        element.wait_until("getComputedStyle(root.querySelector('.app')).colorScheme === 'dark'").await?;
        element.evaluate("(performance.clearResourceTimings(), host.refresh(), true)").await?;
        page.wait_until("return performance.getEntriesByType('resource').some(entry => entry.name.includes('_tags'))")
            .await?;
        // Keys are the page's own unless they are pressed in the element.
        page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, composed: true }))").await?;
        assert_eq!(element.evaluate("root.activeElement?.matches('.search-input') ?? false").await?, false);
        element
            .evaluate("root.querySelector('h1').dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, composed: true })) !== null")
            .await?;
        element.wait_until("root.activeElement?.matches('.search-input') ?? false").await
    })
    .await
}

#[rstest]
#[case::chromium(Browser::Chromium)]
#[case::firefox(Browser::Firefox)]
#[tokio::test]
async fn the_palette_offers_the_controls_of_the_element_and_none_of_the_page(
    #[case] browser: Browser,
) -> Result<()> {
    let host = Host::plain().await?;
    visit_in(browser, &host.site.url(), async |page| {
        page.open(&host.page("repository=samples/hello-world&reference=latest")).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_heading("samples/hello-world:latest").await?;
        page.evaluate(
            "const tools = document.createElement('div'); tools.className = 'title-tools'; \
             tools.innerHTML = '<button>Control of the page</button>'; document.body.append(tools); return null",
        )
        .await?;
        let ctrl_k = "new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, composed: true })";
        element.evaluate(&format!("root.querySelector('h1').dispatchEvent({ctrl_k})")).await?;
        let options = "[...root.querySelectorAll('[role=option]')].map(option => option.textContent)";
        element
            .wait_until(&format!("['Lock', 'Delete', 'Refresh', 'Layers'].every(name => {options}.includes(name))"))
            .await?;
        assert_eq!(element.evaluate(&format!("{options}.includes('Control of the page')")).await?, false);
        element
            .evaluate("[...root.querySelectorAll('[role=option]')].find(option => option.textContent === 'Layers').click() ?? true")
            .await?;
        element
            .wait_until("root.querySelector('[role=tab][aria-selected=true]').textContent.trim() === 'Layers'")
            .await
    })
    .await
}
