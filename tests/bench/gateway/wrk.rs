//! wrk: one request over and over on many connections that are kept, and how long the answers took.

use std::time::Duration;

use acr_tests::environment;
use anyhow::{Context, Result, ensure};
use tokio::process::Command;

/// Connections that ask at once. More would only wait in line on a machine of few cores.
const CONNECTIONS: &str = "64";

/// What one run found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    /// Answers a second.
    pub(crate) rate: f64,
    /// The time within which 99 of 100 answers came, in milliseconds.
    pub(crate) p99: f64,
}

/// Asks for as long as is said. Every answer must be a success.
pub(crate) async fn run(url: &str, token: &str, time: Duration) -> Result<Found> {
    let mut command = Command::new(environment::path("ACR_WRK")?);
    let seconds = format!("{}s", time.as_secs());
    command.args(["--threads", "1", "--connections", CONNECTIONS, "--latency", "--duration", &seconds]);
    command.args(["--header", &format!("Authorization: Bearer {token}"), url]).kill_on_drop(true);
    let output = command.output().await.context("cannot start wrk")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let clean = output.status.success() && !said.contains("Non-2xx") && !said.contains("Socket errors");
    ensure!(clean, "wrk {url} met errors: {said}{}", String::from_utf8_lossy(&output.stderr));
    read(&said).with_context(|| format!("wrk said something else than it does: {said}"))
}

fn read(said: &str) -> Option<Found> {
    let value = |name: &str| said.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    Some(Found { rate: value("Requests/sec:")?.parse().ok()?, p99: milliseconds(value("99%")?)? })
}

fn milliseconds(text: &str) -> Option<f64> {
    let (number, unit) = text.split_at(text.find(|c: char| c.is_alphabetic())?);
    let scale = match unit {
        "us" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * scale)
}
