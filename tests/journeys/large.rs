//! Manifests of an extreme size and kind: shown in parts, as text, without ever standing still.

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::visit_in;
use acr_tests::page::Page;
use acr_tests::page::manifest::Manifest;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result, ensure};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Client, RequestBuilder};
use rstest::rstest;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

const IMAGE: &str = "team/large";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const USER: &str = "contoso";
const PASSWORD: &str = "a password of this test";

/// How many annotations fill four mebibytes.
const ANNOTATIONS: usize = 3900;
const LAYERS: usize = 500;

async fn sent(request: RequestBuilder) -> Result<reqwest::Response> {
    let answer = request.basic_auth(USER, Some(PASSWORD)).send().await?;
    ensure!(answer.status().is_success(), "the emulator answered {}", answer.status());
    Ok(answer)
}

/// Pushes a blob and returns its descriptor.
async fn blob(client: &Client, registry: &str, media_type: &str, bytes: &'static str) -> Result<Value> {
    let started = sent(client.post(format!("{registry}/v2/{IMAGE}/blobs/uploads/"))).await?;
    let location = started.headers().get(LOCATION).context("no place to upload to")?.to_str()?;
    let digest = Sha256::digest(bytes)
        .iter()
        .fold("sha256:".to_owned(), |text, byte| text + format!("{byte:02x}").as_str());
    let place = if location.starts_with('/') { format!("{registry}{location}") } else { location.to_owned() };
    let sign = if place.contains('?') { '&' } else { '?' };
    sent(client.put(format!("{place}{sign}digest={digest}")).body(bytes)).await?;
    Ok(json!({"mediaType": media_type, "digest": digest, "size": bytes.len()}))
}

/// Pushes an image of almost four mebibytes of manifest, with what is no link and no markup among its annotations.
async fn push(registry: &str, tag: &str) -> Result<()> {
    let client = Client::new();
    let config = r#"{"os":"linux","architecture":"amd64"}"#;
    let config = blob(&client, registry, "application/vnd.oci.image.config.v1+json", config).await?;
    let layer = blob(&client, registry, "application/vnd.oci.image.layer.v1.tar+gzip", "a layer").await?;
    let mut annotations: Map<String, Value> =
        (0..ANNOTATIONS).map(|number| (format!("note.{number:04}"), "words ".repeat(150).into())).collect();
    annotations.insert("a.script".to_owned(), "javascript:alert(1)".into());
    annotations.insert("a.tag".to_owned(), "<img src=x onerror=alert(1)>".into());
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "config": config,
        "layers": vec![layer; LAYERS], "annotations": annotations,
    });
    let manifest = manifest.to_string();
    ensure!(manifest.len() > 3_500_000, "{} bytes", manifest.len());
    let place = format!("{registry}/v2/{IMAGE}/manifests/{tag}");
    sent(client.put(place).header(CONTENT_TYPE, MANIFEST).body(manifest)).await.map(drop)
}

async fn count(page: &Page, selector: &str) -> Result<u64> {
    let found = page.evaluate(&format!("return document.querySelectorAll('{selector}').length")).await?;
    found.as_u64().context("no count")
}

#[rstest]
#[tokio::test]
async fn a_manifest_of_four_mebibytes_is_shown_in_parts_and_as_text(
    #[values(Chromium, Firefox)] browser: Browser,
) -> Result<()> {
    let open = ["--seed", "empty", "--username", USER, "--password", PASSWORD, "--anonymous-pull"];
    let emulator = Service::emulator(&open).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let tag = "t".repeat(128);
    push(&emulator.url(), &tag).await?;
    visit_in(browser, &gateway.url(), async |page| {
        page.open(&format!("/{REGISTRY}/{IMAGE}:{tag}?tab=annotations")).await?;
        let manifest = Manifest::shown(&page, &format!("{IMAGE}:{tag}")).await?;
        page.wait_for_text("100 of 3 902 shown").await?;
        assert_eq!(count(&page, "tbody tr").await?, 100);
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
