//! Any user may have written the content of a registry: it is shown as text, and however large or odd it is, the page stays usable.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::demo;
use acr_tests::interposer::Interposer;
use acr_tests::page::Page;
use acr_tests::page::manifest::Manifest;
use acr_tests::page::repository::Repository;
use acr_tests::push::{self, LAYER};
use acr_tests::service::{REGISTRY, Service, Upstream};
use anyhow::{Context, Result};
use rstest::rstest;
use serde_json::{Map, Value, json};

const REPOSITORY: &str = "hostile/image";

/// How many annotations fill four mebibytes.
const ANNOTATIONS: usize = 3900;
const LAYERS: usize = 500;

const TABS: [&str; 11] = [
    "Overview",
    "Platforms",
    "Layers",
    "Files",
    "History",
    "Config",
    "Annotations",
    "Referrers",
    "Raw JSON",
    "Attributes",
    "Commands",
];

/// Each would set `window.ran` if it were taken for anything but text.
const SCRIPTS: [&str; 6] = [
    "<script>window.ran = 1</script>",
    "<img src=x onerror=\"window.ran = 1\">",
    "\"><svg onload=\"window.ran = 1\">",
    "javascript:window.ran=1",
    "data:text/html,<script>opener.ran=1</script>",
    "\u{202e}</title><style>*{display:none}</style>",
];

/// An empty registry with a gateway before it.
async fn registry() -> Result<(Service, Service, push::Repository)> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let repository = push::Repository::at(&emulator.url(), REPOSITORY).await?;
    Ok((emulator, gateway, repository))
}

/// Opens a tag, goes through all tabs and looks that each is whole: shown, nothing running on, no wider than the window.
async fn walk_tabs(page: &Page, tag: &str) -> Result<()> {
    page.open(&format!("/{REGISTRY}/{REPOSITORY}:{tag}")).await?;
    Manifest::shown(page, &format!("{REPOSITORY}:{tag}")).await?;
    for tab in TABS {
        page.tab(tab).await?;
        page.wait_until(&format!(
            "return document.querySelector('[role=tab][aria-selected=true]').textContent.startsWith('{tab}')"
        ))
        .await?;
        demo::assert_settled(page).await?;
        let wide = page.evaluate("return document.documentElement.scrollWidth - innerWidth").await?;
        assert!(
            wide.as_i64().is_some_and(|wide| wide <= 0),
            "{tab} of {tag} is {wide} wider than the window"
        );
        assert_harmless(page).await?;
    }
    Ok(())
}

/// No script of the content ran, nothing of it became an element, and no link of it leads anywhere but to a web page.
async fn assert_harmless(page: &Page) -> Result<()> {
    let script = "return {
        ran: window.ran ?? null,
        elements: document.querySelectorAll('main img, main script, main iframe, main style, main [onload], main [onerror]').length,
        links: [...document.querySelectorAll('a[href]')]
            .filter(link => link.origin !== location.origin || !link.protocol.startsWith('http'))
            .filter(link => !/^https?:$/.test(link.protocol) || !link.relList.contains('noopener'))
            .map(link => link.outerHTML),
    }";
    let found = page.evaluate(script).await?;
    assert_eq!(found, json!({"ran": null, "elements": 0, "links": []}));
    Ok(())
}

async fn count(page: &Page, selector: &str) -> Result<u64> {
    let found = page.evaluate(&format!("return document.querySelectorAll('{selector}').length")).await?;
    found.as_u64().context("no count")
}

#[rstest]
#[tokio::test]
async fn scripts_in_annotations_labels_history_and_config_are_text(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, gateway, repository) = registry().await?;
    let mut annotations = Map::new();
    let mut history = Vec::new();
    for (number, script) in SCRIPTS.iter().enumerate() {
        annotations.insert(format!("{script}{number}"), json!(script));
        history.push(json!({"created_by": script, "comment": script, "author": script, "empty_layer": true}));
    }
    for known in ["source", "url", "documentation", "title", "vendor", "version", "created"] {
        annotations.insert(format!("org.opencontainers.image.{known}"), json!(SCRIPTS[3]));
    }
    annotations
        .insert("org.opencontainers.image.url".into(), json!("https://example.invalid/?a=\"onclick=x"));
    annotations.insert("com.example.good".into(), json!("https://example.invalid/page"));
    let config = json!({
        "architecture": SCRIPTS[0], "os": SCRIPTS[1], "variant": SCRIPTS[2], "author": SCRIPTS[0], "created": SCRIPTS[1],
        "config": {
            "Labels": annotations, "Env": SCRIPTS, "Entrypoint": SCRIPTS, "Cmd": SCRIPTS, "User": SCRIPTS[0],
            "WorkingDir": SCRIPTS[1], "ExposedPorts": {SCRIPTS[0]: {}}, "Volumes": {SCRIPTS[1]: {}}, "StopSignal": SCRIPTS[2],
        },
        "rootfs": {"type": "layers", "diff_ids": []}, "history": history,
    });
    repository.image("latest", &config, &[], &Value::Object(annotations)).await?;
    visit_in(browser, &gateway.url(), async |page| {
        walk_tabs(&page, "latest").await?;
        page.tab("Annotations").await?;
        page.wait_for_text(SCRIPTS[0]).await?;
        let link = page.find(acr_tests::role::Role::Link, "https://example.invalid/page").await?;
        let rel = link.attr("rel").await?.unwrap_or_default();
        assert!(rel.contains("noopener"), "{rel}");
        page.tab("History").await?;
        page.wait_for_text(SCRIPTS[1]).await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn an_annotation_of_100_kb_500_layers_and_a_tag_of_128_characters_are_shown(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, gateway, repository) = registry().await?;
    let tag = format!("v{}", "-0123456789.abc_XYZ".repeat(7)).chars().take(128).collect::<String>();
    assert_eq!(tag.len(), 128);
    let layer = repository.blob(LAYER, b"one layer, many times").await?;
    let layers = vec![layer; LAYERS];
    let history: Vec<_> =
        (0..LAYERS).map(|number| json!({"created_by": format!("RUN step {number}")})).collect();
    let config = json!({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": []}, "history": history});
    let annotations = json!({"com.example.long": "x".repeat(100 * 1024), "com.example.short": "end"});
    repository.image(&tag, &config, &layers, &annotations).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{REPOSITORY}")).await?;
        Repository::shown(&page, REPOSITORY).await?.tags().await?.row_link(&tag).await?;
        let wide = page.evaluate("return document.documentElement.scrollWidth - innerWidth").await?;
        assert!(wide.as_i64().is_some_and(|wide| wide <= 0), "the list is {wide} wider than the window");
        walk_tabs(&page, &tag).await?;
        page.tab("Layers").await?;
        page.wait_for_text("500 layers").await?;
        page.tab("Annotations").await?;
        page.wait_for_text("com.example.short").await
    })
    .await
}

#[rstest]
#[tokio::test]
async fn a_manifest_of_four_mebibytes_is_shown_in_parts_and_as_text(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let (_emulator, gateway, repository) = registry().await?;
    let tag = "t".repeat(128);
    let mut annotations: Map<String, Value> =
        (0..ANNOTATIONS).map(|number| (format!("note.{number:04}"), "words ".repeat(165).into())).collect();
    annotations.insert("a.script".to_owned(), "javascript:alert(1)".into());
    annotations.insert("a.tag".to_owned(), "<img src=x onerror=alert(1)>".into());
    let annotations = Value::Object(annotations);
    let config = json!({"architecture": "amd64", "os": "linux"});
    let layer = repository.blob(LAYER, b"a layer").await?;
    let layers = vec![layer; LAYERS];
    for tag in [tag.as_str(), "large"] {
        repository.image(tag, &config, &layers, &annotations).await?;
    }
    visit_in(browser, &gateway.url(), async |page| {
        walk_tabs(&page, "large").await?;
        page.open(&format!("/{REGISTRY}/{REPOSITORY}:{tag}?tab=annotations")).await?;
        let manifest = Manifest::shown(&page, &format!("{REPOSITORY}:{tag}")).await?;
        page.wait_for_text("100 of 3 902 shown").await?;
        assert_eq!(count(&page, "tbody tr").await?, 100);
        assert!(count(&page, "main *").await? < 20_000);
        assert_eq!(
            count(&page, "[role=tabpanel] img, [role=tabpanel] td a").await?,
            0,
            "hostile text came alive"
        );
        page.press("Show more").await?;
        page.wait_for_text("200 of 3 902 shown").await?;
        manifest.layers().await?;
        page.wait_for_text(&format!("{LAYERS} layers")).await?;
        assert!(count(&page, "tbody tr").await? <= 100);
        page.tab("Raw JSON").await?;
        page.wait_until("return document.querySelector('pre.code') !== null").await?;
        let shown = page.evaluate("return document.querySelector('pre.code').textContent.length").await?;
        assert!(shown.as_u64().is_some_and(|shown| shown > 1000 && shown < 500_000), "{shown} characters");
        let wide = "return document.documentElement.scrollWidth <= window.innerWidth";
        page.wait_until(wide).await
    })
    .await
}

#[rstest]
#[case::not_json("this is no JSON")]
#[case::another_shape(
    r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":7}"#
)]
#[tokio::test]
async fn a_manifest_that_does_not_parse_says_so(
    #[case] body: &str,
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "demo"]).await?;
    let body = axum::body::Bytes::from(body.to_owned());
    let forger = Interposer::without_digests(&emulator.url(), move |path, _| {
        path.contains("/v2/nginx/manifests/").then(|| body.clone())
    })
    .await?;
    let gateway = Service::open_gateway(&Upstream::at(&forger.url())).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/nginx:latest")).await?;
        page.wait_for_alert("does not match its media type").await?;
        demo::assert_settled(&page).await
    })
    .await
}
