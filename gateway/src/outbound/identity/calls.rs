//! The three token calls of a registry, as the gateway makes them for itself.

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, header};
use http_body_util::{BodyExt, Limited};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::token::Token;
use crate::config::{Registry, Secret};
use crate::outbound::body::BodyFault;
use crate::outbound::failure;
use crate::outbound::upstream::Upstream;
use crate::problem::Problem;

/// A token answer is a few KiB; more is not read.
const ANSWER_BYTES: usize = 256 << 10;

const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Token calls to one registry.
pub(super) struct Calls<'a> {
    pub(super) upstream: &'a Upstream,
    pub(super) registry: &'a Registry,
}

#[derive(Deserialize)]
struct Answer {
    access_token: Option<String>,
    refresh_token: Option<String>,
}

impl Calls<'_> {
    /// An anonymous access token (AccessTokens_Get with an empty refresh token, as the SDKs ask for one).
    pub(super) async fn anonymous(&self, scope: &str) -> Result<Token, Problem> {
        let service = self.registry.login_server();
        let form = form(&[
            ("grant_type", "password"),
            ("refresh_token", ""),
            ("scope", scope),
            ("service", service),
        ]);
        access(self.post("/oauth2/token", form).await?)
    }

    /// An access token for a refresh token (AccessTokens_Get).
    pub(super) async fn with_refresh_token(
        &self,
        scope: &str,
        refresh_token: &str,
    ) -> Result<Token, Problem> {
        let service = self.registry.login_server();
        let form = form(&[
            ("grant_type", "refresh_token"),
            ("service", service),
            ("scope", scope),
            ("refresh_token", refresh_token),
        ]);
        access(self.post("/oauth2/token", form).await?)
    }

    /// An access token for a user name and password (AccessTokens_GetFromLogin).
    pub(super) async fn with_password(
        &self,
        scope: &str,
        username: &str,
        password: &Secret,
    ) -> Result<Token, Problem> {
        let query = form(&[("service", self.registry.login_server()), ("scope", scope)]);
        let basic = STANDARD.encode(format!("{username}:{}", password.expose()));
        let mut value = HeaderValue::try_from(format!("Basic {basic}")).map_err(|_| refused())?;
        value.set_sensitive(true);
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value)]);
        access(self.send(Method::GET, &format!("/oauth2/token?{query}"), headers, Body::empty()).await?)
    }

    /// A refresh token for an Entra token (RefreshTokens_GetFromExchange).
    pub(super) async fn exchange(&self, entra_token: &str, scope: &str) -> Result<Token, Problem> {
        let service = self.registry.login_server();
        let form =
            form(&[("grant_type", "access_token"), ("service", service), ("access_token", entra_token)]);
        let answer = self.post("/oauth2/exchange", form).await.map_err(|problem| {
            tracing::error!(registry = self.registry.name(), scope, "the registry refused a token of this audience");
            let cause = format!("{service} refused the Entra token that was issued for {scope}; entra.scope sets another audience");
            problem.with_cause(cause)
        })?;
        answer.refresh_token.filter(|token| !token.is_empty()).map(Token::new).ok_or_else(refused)
    }

    async fn post(&self, path: &str, form: String) -> Result<Answer, Problem> {
        let media_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        self.send(
            Method::POST,
            path,
            HeaderMap::from_iter([(header::CONTENT_TYPE, media_type)]),
            Body::from(form),
        )
        .await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Body,
    ) -> Result<Answer, Problem> {
        let target = PathAndQuery::try_from(path).map_err(|_| refused())?;
        let answer = self.upstream.ask(self.registry, method, target, headers, body).await?;
        let status = answer.status();
        if !status.is_success() {
            tracing::error!(registry = self.registry.name(), %status, "the registry refused the gateway's credential");
            return Err(refused().with_cause(format!(
                "{} answered {status} to the gateway's own credential",
                self.registry.login_server()
            )));
        }
        let body = Limited::new(answer.into_body(), ANSWER_BYTES).collect();
        // Calls that need a token of the same scope wait for this one.
        let body = tokio::time::timeout(self.upstream.idle(), body).await;
        let body = body.map_err(|_| failure::of_answer(BodyFault::Stalled, self.registry.login_server()))?;
        let bytes = body.map_err(|_| refused())?.to_bytes();
        serde_json::from_slice(&bytes).map_err(|_| refused())
    }
}

fn access(answer: Answer) -> Result<Token, Problem> {
    answer.access_token.filter(|token| !token.is_empty()).map(Token::new).ok_or_else(refused)
}

fn refused() -> Problem {
    let message =
        "the registry gave the gateway no token for its own credential; its operator should check it";
    Problem::bad_upstream("GATEWAY_IDENTITY", message)
}

fn form(pairs: &[(&str, &str)]) -> String {
    let encoded = pairs.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, FORM)));
    encoded.collect::<Vec<_>>().join("&")
}
