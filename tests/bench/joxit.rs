//! The first row of a registry's repositories, next to Joxit's docker-registry-ui: same registry, same throttled network and CPU,
//! in turns. It is not on npm and its licence keeps it out of this tree: `ACR_BENCH_JOXIT` names the folder `dist` of a checkout of
//! <https://github.com/Joxit/docker-registry-ui>; without it only the dashboard is measured.

use std::path::{Path, PathBuf};

use acr_tests::browser::{Browser, visit_with_errors_in};
use acr_tests::interposer::Interposer;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use serde_json::json;
use tempfile::TempDir;

use super::reach::{devtools, watch};

const ROUNDS: usize = 5;

/// A repository in Joxit's list: it has a link; the card of a namespace, which stands before them, has none.
const JOXIT_ROW: &str = "catalog-element material-card:has(a[href*='taglist'])";

/// A laptop four times slower than this machine, on a home's line: 10 Mbit/s down, 40 ms.
const SLOWER: u32 = 4;

#[tokio::test]
async fn the_first_row_next_to_joxit() -> Result<()> {
    let joxit = std::env::var_os("ACR_BENCH_JOXIT").map(PathBuf::from);
    if joxit.is_none() {
        println!("first row: ACR_BENCH_JOXIT is not set, so there is no peer (see tests/bench/joxit.rs)");
    }
    // Joxit's shows a thousand at most by default.
    for (repositories, limit) in [("100", "1000"), ("10000", "1000"), ("10000", "100000")] {
        let emulator = Service::emulator(&["--repositories", repositories]).await?;
        let gateway = Service::open_gateway(&emulator.upstream()).await?;
        let peer = match &joxit {
            Some(folder) => Some(peer(folder, &emulator.url(), limit).await?),
            None => None,
        };
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(first_row(&gateway.url(), &format!("/{REGISTRY}"), "tbody tr.row").await?);
            if let Some((_folder, peer)) = &peer {
                theirs.push(first_row(&peer.url(), "/ui/index.html", JOXIT_ROW).await?);
            }
        }
        let (ours, theirs) = (median(ours), median(theirs));
        println!(
            "first row of {repositories} repositories, ms: {ours:?} here, {theirs:?} in Joxit's with a limit of {limit}"
        );
    }
    Ok(())
}

/// One origin with the peer's page and, for everything else, the registry. Nothing is compressed, as its container does not either.
async fn peer(dist: &Path, registry: &str, limit: &str) -> Result<(TempDir, Interposer)> {
    let folder = tempfile::tempdir()?;
    for file in ["docker-registry-ui.css", "docker-registry-ui.js"] {
        std::fs::copy(dist.join(file), folder.path().join(file))?;
    }
    std::fs::create_dir(folder.path().join("fonts"))?;
    for font in std::fs::read_dir(dist.join("fonts"))? {
        let font = font?;
        std::fs::copy(font.path(), folder.path().join("fonts").join(font.file_name()))?;
    }
    let site = Interposer::with_page(folder.path(), registry).await?;
    let page =
        std::fs::read_to_string(dist.join("index.html")).context("ACR_BENCH_JOXIT has no index.html")?;
    std::fs::write(folder.path().join("index.html"), filled(&page, &site.url(), limit))?;
    Ok((folder, site))
}

/// The page as its container's start script fills it in: what is not set is empty.
fn filled(page: &str, registry: &str, limit: &str) -> String {
    // Without its address it would look for the registry below its own folder, and no page here asks the outside world.
    let page = page.replace("${REGISTRY_URL}", registry).replace("${ENABLE_VERSION_NOTIFICATION}", "false");
    let page = page.replace("${SINGLE_REGISTRY}", "true").replace("${REGISTRY_SECURED}", "false");
    let page = page.replace("${CATALOG_ELEMENTS_LIMIT}", limit);
    let mut parts = page.split("${");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        filled.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    filled
}

/// When the first row is on screen, in milliseconds since the navigation began, in a fresh browser.
async fn first_row(base: &str, path: &str, row: &str) -> Result<u64> {
    let mut time = 0;
    let measured = &mut time;
    // The peer finds out by a 401 that it needs a token, and Chromium calls that an error.
    visit_with_errors_in(Browser::Chromium, base, async move |page| {
        watch(&page, row, "_catalog").await?;
        let line = json!({"offline": false, "latency": 40, "downloadThroughput": 1_250_000, "uploadThroughput": 625_000});
        devtools(&page, "Network.enable", json!({})).await?;
        devtools(&page, "Network.emulateNetworkConditions", line).await?;
        devtools(&page, "Emulation.setCPUThrottlingRate", json!({"rate": SLOWER})).await?;
        page.open(path).await?;
        page.wait_until("return reach.firstRow !== null").await?;
        *measured = page.evaluate("return reach.firstRow.ms").await?.as_u64().context("no time")?;
        Ok(())
    })
    .await?;
    Ok(time)
}

fn median(mut times: Vec<u64>) -> Option<u64> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}
