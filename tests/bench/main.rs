//! Not tests: what `cargo xtask bench` measures in a browser, printed as it is. The measuring is in `measure.mjs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod inventory;
mod joxit;
mod layers;
mod reach;

use std::path::Path;
use std::time::Duration;

use acr_tests::browser::visit_unwatched;
use acr_tests::service::{REGISTRY, Service};
use acr_tests::static_site::StaticSite;
use anyhow::Result;

/// Where the emulator puts the tags it is asked to seed.
const TAGS: &str = "scale/tags";

const MIB: u64 = 1024 * 1024;

#[tokio::test]
async fn the_npm_package_next_to_its_peers() -> Result<()> {
    let emulator = Service::emulator(&["--tags", "5000"]).await?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let site = StaticSite::start(&root).await?;
    let gateway = Service::gateway(&emulator.upstream(), &["--cors-origins", &site.url()]).await?;
    let endpoint = format!("{}/registries/{REGISTRY}", gateway.url());
    visit_unwatched(&site.url(), async |page| {
        page.open("/tests/bench/").await?;
        page.wait_for_heading("loaded").await?;
        page.browser().set_script_timeout(Duration::from_secs(900)).await?;
        let size = 64 * MIB;
        let large = 1024 * MIB;
        for (what, call) in [
            ("5000 tags into objects, ms", format!("list('{endpoint}', '{TAGS}', 5000)")),
            ("5000 tags into typed Rust, ms", format!("typedList('{endpoint}', '{TAGS}', 5000)")),
            ("SHA-256 of 64 MiB while streaming, ms", format!("hash('{endpoint}', 'bench/hash', {size})")),
            ("wasm memory after 1 GiB up and down", format!("memory('{endpoint}', 'bench/memory', {large})")),
        ] {
            println!("{what}: {}", page.evaluate(&format!("return measure.{call}")).await?);
        }
        Ok(())
    })
    .await
}
