//! Entra tokens for managed and workload identities.

use crate::config::{IdentityConfig, Secret};

/// Where Entra tokens come from; nowhere for identities that need none.
pub(super) struct Source;

impl Source {
    pub(super) fn new(config: &IdentityConfig) -> Result<Self, String> {
        match config {
            IdentityConfig::Managed { .. } | IdentityConfig::Workload { .. } => {
                Err("not built in".to_owned())
            }
            _ => Ok(Self),
        }
    }

    pub(super) async fn entra_token(&self) -> Result<Secret, String> {
        Err("this identity has no Entra token".to_owned())
    }
}
