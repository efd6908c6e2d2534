//! Reading JSON over HTTP, outside the browser.

use anyhow::{Context, Result};
use serde_json::Value;

/// The JSON that `address` answers with success.
pub async fn get(address: &str) -> Result<Value> {
    let answer = reqwest::get(address).await.with_context(|| format!("cannot reach {address}"))?;
    let answer = answer.error_for_status().with_context(|| format!("{address} refused"))?;
    answer.json().await.with_context(|| format!("{address} answered something that is not JSON"))
}

/// The JSON that `address` answers to a bearer of this token.
pub async fn get_with(address: &str, token: &str) -> Result<Value> {
    let answer = reqwest::Client::new().get(address).bearer_auth(token).send().await;
    let answer = answer.with_context(|| format!("cannot reach {address}"))?;
    let answer = answer.error_for_status().with_context(|| format!("{address} refused"))?;
    answer.json().await.with_context(|| format!("{address} answered something that is not JSON"))
}

/// An access token for anyone, of a registry behind the gateway at `base`.
pub async fn anonymous_token(base: &str, registry: &str, scope: &str) -> Result<String> {
    let answer = get(&format!("{base}/registries/{registry}/oauth2/token?scope={scope}")).await?;
    answer.get("access_token").and_then(Value::as_str).map(str::to_owned).context("no access token")
}
