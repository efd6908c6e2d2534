//! `acr-gateway check`: would `serve` start with this configuration and could it work; and does each registry answer as a registry does?

mod entra;

use std::fmt;

use axum::body::Body;
use http::{HeaderMap, Request, StatusCode, header};
use tokio::net::TcpListener;

use crate::config::{Config, ConfigError, HostPolicy, Registry};
use crate::connection::Current;
use crate::gateway::Gateway;
use crate::inbound::open_files;
use crate::problem::ProblemCause;

/// What a check found, one line a registry.
#[derive(Debug)]
pub struct Report {
    lines: Vec<(bool, String)>,
    /// What is well enough to start with and may not stay so.
    warnings: Vec<String>,
}

impl Report {
    /// Whether nothing failed.
    #[must_use]
    pub fn all_well(&self) -> bool {
        self.lines.iter().all(|(well, _)| *well)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines
            .iter()
            .try_for_each(|(well, line)| writeln!(f, "{} {line}", if *well { "ok    " } else { "FAILED" }))?;
        self.warnings.iter().try_for_each(|line| writeln!(f, "WARN   {line}"))
    }
}

/// Checks a configuration, and asks every registry for `/v2/` the way a page would.
///
/// # Errors
/// A configuration that `serve` refuses, or that cannot work.
pub async fn check(config: Config, offline: bool) -> Result<Report, ConfigError> {
    check_listen(&config).await?;
    check_secrets(&config)?;
    let shown: Vec<_> = config.registries.iter().map(|r| (r.name().to_owned(), describe(r))).collect();
    let base = config.base_path.clone();
    // As the request below reads: from this machine, through no proxy.
    let config = Config { hosts: Some(HostPolicy::Any), user_header: None, ..config };
    let config = without_writes(config);
    let current = Current::new(Gateway::new(config)?)?;
    let gateway = current.gateway();
    let mut lines = vec![(true, format!("configuration: {} below {base}", count(shown.len())))];
    if !gateway.has_dashboard() {
        lines.push((
            false,
            "dashboard: this binary was built without it; build it with `cargo xtask demo`".to_owned(),
        ));
    }
    lines.extend(entra::check(gateway.config(), offline).await?);
    for (name, shown) in shown.into_iter().filter(|_| !offline) {
        lines.push(probe(gateway, base.as_str(), &name, &shown).await);
    }
    let limits = gateway.config().limits;
    let mut warnings = entra::warnings(gateway.config());
    warnings.extend(open_files::shortage(&limits, open_files::hard_limit()));
    Ok(Report { lines, warnings })
}

/// A registry with what its blobs may be redirected to.
fn describe(registry: &Registry) -> String {
    let hosts: Vec<String> = registry.storage_hosts.iter().map(|host| host.pattern()).collect();
    format!("{registry} (blobs from {})", hosts.join(", "))
}

/// A check only reads, and only by itself.
fn without_writes(mut config: Config) -> Config {
    for registry in config.registries.iter_mut().filter(|registry| registry.identity.is_some()) {
        registry.allow = None;
    }
    config
}

/// Whether the address can be listened on. That another process listens there may be the gateway that runs already.
async fn check_listen(config: &Config) -> Result<(), ConfigError> {
    match TcpListener::bind(config.listen).await {
        Err(error) if error.kind() != std::io::ErrorKind::AddrInUse => {
            let message =
                format!("cannot listen on {}: {error}; choose another address or port", config.listen);
            Err(ConfigError::new("listen", message))
        }
        _ => Ok(()),
    }
}

/// Whether the secrets of identities can be read.
fn check_secrets(config: &Config) -> Result<(), ConfigError> {
    for (index, registry) in config.registries.iter().enumerate() {
        let Some(secret) = registry.identity.as_ref().and_then(|identity| identity.secret()) else {
            continue;
        };
        secret.read().map_err(|message| {
            let key = format!("registries[{index}].{}", secret.key());
            ConfigError::new(key, format!("{message}; write the password or refresh token there"))
        })?;
    }
    Ok(())
}

fn count(registries: usize) -> String {
    if registries == 1 { "1 registry".to_owned() } else { format!("{registries} registries") }
}

async fn probe(gateway: &Gateway, base: &str, name: &str, shown: &str) -> (bool, String) {
    let request = Request::get(format!("{base}registries/{name}/v2/"))
        .header(header::HOST, "localhost")
        .body(Body::empty());
    let Ok(request) = request else { return (false, format!("{shown}: its name cannot be part of a path")) };
    let response = gateway.respond(request).await;
    let (status, challenged) = (response.status(), is_challenge(response.headers()));
    match status {
        StatusCode::OK => (true, format!("{shown}: answers without asking who calls")),
        StatusCode::UNAUTHORIZED if challenged => (true, format!("{shown}: answers and asks for a token")),
        _ => (false, format!("{shown}: {}", complaint(response).await)),
    }
}

fn is_challenge(headers: &HeaderMap) -> bool {
    let challenge = headers.get(header::WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
    challenge.is_some_and(|text| text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer ")))
}

/// What the gateway or the registry reports, and its cause, as one line.
async fn complaint(response: axum::response::Response) -> String {
    let status = response.status();
    let cause =
        response.extensions().get().map(|ProblemCause(cause)| format!(": {cause}")).unwrap_or_default();
    let bytes = axum::body::to_bytes(response.into_body(), 64 << 10).await.unwrap_or_default();
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let text = match json.pointer("/errors/0/message").and_then(serde_json::Value::as_str) {
        Some(message) => format!("{message}{cause}"),
        None => format!("answers {status} to /v2/, which no registry does; check its URL"),
    };
    text.lines().collect::<Vec<_>>().join(" ")
}
