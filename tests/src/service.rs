//! The gateway and the emulator, started as their users start them: as programs, on a free port of the loopback address.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::environment;

/// What the gateway of a test calls its registry.
pub const REGISTRY: &str = "contoso";

/// How long a service may take until it says that it listens; a machine under load is slow.
const START: Duration = Duration::from_secs(60);

/// A running program that listens on a port; killed when dropped.
pub struct Service {
    url: String,
    storage: Option<String>,
    process: Child,
    // Held open, so that the program can go on writing.
    _output: BufReader<ChildStdout>,
}

/// A registry for a gateway to stand before.
pub struct Upstream {
    url: String,
    storage: Option<String>,
}

impl Upstream {
    /// Whatever listens at this address.
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), storage: None }
    }

    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where its blobs are, when it redirects to them.
    pub fn storage(&self) -> Option<&str> {
        self.storage.as_deref()
    }
}

impl Service {
    /// `acr-gateway demo` with more arguments.
    pub async fn demo(arguments: &[&str]) -> Result<Self> {
        Self::start("ACR_GATEWAY_BIN", &["demo"], arguments).await
    }

    /// `acr-gateway serve` for a registry, called [`REGISTRY`], with more arguments.
    pub async fn gateway(registry: &Upstream, arguments: &[&str]) -> Result<Self> {
        let named = |value: &str| format!("{REGISTRY}={value}");
        let url = named(&registry.url);
        let storage = registry.storage.as_deref().map(named);
        let mut all = arguments.to_vec();
        all.extend(storage.iter().flat_map(|storage| ["--registry-storage-hosts", storage.as_str()]));
        Self::start("ACR_GATEWAY_BIN", &["serve", "--registry", &url], &all).await
    }

    /// The same, where nobody need sign in.
    pub async fn open_gateway(registry: &Upstream) -> Result<Self> {
        Self::gateway(registry, &["--registry-sign-in", &format!("{REGISTRY}=anonymous")]).await
    }

    /// `acr-emulator` with more arguments. It redirects blobs to a storage address, as the service does.
    pub async fn emulator(arguments: &[&str]) -> Result<Self> {
        Self::start("ACR_EMULATOR_BIN", &[], arguments).await
    }

    /// This service as what a gateway stands before.
    pub fn upstream(&self) -> Upstream {
        Upstream { url: self.url.clone(), storage: self.storage.clone() }
    }

    /// Starts the program on a port that it chooses and reads from its first line where it listens.
    async fn start(variable: &str, command: &[&str], arguments: &[&str]) -> Result<Self> {
        let binary = environment::path(variable)?;
        let log = tempfile::NamedTempFile::new()?;
        let mut process = Command::new(&binary);
        process.args(command).args(["--port", "0"]).args(arguments).kill_on_drop(true);
        process.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log.reopen()?);
        let mut process = process.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let mut output = BufReader::new(process.stdout.take().context("no output to read")?);
        let mut line = String::new();
        let read = tokio::time::timeout(START, output.read_line(&mut line)).await;
        let url = line.split_whitespace().find(|word| word.starts_with("http"));
        let Some(url) = url.filter(|_| read.is_ok()) else {
            let said = std::fs::read_to_string(log.path()).unwrap_or_default();
            bail!("{} {} does not say where it listens: {line}{said}", binary.display(), command.join(" "));
        };
        let storage = line.split_once("storage on port ").and_then(|(_, rest)| rest.split(')').next());
        let storage = storage.map(|port| format!("http://127.0.0.1:{port}"));
        Ok(Self { url: url.trim_end_matches('/').to_owned(), storage, process, _output: output })
    }

    /// Where it listens, as it says itself, without a slash at the end.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// `127.0.0.1:PORT`, as in the name of an image.
    pub fn authority(&self) -> String {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest).to_owned()
    }

    /// The id of its process; nothing once it has ended.
    pub fn id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Ends the program at once, as a crash would, and waits until it is gone.
    pub async fn kill(mut self) -> Result<()> {
        self.process.kill().await.context("cannot kill the service")
    }
}
