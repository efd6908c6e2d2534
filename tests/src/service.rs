//! The gateway and the emulator, started as their users start them: as programs, on a free port of the loopback address.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::environment;

/// What the gateway of a test calls its registry.
pub const REGISTRY: &str = "contoso";

/// How long a service may take until it listens; a machine under load is slow.
const START: Duration = Duration::from_secs(60);

/// How often it is asked whether it listens.
const POLL: Duration = Duration::from_millis(20);

/// A running program that listens on a port; killed when dropped.
pub struct Service {
    process: Child,
    port: u16,
    storage_port: Option<u16>,
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
        let storage_port = free_port()?;
        let storage = storage_port.to_string();
        let all = [&["--storage-port", &storage], arguments].concat();
        let mut emulator = Self::start("ACR_EMULATOR_BIN", &[], &all).await?;
        emulator.storage_port = Some(storage_port);
        Ok(emulator)
    }

    /// This service as what a gateway stands before.
    pub fn upstream(&self) -> Upstream {
        Upstream {
            url: self.url(),
            storage: self.storage_port.map(|port| format!("http://127.0.0.1:{port}")),
        }
    }

    async fn start(variable: &str, command: &[&str], arguments: &[&str]) -> Result<Self> {
        let binary = environment::path(variable)?;
        let port = free_port()?;
        let log = tempfile::NamedTempFile::new()?;
        let mut process = Command::new(&binary);
        process.args(command).args(["--port", &port.to_string()]).args(arguments).kill_on_drop(true);
        process.stdin(Stdio::null()).stdout(File::create(log.path())?).stderr(log.reopen()?);
        let process = process.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let mut service = Self { process, port, storage_port: None };
        let listening = tokio::time::timeout(START, service.listening()).await;
        match listening.context("it does not listen").flatten() {
            Ok(()) => Ok(service),
            Err(error) => {
                let said = std::fs::read_to_string(log.path()).unwrap_or_default();
                Err(error).with_context(|| format!("{} {}: {said}", binary.display(), command.join(" ")))
            }
        }
    }

    async fn listening(&mut self) -> Result<()> {
        let mut poll = tokio::time::interval(POLL);
        loop {
            poll.tick().await;
            if let Some(status) = self.process.try_wait()? {
                bail!("it ended with {status}");
            }
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_ok() {
                return Ok(());
            }
        }
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `127.0.0.1:PORT`, as in the name of an image.
    pub fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.authority())
    }

    /// Ends the program at once, as a crash would, and waits until it is gone.
    pub async fn kill(mut self) -> Result<()> {
        self.process.kill().await.context("cannot kill the service")
    }
}

/// A port that nothing listens on now.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}
