//! One request to the authority and its answer: which endpoint it is for, and which origins may read it.

use axum::body::Body;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use serde_json::Value;

use super::authority::EntraAuthority;
use super::authorize::{COOKIE, Visit, authorize, choose, logout};
use super::document::openid_configuration;
use super::error::EntraError;
use super::token::token;
use crate::fault::EntraRefusal;
use crate::protocol::query::Query;
use crate::protocol::time::Time;
use crate::response::{Response, bytes, empty, set};

const BODY_LIMIT: usize = 64 * 1024;

/// What the answer depends on in addition to the request.
#[derive(Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    /// Scheme, host and port that the client reached the authority by.
    pub(crate) origin: &'a str,
    /// What is to be refused.
    pub(crate) fault: Option<EntraRefusal>,
    pub(crate) now: Time,
}

impl EntraAuthority {
    /// Answers a request.
    pub(crate) async fn respond(&self, request: Request<Body>, around: Circumstances<'_>) -> Response {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path().trim_start_matches('/');
        let (tenant, endpoint) = path.split_once('/').unwrap_or((path, ""));
        if !self.is_named(tenant) {
            let message =
                format!("Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.");
            let error = EntraError::new("invalid_tenant", 90_002, message);
            return public(json(StatusCode::BAD_REQUEST, &error.to_json(around.now)));
        }
        let query = parts.uri.query().unwrap_or_default();
        let visit = Visit {
            cookie: cookie(&parts.headers),
            tls: around.origin.starts_with("https:"),
            fault: around.fault,
            now: around.now,
        };
        match (&parts.method, endpoint) {
            (&Method::GET | &Method::HEAD, "v2.0/.well-known/openid-configuration") => {
                public(json(StatusCode::OK, &openid_configuration(around.origin, self.tenant())))
            }
            (&Method::GET | &Method::HEAD, "discovery/v2.0/keys") => {
                public(json(StatusCode::OK, &self.signer().key_set()))
            }
            (&Method::GET, "oauth2/v2.0/authorize") => authorize(self, visit, query),
            (&Method::POST, "oauth2/v2.0/login") => match form(body).await {
                Some(form) => choose(self, visit, &form),
                None => empty(StatusCode::PAYLOAD_TOO_LARGE),
            },
            (&Method::GET, "oauth2/v2.0/logout") => logout(self, visit, &Query::parse(query)),
            (&Method::POST | &Method::OPTIONS, "oauth2/v2.0/token") => {
                self.token_endpoint(&parts, body, around).await
            }
            _ => empty(StatusCode::NOT_FOUND),
        }
    }

    /// The token endpoint: readable for the origins of registered redirect URIs, and usable by them alone.
    async fn token_endpoint(&self, parts: &Parts, body: Body, around: Circumstances<'_>) -> Response {
        let origin = parts.headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
        let settings = self.settings();
        let is_registered =
            |origin: &str| settings.redirect_uris.iter().any(|uri| origin_of(uri) == Some(origin));
        let allowed = origin.filter(|origin| is_registered(origin));
        let mut response = if parts.method == Method::OPTIONS {
            empty(StatusCode::NO_CONTENT)
        } else if allowed.is_none() {
            let message = "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.";
            let error = EntraError::new("invalid_request", 9_002_326, message);
            json(StatusCode::BAD_REQUEST, &error.to_json(around.now))
        } else {
            match form(body).await {
                Some(form) => match token(self, around.origin, &form, around.fault, around.now) {
                    Ok(tokens) => json(StatusCode::OK, &tokens),
                    Err(error) => json(StatusCode::BAD_REQUEST, &error.to_json(around.now)),
                },
                None => empty(StatusCode::PAYLOAD_TOO_LARGE),
            }
        };
        let headers = response.headers_mut();
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = allowed {
            set(headers, header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
        }
        response
    }
}

/// Scheme, host and port of a redirect URI.
fn origin_of(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    uri.get(..scheme.len() + "://".len() + host.len())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

async fn form(body: Body) -> Option<Query> {
    let bytes = Limited::new(body, BODY_LIMIT).collect().await.ok()?.to_bytes();
    Some(Query::parse(&String::from_utf8_lossy(&bytes)))
}

fn json(status: StatusCode, value: &Value) -> Response {
    let mut response = bytes(status, "application/json; charset=utf-8", value.to_string());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Readable for every origin.
pub(crate) fn public(mut response: Response) -> Response {
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
