//! The gateway and the emulator, started as their users start them: as programs, on a free port of the loopback address.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::environment;
use crate::fault::Faults;
use crate::tenant::Tenant;

/// What the gateway of a test calls its registry.
pub const REGISTRY: &str = "contoso";

/// How long a service may take until it says that it listens; a machine under load is slow.
const START: Duration = Duration::from_secs(60);

/// A running program that listens on a port; killed when dropped.
pub struct Service {
    url: String,
    storage: Option<String>,
    admin: Option<String>,
    entra: Option<String>,
    program: Program,
    process: Child,
    // Held open, so that the program can go on writing.
    _output: BufReader<ChildStdout>,
}

/// What is started, kept so that it can be started again.
struct Program {
    variable: &'static str,
    arguments: Vec<String>,
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
        Self::start(Program::new("ACR_GATEWAY_BIN", &["demo"], arguments), 0).await
    }

    /// What `acr-gateway demo` is, in two programs, at an instant in seconds since the Unix epoch: the registry, and the gateway.
    pub async fn demo_at(begin: u64) -> Result<(Self, Self)> {
        const DEMO: &str = "demo.azurecr.io";
        let begin = begin.to_string();
        let emulator =
            Self::emulator(&["--seed", "demo", "--login-server", DEMO, "--begin-at", &begin]).await?;
        let arguments =
            ["--registry-login-server", "demo=demo.azurecr.io", "--registry-sign-in", "demo=anonymous"];
        let gateway = Self::gateway_named("demo", &emulator.upstream(), &arguments).await?;
        Ok((emulator, gateway))
    }

    /// `acr-gateway serve` for a registry, called [`REGISTRY`], with more arguments.
    pub async fn gateway(registry: &Upstream, arguments: &[&str]) -> Result<Self> {
        Self::gateway_named(REGISTRY, registry, arguments).await
    }

    async fn gateway_named(name: &str, registry: &Upstream, arguments: &[&str]) -> Result<Self> {
        let named = |value: &str| format!("{name}={value}");
        let url = named(&registry.url);
        let storage = registry.storage.as_deref().map(named);
        let mut all = arguments.to_vec();
        all.extend(storage.iter().flat_map(|storage| ["--registry-storage-hosts", storage.as_str()]));
        Self::start(Program::new("ACR_GATEWAY_BIN", &["serve", "--registry", &url], &all), 0).await
    }

    /// The same, for a registry without sign-in.
    pub async fn open_gateway(registry: &Upstream) -> Result<Self> {
        Self::gateway(registry, &["--registry-sign-in", &format!("{REGISTRY}=anonymous")]).await
    }

    /// The demo's registry, which asks for this user and password, and a gateway in front of it. Faults can be added to the registry.
    pub async fn closed(user: &str, password: &str) -> Result<(Self, Self)> {
        let emulator =
            Self::faulty_emulator(&["--seed", "demo", "--username", user, "--password", password]).await?;
        let gateway = Self::gateway(&emulator.upstream(), &[]).await?;
        Ok((emulator, gateway))
    }

    /// `acr-emulator` with more arguments. It redirects blobs to a storage address, as the service does.
    pub async fn emulator(arguments: &[&str]) -> Result<Self> {
        Self::start(Program::new("ACR_EMULATOR_BIN", &[], arguments), 0).await
    }

    /// An emulator that answers on an admin endpoint as well, for faults on demand.
    pub async fn faulty_emulator(arguments: &[&str]) -> Result<Self> {
        Self::emulator(&[&["--admin-port", "0"], arguments].concat()).await
    }

    /// This service as what a gateway stands before.
    pub fn upstream(&self) -> Upstream {
        Upstream { url: self.url.clone(), storage: self.storage.clone() }
    }

    /// Starts the program on a port, or on one that it chooses for 0, and reads from its first line where it listens.
    async fn start(program: Program, port: u16) -> Result<Self> {
        let binary = environment::path(program.variable)?;
        let log = tempfile::NamedTempFile::new()?;
        let mut process = Command::new(&binary);
        process.args(&program.arguments).args(["--port", &port.to_string()]).kill_on_drop(true);
        process.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log.reopen()?);
        let mut process = process.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let mut output = BufReader::new(process.stdout.take().context("no output to read")?);
        let mut line = String::new();
        let read = tokio::time::timeout(START, output.read_line(&mut line)).await;
        let url = line.split_whitespace().find(|word| word.starts_with("http"));
        let Some(url) = url.filter(|_| read.is_ok()) else {
            let said = std::fs::read_to_string(log.path()).unwrap_or_default();
            let arguments = program.arguments.join(" ");
            bail!("{} {arguments} does not say where it listens: {line}{said}", binary.display());
        };
        let after = |words: &str| line.split_once(words).and_then(|(_, rest)| rest.split(')').next());
        let storage = after("storage on port ").map(|port| format!("http://localhost:{port}"));
        let admin = after("admin on ").map(str::to_owned);
        let entra = after("authority ").map(str::to_owned);
        let url = url.trim_end_matches('/').to_owned();
        Ok(Self { url, storage, admin, entra, program, process, _output: output })
    }

    /// Starts it again where it was, after [`Service::kill`].
    pub async fn restart(self) -> Result<Self> {
        let port = self.authority().rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.with_context(|| format!("{} has no port", self.url))?;
        Self::start(self.program, port).await
    }

    /// The admin endpoint of an emulator that has one.
    pub fn faults(&self) -> Result<Faults> {
        let admin = self.admin.as_deref().context("this service has no admin endpoint")?;
        Ok(Faults::at(admin))
    }

    /// The Microsoft Entra tenant of an emulator that has one and an admin endpoint.
    pub fn tenant(&self) -> Result<Tenant> {
        let authority = self.entra.as_deref().context("this service has no Microsoft Entra tenant")?;
        let admin = self.admin.as_deref().context("this service has no admin endpoint")?;
        Ok(Tenant::at(authority, admin))
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
    pub async fn kill(&mut self) -> Result<()> {
        self.process.kill().await.context("cannot kill the service")
    }
}

impl Program {
    fn new(variable: &'static str, command: &[&str], arguments: &[&str]) -> Self {
        let arguments = command.iter().chain(arguments).map(|argument| (*argument).to_owned()).collect();
        Self { variable, arguments }
    }
}
