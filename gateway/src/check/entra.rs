//! What is missing for signing in with Microsoft: the application, or an authority that answers.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Limited};

use crate::config::{Config, ConfigError, EntraSignIn, REDIRECT_PAGE, SignIn};
use crate::outbound::failure;
use crate::outbound::upstream::{Upstream, UpstreamClient};

/// How long an authority may take for its configuration.
const PATIENCE: Duration = Duration::from_secs(10);

/// The configuration of an authority is a few KiB; more is not read.
const ANSWER_BYTES: usize = 256 << 10;

/// A line for each registry that something is set for, and whether all is well. Nothing is asked when `offline`.
pub(super) async fn check(config: &Config, offline: bool) -> Result<Vec<(bool, String)>, ConfigError> {
    let upstream = Upstream::new(config)?;
    let mut lines = Vec::new();
    for registry in &config.registries {
        let what = format!("sign-in with Microsoft at {}", registry.name());
        match registry.entra_sign_in(&config.entra) {
            Some(sign_in) => {
                let problem = if offline { None } else { problem_of(upstream.client(), &sign_in).await };
                let registered = format!(
                    "application {} of {}; its redirect URI is the page's address followed by {}{REDIRECT_PAGE}",
                    sign_in.client_id,
                    sign_in.url(),
                    config.base_path
                );
                lines.push(match problem {
                    None => (true, format!("{what}: {registered}")),
                    Some(problem) => (false, format!("{what}: {problem}")),
                });
            }
            None => {
                let offered = registry.identity.is_none() && registry.sign_in.contains(&SignIn::Entra);
                if offered && (config.entra.is_set() || registry.entra.is_set()) {
                    let missing = "entra.client_id is not set; `acr-gateway entra-setup` prints how to register an application";
                    lines.push((false, format!("{what}: {missing}")));
                }
            }
        }
    }
    Ok(lines)
}

/// What is wrong with the authority; `None` when it answers as one does.
async fn problem_of(client: &UpstreamClient, sign_in: &EntraSignIn) -> Option<String> {
    let url = sign_in.openid_configuration();
    let answer = tokio::time::timeout(PATIENCE, fetch(client, &url)).await;
    match answer {
        Err(_) => {
            Some(format!("{url} does not answer within {} s; check entra.authority", PATIENCE.as_secs()))
        }
        Ok(Err(problem)) => Some(format!("{problem} (entra.authority is {})", sign_in.authority)),
        Ok(Ok((status, body))) => {
            let document: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
            let is_configuration = status == StatusCode::OK && document.get("token_endpoint").is_some();
            (!is_configuration).then(|| {
                format!(
                    "{url} answers {status}, and no OpenID configuration; check entra.authority and entra.tenant"
                )
            })
        }
    }
}

/// Status and body, or why there are none, in the words of the lines about registries.
async fn fetch(client: &UpstreamClient, url: &str) -> Result<(StatusCode, bytes::Bytes), String> {
    let request = Request::get(url).body(Body::empty()).map_err(|_| format!("{url} is not a valid URL"))?;
    let server = request.uri().host().unwrap_or_default().to_owned();
    let answer =
        client.request(request).await.map_err(|error| failure::of(&error, &server).message().to_owned())?;
    let status = answer.status();
    let body = Limited::new(answer.into_body(), ANSWER_BYTES).collect().await;
    let body = body.map_err(|error| format!("the answer of {server} cannot be read: {error}"))?;
    Ok((status, body.to_bytes()))
}

/// What is not set and may have to be, one line for each registry.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let mut lines = Vec::new();
    for registry in &config.registries {
        let tenant_is_set = registry.entra.or(&config.entra).tenant.is_some();
        if let Some(sign_in) = registry.entra_sign_in(&config.entra).filter(|_| !tenant_is_set) {
            lines.push(format!(
                "sign-in with Microsoft at {}: entra.tenant is not set; an application of one tenant, as `acr-gateway entra-setup` \
                 registers it, cannot sign in at {} (AADSTS50194)",
                registry.name(),
                sign_in.url()
            ));
        }
    }
    lines
}
