//! Reading JSON over HTTP, outside the browser.

use anyhow::{Context, Result};
use serde_json::Value;

/// The JSON that `address` answers with success.
pub async fn get(address: &str) -> Result<Value> {
    let answer = reqwest::get(address).await.with_context(|| format!("cannot reach {address}"))?;
    let answer = answer.error_for_status().with_context(|| format!("{address} refused"))?;
    answer.json().await.with_context(|| format!("{address} answered something that is not JSON"))
}
