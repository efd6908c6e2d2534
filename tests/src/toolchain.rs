//! A toolchain that builds an app and serves it, driven by a script of Node.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// How long it may take until its app is there; a machine under load is slow.
const START: Duration = Duration::from_secs(300);

/// A running toolchain; it and what it has started are killed when it is dropped.
pub struct Toolchain {
    pages: Vec<String>,
    process: Child,
    // Held open, so that the program can go on writing.
    output: BufReader<ChildStdout>,
}

impl Toolchain {
    /// Starts the script and reads from its first line, a list in JSON, the addresses of the pages that it serves.
    pub async fn start(script: &mut Command) -> Result<Self> {
        let log = tempfile::NamedTempFile::new()?;
        // Servers that it starts belong to its process group.
        script.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log.reopen()?);
        let mut process = script.spawn().with_context(|| format!("cannot start {script:?}"))?;
        let output = BufReader::new(process.stdout.take().context("no output to read")?);
        let mut toolchain = Self { pages: Vec::new(), process, output };
        let mut line = String::new();
        tokio::time::timeout(START, toolchain.output.read_line(&mut line))
            .await
            .with_context(|| format!("{script:?} does not come to an end"))??;
        match serde_json::from_str(&line) {
            Ok(pages) => toolchain.pages = pages,
            Err(_) => {
                let errors = std::fs::read_to_string(log.path()).unwrap_or_default();
                bail!("{script:?} failed: {line}\n{errors}");
            }
        }
        Ok(toolchain)
    }

    /// The addresses of its pages.
    pub fn pages(&self) -> &[String] {
        &self.pages
    }
}

impl Drop for Toolchain {
    fn drop(&mut self) {
        if let Some(group) = self.process.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)) {
            // It may have ended by itself.
            let _killed = kill_process_group(group, Signal::KILL);
        }
    }
}
