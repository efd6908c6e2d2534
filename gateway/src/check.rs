//! `acr-gateway check`: does the configuration hold, and does each registry answer as a registry does?

use std::fmt;

use axum::body::Body;
use http::{HeaderMap, Request, StatusCode, header};

use crate::config::{Config, ConfigError};
use crate::gateway::Gateway;

/// What a check found, one line a registry.
#[derive(Debug)]
pub struct Report {
    lines: Vec<(bool, String)>,
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
            .try_for_each(|(well, line)| writeln!(f, "{} {line}", if *well { "ok    " } else { "FAILED" }))
    }
}

/// Checks a configuration, and asks every registry for `/v2/` the way a page would.
///
/// # Errors
/// A configuration that no gateway can be made of.
pub async fn check(config: Config, offline: bool) -> Result<Report, ConfigError> {
    if let Some(tls) = &config.tls {
        crate::inbound::tls::Certificate::read(tls)?;
    }
    let (names, base) = (names(&config), config.base_path.clone());
    let gateway = Gateway::new(Config { hosts: Some(crate::config::HostPolicy::Any), ..config })?;
    let mut lines = vec![(true, format!("configuration: {} below {base}", count(names.len())))];
    if !gateway.has_dashboard() {
        lines.push((
            false,
            "dashboard: this binary was built without it; build it with `cargo xtask demo`".to_owned(),
        ));
    }
    for (name, shown) in names.into_iter().filter(|_| !offline) {
        lines.push(probe(&gateway, base.as_str(), &name, &shown).await);
    }
    Ok(Report { lines })
}

fn count(registries: usize) -> String {
    if registries == 1 { "1 registry".to_owned() } else { format!("{registries} registries") }
}

fn names(config: &Config) -> Vec<(String, String)> {
    config.registries.iter().map(|registry| (registry.name().to_owned(), registry.to_string())).collect()
}

async fn probe(gateway: &Gateway, base: &str, name: &str, shown: &str) -> (bool, String) {
    let request = Request::get(format!("{base}registries/{name}/v2/"))
        .header(header::HOST, "localhost")
        .body(Body::empty());
    let Ok(request) = request else { return (false, format!("{shown}: its name makes no path")) };
    let response = gateway.respond(request).await;
    let (status, challenged) = (response.status(), is_challenge(response.headers()));
    match status {
        StatusCode::OK => (true, format!("{shown}: answers without asking who calls")),
        StatusCode::UNAUTHORIZED if challenged => (true, format!("{shown}: answers and asks for a token")),
        _ => (false, format!("{shown}: {}", complaint(status, response.into_body()).await)),
    }
}

fn is_challenge(headers: &HeaderMap) -> bool {
    let challenge = headers.get(header::WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
    challenge.is_some_and(|text| text.starts_with("Bearer "))
}

/// What the gateway or the registry has to say, shortened to a line.
async fn complaint(status: StatusCode, body: Body) -> String {
    let bytes = axum::body::to_bytes(body, 64 << 10).await.unwrap_or_default();
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    match json.pointer("/errors/0/message").and_then(serde_json::Value::as_str) {
        Some(message) => message.lines().collect::<Vec<_>>().join(" "),
        None => format!("answers {status} to /v2/, which no registry does; check its URL"),
    }
}
