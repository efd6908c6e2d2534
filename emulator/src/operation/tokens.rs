//! `/oauth2/exchange` and `/oauth2/token`: reading the form; the grants are `auth/token.rs`.

use axum::body::Body;
use http::Method;

use super::{Call, read_small};
use crate::auth::{token_by_get, token_by_post};
use crate::error::Refusal;
use crate::query::Query;
use crate::response::Response;

/// `RefreshTokens_GetFromExchange`
pub(super) async fn exchange(call: &Call<'_>, body: &mut Body) -> Result<Response, Refusal> {
    if call.method != Method::POST {
        return Err(Refusal::MethodNotAllowed("POST"));
    }
    let form = form(call, body).await?;
    crate::auth::exchange(&call.gate, &form, call.service.config.refresh_token_lifetime)
}

/// `AccessTokens_Get` and `AccessTokens_GetFromLogin`
pub(super) async fn token(call: &Call<'_>, body: &mut Body) -> Result<Response, Refusal> {
    let lifetime = call.service.config.access_token_lifetime;
    match call.method {
        Method::GET | Method::HEAD => token_by_get(&call.gate, call.headers, &call.query, lifetime),
        Method::POST => token_by_post(&call.gate, &form(call, body).await?, lifetime),
        _ => Err(Refusal::MethodNotAllowed("GET, POST")),
    }
}

async fn form(call: &Call<'_>, body: &mut Body) -> Result<Query, Refusal> {
    let bytes = read_small(call, body).await?;
    Ok(Query::parse(&String::from_utf8_lossy(&bytes)))
}
