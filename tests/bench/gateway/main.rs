//! Not tests: what `cargo xtask bench gateway` measures, printed as it is. The gateway and nginx, each as its users run it and with
//! a log line a request in a file, stand in front of one emulator and take turns.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod blob;
mod idle;
mod metadata;
mod process;
mod rig;
mod slow;
mod soak;
mod start;
mod wire;
mod wrk;

use std::time::Duration;

use anyhow::{Context, Result};

#[tokio::test]
async fn the_gateway_next_to_nginx() -> Result<()> {
    let soak = std::env::var("ACR_SOAK_SECONDS").context("run `cargo xtask bench gateway`")?;
    start::measure().await?;
    metadata::measure().await?;
    blob::measure().await?;
    slow::measure().await?;
    idle::measure().await?;
    match soak.parse()? {
        0 => Ok(()),
        seconds => soak::measure(Duration::from_secs(seconds)).await,
    }
}
