//! A program that speaks WebDriver for a browser, on a port that it chooses.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

use crate::{environment, fonts};

/// How long a driver may take until it says that it listens; a machine under load is slow.
const START: Duration = Duration::from_secs(60);

/// How often one is started at the most.
const TRIES: usize = 3;

/// A running driver, killed when dropped.
pub(super) struct Driver {
    port: u16,
    process: Child,
    /// Reads what driver and browser go on saying: a full pipe would stop them.
    output: JoinHandle<()>,
}

impl Driver {
    /// Starts the program that the environment names. A driver takes the same port of both families, chosen in one of them, and ends
    /// where it is taken in the other: then another one is tried.
    /// `fonts` is the fontconfig file that its browser uses, in place of the system's.
    pub(super) async fn start(variable: &str, arguments: &[&str], fonts: Option<&Path>) -> Result<Self> {
        let mut tried = Self::start_once(variable, arguments, fonts).await;
        for _ in 1..TRIES {
            if tried.is_ok() {
                break;
            }
            tried = Self::start_once(variable, arguments, fonts).await;
        }
        tried
    }

    /// Reads from what the program says where it listens.
    async fn start_once(variable: &str, arguments: &[&str], fonts: Option<&Path>) -> Result<Self> {
        let binary = environment::path(variable)?;
        let mut process = Command::new(&binary);
        process.args(arguments).kill_on_drop(true);
        if let Some(fonts) = fonts {
            process.env(fonts::VARIABLE, fonts);
        }
        process.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = process.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let mut lines = BufReader::new(process.stdout.take().context("no output to read")?).lines();
        let port = async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some(port) = announced_port(&line) {
                    return Some(port);
                }
            }
            None
        };
        let port = tokio::time::timeout(START, port).await.ok().flatten();
        let port = port.with_context(|| format!("{} does not say where it listens", binary.display()))?;
        let output = tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { port, process, output })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends it.
    pub(super) async fn stop(mut self) -> Result<()> {
        self.output.abort();
        self.process.kill().await.context("cannot stop the browser's driver")
    }
}

/// The port in `ChromeDriver was started successfully on port 1234.` and in `geckodriver INFO Listening on 127.0.0.1:1234`.
fn announced_port(line: &str) -> Option<u16> {
    if !line.contains("started successfully") && !line.contains("Listening on") {
        return None;
    }
    line.rsplit([' ', ':']).next()?.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::announced_port;

    #[test]
    fn the_port_is_read_from_what_each_driver_says() {
        assert_eq!(announced_port("ChromeDriver was started successfully on port 4711."), Some(4711));
        assert_eq!(announced_port("1732458\tgeckodriver\tINFO\tListening on 127.0.0.1:4711"), Some(4711));
        assert_eq!(announced_port("Starting ChromeDriver 148.0 on port 0"), None);
    }
}
