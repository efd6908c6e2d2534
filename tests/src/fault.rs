//! Bad days on demand: the faults of a running emulator, changed through its admin endpoint.

use anyhow::{Context, Result};
use serde_json::Value;

/// The admin endpoint of an emulator.
#[derive(Clone)]
pub struct Faults {
    address: String,
    client: reqwest::Client,
}

impl Faults {
    pub(crate) fn at(admin: &str) -> Self {
        Self { address: format!("{admin}/faults"), client: reqwest::Client::new() }
    }

    /// One fault more, in the notation of emulator/README.md.
    pub async fn add(&self, fault: &Value) -> Result<()> {
        self.send(self.client.post(&self.address).json(fault)).await
    }

    /// Ends all of them.
    pub async fn clear(&self) -> Result<()> {
        self.send(self.client.delete(&self.address)).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<()> {
        let answer = request.send().await.context("the emulator's admin endpoint does not answer")?;
        answer.error_for_status().context("the emulator refused the fault")?;
        Ok(())
    }
}
