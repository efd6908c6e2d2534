//! What reading layers costs in the page: next to a reader in JavaScript, and how far it reaches.

use std::fs;
use std::io::Write as _;

use acr_tests::browser::visit_unwatched;
use acr_tests::push;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::reach::{devtools, watch};

const REPOSITORY: &str = "bench/layers";
const ROUNDS: u64 = 3;

/// A gzip-compressed layer of text that compresses about as programs do. Those of another `seed` have other content.
fn layer(seed: u64, count: u64, size: usize) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    let mut state = seed;
    let mut content = Vec::new();
    for number in 0..count {
        content.clear();
        while content.len() < size {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            content.extend_from_slice(
                format!("{:x} function_{} ", (state >> 40) as u16, state >> 58).as_bytes(),
            );
        }
        content.truncate(size);
        let mut header = tar::Header::new_ustar();
        header.set_path(format!("usr/share/directory-{}/file-{number}.txt", number / 40))?;
        header.set_size(size as u64);
        header.set_mode(0o644);
        header.set_cksum();
        encoder.write_all(header.as_bytes())?;
        encoder.write_all(&content)?;
        encoder.write_all(&vec![0; size.next_multiple_of(512) - size])?;
    }
    encoder.write_all(&[0; 1024])?;
    Ok(encoder.finish()?)
}

/// Pushes an image of one layer under a tag, and returns the layer's digest.
async fn image(repository: &push::Repository, tag: &str, layer: &[u8]) -> Result<String> {
    let layer = repository.blob(push::LAYER, layer).await?;
    let digest = layer.get("digest").and_then(|it| it.as_str()).context("no digest")?.to_owned();
    let config = json!({
        "os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": []},
    });
    repository.image(tag, &config, &[layer], &json!({})).await?;
    Ok(digest)
}

#[tokio::test]
async fn listing_a_layer_next_to_javascript() -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let repository = push::Repository::at(&emulator.url(), REPOSITORY).await?;
    let mut digests = Vec::new();
    // What was read before is not downloaded again, so each round has a layer of its own.
    for round in 1..=ROUNDS {
        digests.push(image(&repository, &round.to_string(), &layer(round, 4_000, 25_000)?).await?);
    }
    visit_unwatched(&gateway.url(), async |page| {
        watch(&page, ".files-tree tbody tr.row", "/_tags").await?;
        let source = include_str!("layers.js");
        devtools(&page, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
        let (mut clicks, mut ours, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
        for (round, digest) in (1..).zip(&digests) {
            page.open(&format!("/{REGISTRY}/{REPOSITORY}:{round}")).await?;
            page.wait_for_heading(&format!("{REPOSITORY}:{round}")).await?;
            let opened = page.evaluate("return layers.open()").await?;
            clicks.push(opened["click"].as_f64().context("no time")?);
            ours.push(opened["request"].as_f64().context("no time")?);
            let peer = format!("return layers.peer('/registries/{REGISTRY}', '{REPOSITORY}', '{digest}')");
            let peer = page.evaluate(&peer).await?;
            assert_eq!(peer["entries"], 4_000);
            theirs.push(peer["ms"].as_f64().context("no time")?);
        }
        let (clicks, ours, theirs) = (median(clicks), median(ours), median(theirs));
        let ratio = theirs / ours;
        println!(
            "100 MB of 4 000 files, from the request until all are listed, ms: {ours:.0}; \
             DecompressionStream with a tar reader: {theirs:.0}; {ratio:.2} times as fast (goal 1.4); \
             from the click on the tab: {clicks:.0}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_layer_of_200_000_entries() -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    let repository = push::Repository::at(&emulator.url(), REPOSITORY).await?;
    image(&repository, "large", &layer(1, 200_000, 5_368)?).await?;
    visit_unwatched(&gateway.url(), async |page| {
        watch(&page, ".files-tree tbody tr.row", "/_tags").await?;
        let source = include_str!("layers.js");
        devtools(&page, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
        let path = format!("/{REGISTRY}/{REPOSITORY}:large");
        page.open(&path).await?;
        page.wait_for_heading(&format!("{REPOSITORY}:large")).await?;
        let before = renderer("VmRSS:")?;
        page.open(&format!("{path}?tab=files")).await?;
        let read = page.evaluate("return layers.read()").await?.as_f64().context("no time")?;
        println!("1 GiB of 200 000 entries, all listed after ms: {read:.0}");
        let names = page.evaluate("return layers.firstNames()").await?;
        println!("first names after the first bytes, ms: {names} (goal 1000)");
        let grown = renderer("VmHWM:")?.saturating_sub(before) / 1000;
        println!("most memory of the page's process, more than before, MB: {grown} (goal 150)");
        page.open(&format!("{path}?tab=files")).await?;
        let again = page.evaluate("return layers.read()").await?.as_f64().context("no time")?;
        println!("all listed on a second visit after ms: {again:.0}");
        let file = page.evaluate("return layers.file('file-199000.txt')").await?;
        println!("opening a file of a layer read before: {file} (goal 4194304 bytes)");
        let rows = page.evaluate("return layers.everything('file', 200000)").await?;
        println!("scrolling through {rows} rows: {}", page.evaluate("return reach.scroll()").await?);
        Ok(())
    })
    .await
}

/// Kilobytes of the largest process of this browser that renders a page, by a field of its status.
fn renderer(field: &str) -> Result<u64> {
    let mut largest = 0;
    for entry in fs::read_dir("/proc")? {
        let folder = entry?.path();
        let command = fs::read(folder.join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&command).contains("--type=renderer") {
            let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
            let value = status.lines().find_map(|line| line.strip_prefix(field));
            let value = value.and_then(|value| value.trim().trim_end_matches(" kB").parse().ok());
            largest = largest.max(value.unwrap_or(0));
        }
    }
    Ok(largest)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
