//! The identity a gateway holds for a registry: it gets access tokens by scope and keeps them until shortly before they end.
//! The calls themselves are `identity::calls`'; nothing is ever written to disk.

mod azure;
mod calls;
mod token;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use http::HeaderValue;
use tokio::sync::Mutex;

use crate::config::{IdentityConfig, Registry};
use crate::outbound::failure;
use crate::outbound::upstream::Upstream;
use crate::problem::Problem;
use token::Token;

/// Scopes remembered. A registry has a few scopes a repository, and a gateway few registries.
const REMEMBERED: usize = 4096;

/// One token's place. The call that holds it fetches; the others wait for the result.
type Slot = Arc<Mutex<Option<Token>>>;

/// The identity for one registry.
pub(crate) struct Identity {
    config: IdentityConfig,
    azure: azure::Source,
    refresh: Slot,
    access: std::sync::Mutex<HashMap<String, Slot>>,
}

impl Identity {
    pub(crate) fn new(
        config: IdentityConfig,
        registry: &Registry,
        upstream: &Upstream,
    ) -> Result<Self, String> {
        Ok(Self {
            azure: azure::Source::new(&config, registry.entra_scope(), upstream.client())?,
            config,
            refresh: Slot::default(),
            access: Default::default(),
        })
    }

    /// The Authorization value for a scope; calls without one are made without a token's actions. Waiting for other callers, each of which may
    /// wait for an answer, takes no longer than waiting for an answer.
    pub(crate) async fn authorization(
        &self,
        upstream: &Upstream,
        registry: &Registry,
        scope: Option<&str>,
    ) -> Result<HeaderValue, Problem> {
        let limit = upstream.head();
        let fetched =
            tokio::time::timeout(limit, self.token(upstream, registry, scope.unwrap_or_default())).await;
        fetched.unwrap_or_else(|_| Err(failure::silent(registry.login_server(), limit)))
    }

    async fn token(
        &self,
        upstream: &Upstream,
        registry: &Registry,
        scope: &str,
    ) -> Result<HeaderValue, Problem> {
        let slot = self.slot(scope);
        let mut held = slot.lock().await;
        if let Some(token) = held.as_ref().filter(|token| token.is_fresh()) {
            return token.bearer();
        }
        let token = self.fetch(upstream, registry, scope).await?;
        let value = token.bearer();
        *held = Some(token);
        value
    }

    /// Forgets the token of a scope, which the registry refused.
    pub(crate) async fn forget(&self, scope: Option<&str>) {
        *self.slot(scope.unwrap_or_default()).lock().await = None;
    }

    fn slot(&self, scope: &str) -> Slot {
        // A map of slots is never left half-changed.
        let mut slots = self.access.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= REMEMBERED && !slots.contains_key(scope) {
            slots.clear();
        }
        Arc::clone(slots.entry(scope.to_owned()).or_default())
    }

    async fn fetch(&self, upstream: &Upstream, registry: &Registry, scope: &str) -> Result<Token, Problem> {
        let calls = calls::Calls { upstream, registry };
        match &self.config {
            IdentityConfig::Anonymous => calls.anonymous(scope).await,
            IdentityConfig::Password { username, secret } => {
                calls.with_password(scope, username, &secret.read().map_err(unusable)?).await
            }
            IdentityConfig::RefreshToken { secret } => {
                calls.with_refresh_token(scope, secret.read().map_err(unusable)?.expose()).await
            }
            IdentityConfig::Managed { .. } | IdentityConfig::Workload { .. } => {
                let mut held = self.refresh.lock().await;
                if !held.as_ref().is_some_and(Token::is_fresh) {
                    let entra = self.azure.entra_token().await.map_err(unusable)?;
                    *held = Some(calls.exchange(entra.expose(), self.azure.scope()).await?);
                }
                let refresh = held.as_ref().map(|token| token.expose().to_owned()).unwrap_or_default();
                drop(held);
                let answer = calls.with_refresh_token(scope, &refresh).await;
                if answer.is_err() {
                    *self.refresh.lock().await = None;
                }
                answer
            }
        }
    }
}

fn unusable(why: String) -> Problem {
    tracing::error!(%why, "the gateway's credential cannot be used");
    Problem::bad_upstream(
        "GATEWAY_IDENTITY",
        "the gateway's own credential cannot be used; its log has the cause",
    )
    .with_cause(why)
}
