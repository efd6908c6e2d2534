//! What a gateway does, fully checked: the result of reading settings, and what every other module is configured with.
//! Reading files, flags and variables is `settings`'.

mod actions;
mod base_path;
mod entra;
mod identity;
mod origin;
mod registry;
mod repository;
mod storage;
mod user_header;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderName, Uri};
use ipnet::IpNet;

pub use actions::{Action, AllowedActions};
pub use base_path::BasePath;
pub use entra::{EntraAuthority, EntraConfig, EntraSignIn, REDIRECT_PAGE};
pub use identity::{IdentityConfig, Secret, SecretSource};
pub use origin::{AllowedHost, HostPolicy, Origin};
pub use registry::{RESERVED_NAMES, Registry, SignIn};
pub(crate) use repository::is_repository_name;
pub use storage::StorageHost;
pub(crate) use user_header::check_user_header;

/// Everything that a gateway is configured with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The path below which everything is served.
    pub base_path: BasePath,
    /// The registries that can be reached, and no others.
    pub registries: Vec<Registry>,
    /// The names the gateway answers to; chosen from `listen` when absent.
    pub hosts: Option<HostPolicy>,
    /// Who may put the page at `/embed` in a frame; none when empty.
    pub frame_ancestors: Vec<Origin>,
    /// Who may call the registries' routes from another origin; none when empty.
    pub cors_origins: Vec<Origin>,
    /// Addresses whose `X-Forwarded-For` and user header are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which an authenticating proxy names the user.
    pub user_header: Option<HeaderName>,
    /// Hosts that blobs of any registry may be redirected to, in addition to Azure's own.
    pub storage_hosts: Vec<StorageHost>,
    /// Certificate authorities trusted in addition to the built-in ones (PEM).
    pub ca_file: Option<PathBuf>,
    /// An OpenTelemetry collector's base URL; no traces when absent.
    pub otlp_endpoint: Option<Uri>,
    /// The gateway's own certificate; plain HTTP when absent.
    pub tls: Option<TlsFiles>,
    /// What is logged, and how.
    pub log: Log,
    /// Bounds on sizes and counts.
    pub limits: Limits,
    /// Bounds on time.
    pub timeouts: Timeouts,
    /// How people sign in with Microsoft, for all registries.
    pub entra: EntraConfig,
    /// How the page looks.
    pub branding: Branding,
}

impl Config {
    /// A configuration for these registries with every other key at its default.
    ///
    /// # Errors
    /// As [`Config::check`].
    pub fn new(registries: Vec<Registry>) -> Result<Self, ConfigError> {
        let config = Self::unchecked(registries);
        config.check()?;
        Ok(config)
    }

    /// The same before its check, for a caller that changes keys which the check takes together.
    pub(crate) fn unchecked(registries: Vec<Registry>) -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            base_path: BasePath::default(),
            registries,
            hosts: None,
            frame_ancestors: Vec::new(),
            cors_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            user_header: None,
            storage_hosts: Vec::new(),
            ca_file: None,
            otlp_endpoint: None,
            tls: None,
            log: Log::default(),
            limits: Limits::default(),
            timeouts: Timeouts::default(),
            entra: EntraConfig::default(),
            branding: Branding::default(),
        }
    }

    /// Checks what depends on several keys.
    ///
    /// # Errors
    /// The first contradiction found, with the key it is about and what to do.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.registries.is_empty() {
            return Err(ConfigError::new(
                "registries",
                "no registry is configured; give --registry contoso.azurecr.io",
            ));
        }
        for (index, registry) in self.registries.iter().enumerate() {
            let key = |field: &str| format!("registries[{index}].{field}");
            if self.registries.iter().take(index).any(|other| other.name() == registry.name()) {
                let remedy = "give one of them another name with NAME=URL";
                let message = format!("two registries are named {:?}; {remedy}", registry.name());
                return Err(ConfigError::new(key("name"), message));
            }
            let writes = registry.allowed_actions() != AllowedActions::NONE;
            if registry.identity.is_some() && writes && self.user_header.is_none() {
                let remedy = "set user_header to the header in which your authenticating proxy names the user, or drop allow";
                let message = format!("writes with the gateway's identity need a user to record; {remedy}");
                return Err(ConfigError::new(key("allow"), message));
            }
        }
        if let Some(tls) = &self.tls {
            for (key, file, other) in
                [("tls.key", &tls.key, "certificate"), ("tls.certificate", &tls.certificate, "key")]
            {
                if file.as_os_str().is_empty() {
                    let message = format!("the file for the {other} is missing its counterpart; set {key}");
                    return Err(ConfigError::new(key, message));
                }
            }
        }
        if self.user_header.is_some() && self.trusted_proxies.is_empty() {
            let message = "any client could set this header; name the proxy's addresses in trusted_proxies";
            return Err(ConfigError::new("user_header", message));
        }
        if let Some(name) = &self.user_header {
            check_user_header(name).map_err(|message| ConfigError::new("user_header", message))?;
        }
        Ok(())
    }

    /// The names the gateway answers to.
    #[must_use]
    pub fn host_policy(&self) -> HostPolicy {
        match &self.hosts {
            Some(policy) => policy.clone(),
            None if self.listen.ip().is_loopback() => HostPolicy::Loopback,
            None => HostPolicy::Any,
        }
    }
}

/// What is logged, and how. The audit log is always on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// How lines look; text on a terminal and JSON elsewhere when absent.
    pub format: Option<LogFormat>,
    /// A level, or directives as tracing's `EnvFilter` reads them.
    pub level: String,
    /// Whether every request is logged, and not only writes.
    pub requests: bool,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: None, level: "info".to_owned(), requests: true }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Text for people.
    Text,
}

/// A certificate chain and its key, both PEM.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, leaf first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// How the page looks and is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branding {
    /// The product's name in the page's banner.
    pub title: Option<String>,
    /// `light`, `dark` or `system`.
    pub theme: Option<String>,
    /// The one accent colour, as `#rrggbb`.
    pub accent: Option<String>,
}

/// Bounds on sizes (bytes) and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The head of a request: request line and header fields.
    pub header_bytes: usize,
    /// Header fields of a request.
    pub headers: usize,
    /// Path and query of a request.
    pub target_bytes: usize,
    /// The body of a call that carries JSON or a form.
    pub form_bytes: u64,
    /// The body of a manifest put.
    pub manifest_bytes: u64,
    /// The body of one blob upload request.
    pub upload_bytes: u64,
    /// The answer to anything but a blob.
    pub response_bytes: u64,
    /// Connections open at once, idle ones included.
    pub connections: usize,
    /// Connections open at once of one client address; three quarters of `connections` when absent. Trusted proxies are not bound.
    pub connections_per_client: Option<usize>,
    /// Requests in flight at once.
    pub requests: usize,
    /// Requests in flight at once of one client address.
    pub requests_per_client: usize,
    /// Requests a second of one client address, with bursts of ten times as many; 0 sets no bound.
    pub rate_per_client: u32,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Self {
            header_bytes: 32 << 10,
            headers: 100,
            target_bytes: 8 << 10,
            form_bytes: MIB,
            manifest_bytes: 4 * MIB,
            upload_bytes: 20 << 30,
            response_bytes: 64 * MIB,
            connections: 20_000,
            connections_per_client: None,
            requests: 8_192,
            requests_per_client: 1_024,
            rate_per_client: 0,
        }
    }
}

impl Limits {
    /// Connections open at once of one client address, so that one address never takes all there are.
    pub(crate) fn connections_per_client(&self) -> usize {
        let share = self.connections - self.connections.div_ceil(4).min(self.connections - 1);
        self.connections_per_client.unwrap_or(share)
    }
}

/// Bounds on time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a client to send the head of its first request, or its next one on an idle connection.
    pub client_head: Duration,
    /// For a client to send or read the next 16 KiB of a body, or what is left of it.
    pub client_idle: Duration,
    /// To reach a registry, its name resolved and TLS done.
    pub connect: Duration,
    /// For a registry to begin its answer.
    pub upstream_head: Duration,
    /// For a registry to send the next 16 KiB of its answer, or what is left of it.
    pub upstream_idle: Duration,
    /// For new requests still to be taken after a signal to stop, while `/readyz` says no and balancers look elsewhere.
    pub drain: Duration,
    /// For requests in flight to end after that.
    pub shutdown: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            client_head: Duration::from_secs(60),
            client_idle: Duration::from_secs(60),
            connect: Duration::from_secs(10),
            upstream_head: Duration::from_secs(60),
            upstream_idle: Duration::from_secs(60),
            drain: Duration::ZERO,
            shutdown: Duration::from_secs(25),
        }
    }
}

/// A configuration that cannot be: the key, and what is wrong with its value and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {message}")]
pub struct ConfigError {
    key: String,
    message: String,
}

impl ConfigError {
    /// An error about a key, written as in the file (`registries[0].allow`).
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { key: key.into(), message: message.into() }
    }

    /// The key, written as in the file.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}
