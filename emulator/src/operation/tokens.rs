//! `/oauth2/exchange` and `/oauth2/token`: reading the form and writing the token. The grants are in `auth/token.rs`.

use axum::body::Body;
use http::{Method, StatusCode};
use serde::Serialize;

use super::call::{Call, read_small};
use crate::auth::{self, token_by_get, token_by_post};
use crate::protocol::query::Query;
use crate::response::{Refusal, Response, chunked_json};

#[derive(Serialize)]
struct RefreshToken {
    refresh_token: String,
}

#[derive(Serialize)]
struct AccessToken {
    access_token: String,
}

/// `RefreshTokens_GetFromExchange`
pub(super) async fn exchange(call: &Call<'_>, body: &mut Body) -> Result<Response, Refusal> {
    if call.method != Method::POST {
        return Err(Refusal::MethodNotAllowed("POST"));
    }
    let form = form(call, body).await?;
    let refresh_token = auth::exchange(&call.gate, &form, call.service.config.refresh_token_lifetime)?;
    Ok(answer(&RefreshToken { refresh_token }))
}

/// `AccessTokens_Get` and `AccessTokens_GetFromLogin`
pub(super) async fn token(call: &Call<'_>, body: &mut Body) -> Result<Response, Refusal> {
    let lifetime = call.service.config.access_token_lifetime;
    let access_token = match call.method {
        Method::GET | Method::HEAD => token_by_get(&call.gate, call.headers, &call.query, lifetime)?,
        Method::POST => token_by_post(&call.gate, &form(call, body).await?, lifetime)?,
        _ => return Err(Refusal::MethodNotAllowed("GET, POST")),
    };
    Ok(answer(&AccessToken { access_token }))
}

async fn form(call: &Call<'_>, body: &mut Body) -> Result<Query, Refusal> {
    let bytes = read_small(call, body).await?;
    Ok(Query::parse(&String::from_utf8_lossy(&bytes)))
}

fn answer(token: &impl Serialize) -> Response {
    let mut text = serde_json::to_string(token).unwrap_or_default();
    text.push('\n');
    chunked_json(StatusCode::OK, text)
}
