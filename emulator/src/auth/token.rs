//! The token service: `/oauth2/exchange` and `/oauth2/token`, in every grant.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::identity::Identity;
use super::jwt::{foreign_claim, is_expired_jwt};
use super::{Credentials, Gate, Scope, Secret};
use crate::error::{ApiError, Refusal};
use crate::query::Query;
use crate::response::{Response, chunked_json, credentials_refused};

/// The tenant of an Entra identity whose token names none.
pub(super) const COMMON_TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

#[derive(Serialize)]
struct RefreshToken<'a> {
    refresh_token: &'a str,
}

#[derive(Serialize)]
struct AccessToken<'a> {
    access_token: &'a str,
}

fn token_response(body: &impl Serialize) -> Response {
    let mut text = serde_json::to_string(body).unwrap_or_default();
    text.push('\n');
    chunked_json(StatusCode::OK, text)
}

/// `POST /oauth2/exchange`: an Entra token (or, deprecated, a refresh token) for a refresh token of the registry.
///
/// Any Entra token that is not an expired JWT is believed: there is no Entra to ask.
pub(crate) fn exchange(gate: &Gate<'_>, form: &Query, lifetime: Duration) -> Result<Response, Refusal> {
    let foreign = match form.get("grant_type") {
        Some("access_token" | "access_token_refresh_token") => form.get("access_token"),
        Some("refresh_token") => form.get("refresh_token"),
        _ => {
            return Err(invalid(
                "grant_type must be access_token, access_token_refresh_token or refresh_token",
            ));
        }
    };
    if form.get("service").is_none_or(str::is_empty) {
        return Err(invalid("service must name the registry"));
    }
    let believable = |token: &&str| !token.is_empty() && !is_expired_jwt(token, gate.now);
    let Some(foreign) = foreign.filter(believable) else {
        return Err(Refusal::TokenRefused);
    };
    let tenant = form.get("tenant").filter(|tenant| !tenant.is_empty());
    if tenant.is_some_and(|tenant| !is_tenant(tenant)) {
        return Err(Refusal::TokenRefused);
    }
    let claim = |name| foreign_claim(foreign, name);
    let identity = Identity::Entra {
        subject: claim("oid").or_else(|| claim("sub")).unwrap_or_else(|| super::TOKEN_USER.to_owned()),
        tenant: tenant
            .map(str::to_owned)
            .or_else(|| claim("tid"))
            .unwrap_or_else(|| COMMON_TENANT.to_owned()),
    };
    let token = gate.signer.refresh(&identity, &gate.site.login_server, gate.now, lifetime);
    Ok(token_response(&RefreshToken { refresh_token: &token }))
}

/// `POST /oauth2/token`: a refresh token, a password, or nothing at all, for an access token.
pub(crate) fn token_by_post(gate: &Gate<'_>, form: &Query, lifetime: Duration) -> Result<Response, Refusal> {
    let refresh_token = form.get("refresh_token").unwrap_or_default();
    let username = form.get("username").unwrap_or_default();
    let identity = match form.get("grant_type") {
        Some("refresh_token") => gate.authority.by_refresh_token(gate.signer, refresh_token, gate.now),
        Some("password") if !username.is_empty() => {
            let password = Secret::new(form.get("password").unwrap_or_default());
            match gate.authority.sign_in(gate.signer, username, &password, gate.now) {
                Some(identity) => Some(identity),
                None => return Ok(credentials_refused()),
            }
        }
        Some("password") if !refresh_token.is_empty() => {
            gate.authority.by_refresh_token(gate.signer, refresh_token, gate.now)
        }
        Some("password") => gate.authority.anonymous(),
        _ => return Err(invalid("grant_type must be refresh_token or password")),
    };
    let identity = identity.ok_or(Refusal::TokenRefused)?;
    Ok(grant(gate, &identity, form, lifetime))
}

/// `GET /oauth2/token`: Basic credentials, or none, for an access token.
pub(crate) fn token_by_get(
    gate: &Gate<'_>,
    headers: &HeaderMap,
    query: &Query,
    lifetime: Duration,
) -> Result<Response, Refusal> {
    let identity = match Credentials::from_headers(headers) {
        Some(Credentials::Basic { username, password }) => {
            gate.authority.sign_in(gate.signer, &username, &password, gate.now)
        }
        Some(Credentials::Bearer(token)) => gate.authority.by_refresh_token(gate.signer, &token, gate.now),
        None => gate.authority.anonymous(),
    };
    match identity {
        Some(identity) => Ok(grant(gate, &identity, query, lifetime)),
        None => Ok(credentials_refused()),
    }
}

/// A token with what of the scopes the identity has: a weaker one rather than a refusal.
fn grant(gate: &Gate<'_>, identity: &Identity, asked: &Query, lifetime: Duration) -> Response {
    let scope = Scope::parse(asked.all("scope"));
    let granted: Vec<_> = scope.0.iter().filter_map(|access| identity.grant(access)).collect();
    let token = gate.signer.access(identity, &gate.site.login_server, gate.now, lifetime, &granted);
    token_response(&AccessToken { access_token: &token })
}

fn invalid(reason: &'static str) -> Refusal {
    ApiError::token_request_invalid(reason).into()
}

fn is_tenant(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}
