//! From the start of the process to the first byte of the page, next to what starting a process takes by itself.

use std::process::Stdio;
use std::time::Instant;

use acr_tests::environment;
use acr_tests::service::{Service, Upstream};
use anyhow::{Result, ensure};
use tokio::process::Command;

use crate::process::median;
use crate::rig::address;
use crate::wire::Connection;

const RUNS: usize = 21;

pub(crate) async fn measure() -> Result<()> {
    let binary = environment::path("ACR_GATEWAY_BIN")?;
    let (mut alone, mut serving) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let begin = Instant::now();
        let mut version = Command::new(&binary);
        let ended = version.arg("--version").stdout(Stdio::null()).status().await?;
        ensure!(ended.success(), "--version failed");
        alone.push(begin.elapsed().as_secs_f64() * 1e3);
        let begin = Instant::now();
        let gateway = Service::gateway(&Upstream::at("http://127.0.0.1:1"), &[]).await?;
        Connection::open(address(&gateway.url())?)?.ask("GET", "/", "")?;
        serving.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    let (alone, serving) = (median(alone), median(serving));
    println!(
        "\nstart to the first byte of the page: {serving:.1} ms; `--version` to its end: {alone:.1} ms; more: {:.1} ms (goal 100)",
        serving - alone
    );
    Ok(())
}
