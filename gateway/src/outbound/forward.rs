//! Carrying a request to a registry and its answer back: the order of things. What passes is decided in `headers`, `body` and
//! `redirect`.

use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, StatusCode, header};
use http_body::Body as _;
use hyper::body::Incoming;

use super::body::{Begun, Guarded, Progress};
use super::identity::Identity;
use super::upstream::{Outgoing, Upstream, uri};
use super::{failure, headers, redirect};
use crate::config::{Config, Limits, Registry, Timeouts};
use crate::problem::Problem;
use crate::route::operation::{Call, Operation};

/// Carries requests to registries. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Forwarder {
    upstream: Upstream,
    limits: Limits,
    timeouts: Timeouts,
}

/// What is being forwarded: where to, and what it is.
pub(crate) struct ProxyRequest<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) call: &'a Call,
    /// Path and query below `/registries/NAME`, exactly as sent.
    pub(crate) target: PathAndQuery,
    /// The gateway's own identity for the registry, if it holds one.
    pub(crate) identity: Option<&'a Identity>,
}

/// The body of a request, bounded in size and in the time between two of its parts.
pub(crate) struct CheckedBody {
    body: Body,
    progress: Progress,
}

/// A request about to be sent with the gateway's identity.
struct Exchange<'a> {
    request: &'a ProxyRequest<'a>,
    method: &'a Method,
    headers: HeaderMap,
    /// Whether it can be sent twice: it has no body, and a registry that answers 401 has done nothing.
    repeatable: bool,
}

impl Forwarder {
    pub(crate) fn new(config: &Config, upstream: Upstream) -> Self {
        Self { upstream, limits: config.limits, timeouts: config.timeouts }
    }

    /// The body of a request within its limits, before anything is sent.
    pub(crate) fn checked_body(
        &self,
        request: &ProxyRequest<'_>,
        parts: &Parts,
        body: Body,
    ) -> Result<CheckedBody, Problem> {
        let limit = self.body_limit(request.call.operation);
        check_body(&parts.method, &parts.headers, &body, limit)?;
        let progress = Progress::default();
        let body = if body.is_end_stream() {
            Body::empty()
        } else {
            Body::new(Guarded::new(body, limit, self.timeouts.client_idle, progress.clone()))
        };
        Ok(CheckedBody { body, progress })
    }

    /// Forwards one request. With a gateway identity its token takes the place of whatever the client sent.
    pub(crate) async fn forward(
        &self,
        request: &ProxyRequest<'_>,
        parts: &Parts,
        body: CheckedBody,
    ) -> Result<Response, Problem> {
        let CheckedBody { body, progress } = body;
        let repeatable = body.is_end_stream();
        let headers = headers::to_registry(&parts.headers);
        let answer = match request.identity {
            None => {
                let uri = uri(request.registry, request.target.clone())?;
                let outgoing = Outgoing { method: parts.method.clone(), uri, headers };
                self.upstream.send(outgoing, body, &progress, request.registry.login_server()).await?
            }
            Some(identity) => {
                let exchange = Exchange { request, method: &parts.method, headers, repeatable };
                self.send_as(identity, exchange, body, &progress).await?
            }
        };
        self.answer(request, parts, answer).await
    }

    /// Sends a request with the gateway's identity; once more, with the scope the registry asks for, when it may be repeated.
    async fn send_as(
        &self,
        identity: &Identity,
        exchange: Exchange<'_>,
        body: Body,
        progress: &Progress,
    ) -> Result<Response<Incoming>, Problem> {
        let Exchange { request, method, mut headers, repeatable } = exchange;
        let registry = request.registry;
        let server = registry.login_server();
        let scope = request.call.scope();
        let token = identity.authorization(&self.upstream, registry, scope.as_deref()).await?;
        headers.insert(header::AUTHORIZATION, token);
        let uri = uri(registry, request.target.clone())?;
        let outgoing = Outgoing { method: method.clone(), uri: uri.clone(), headers: headers.clone() };
        let answer = self.upstream.send(outgoing, body, progress, server).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        identity.forget(scope.as_deref()).await;
        let refused = || {
            let message = format!("the gateway's identity may not do this on {server}");
            Problem::new(StatusCode::FORBIDDEN, "GATEWAY_IDENTITY_FORBIDDEN", message)
        };
        if !repeatable {
            return Err(refused());
        }
        let asked = challenge_scope(answer.headers()).or(scope);
        let token = identity.authorization(&self.upstream, registry, asked.as_deref()).await?;
        headers.insert(header::AUTHORIZATION, token);
        let outgoing = Outgoing { method: method.clone(), uri, headers };
        let answer = self.upstream.send(outgoing, Body::empty(), progress, server).await?;
        if answer.status() == StatusCode::UNAUTHORIZED { Err(refused()) } else { Ok(answer) }
    }

    async fn answer(
        &self,
        request: &ProxyRequest<'_>,
        parts: &Parts,
        answer: Response<Incoming>,
    ) -> Result<Response, Problem> {
        if redirect::is_redirect(answer.status()) {
            return self.follow(request, parts, answer).await;
        }
        let blob = request.call.operation.may_redirect_to_storage();
        let limit = if blob { u64::MAX } else { self.limits.response_bytes };
        let mut response = self.to_client(answer, limit, request.registry.login_server()).await?;
        headers::forbid_caching(response.headers_mut(), request.identity.is_some());
        Ok(response)
    }

    /// Follows a blob's redirect to storage, once, with nothing of the client's request but its range.
    async fn follow(
        &self,
        request: &ProxyRequest<'_>,
        parts: &Parts,
        redirect: Response<Incoming>,
    ) -> Result<Response, Problem> {
        let server = request.registry.login_server();
        let refused = |why: &dyn std::fmt::Display| {
            Problem::bad_upstream(
                "GATEWAY_REDIRECT_REFUSED",
                format!("{server} answered with a redirect that is not followed: {why}"),
            )
        };
        if !request.call.operation.may_redirect_to_storage() {
            return Err(refused(&"only blobs are redirected"));
        }
        let uri = redirect::storage_uri(redirect.headers(), &request.registry.storage_hosts)
            .map_err(|why| refused(&why))?;
        let mut headers = HeaderMap::new();
        for name in [header::RANGE, header::IF_RANGE] {
            if let Some(value) = parts.headers.get(&name) {
                headers.insert(name, value.clone());
            }
        }
        headers::identify(&mut headers);
        let outgoing = Outgoing { method: parts.method.clone(), uri, headers };
        // The host is one of the configuration's, so it may be named; the rest of the URL is a credential.
        let host = outgoing.uri.host().unwrap_or_default();
        let storage = format!("{host}, the blob storage of {server},");
        let answer = self.upstream.send(outgoing, Body::empty(), &Progress::default(), &storage).await?;
        match answer.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                let mut response = self.to_client(answer, u64::MAX, &storage).await?;
                headers::keep_of_redirect(redirect.headers(), response.headers_mut());
                headers::forbid_caching(response.headers_mut(), request.identity.is_some());
                Ok(response)
            }
            status => Err(Problem::bad_upstream(
                "GATEWAY_STORAGE_REFUSED",
                format!("{storage} answered {status} for this blob; try again"),
            )),
        }
    }

    /// An answer as the client gets it, once the first bytes of its body are there: a body that breaks at once is an error that can
    /// still be reported.
    async fn to_client(
        &self,
        answer: Response<Incoming>,
        limit: u64,
        server: &str,
    ) -> Result<Response, Problem> {
        let (parts, body) = answer.into_parts();
        if parts.status.is_informational() {
            return Err(Problem::bad_upstream(
                "GATEWAY_UPSTREAM_BROKEN",
                format!("{server} asked to change protocols"),
            ));
        }
        if let Some(problem) = headers::framing_problem(&parts.headers) {
            let message = format!("the answer of {server} has {problem}");
            return Err(Problem::bad_upstream("GATEWAY_UPSTREAM_BROKEN", message));
        }
        if body.size_hint().lower() > limit {
            let message =
                format!("the answer of {server} passes the limit of {limit} bytes (limits.response_bytes)");
            return Err(Problem::bad_upstream("GATEWAY_UPSTREAM_TOO_LARGE", message));
        }
        let idle = self.timeouts.upstream_idle;
        let body = if body.is_end_stream() {
            Body::empty()
        } else {
            let guarded = Guarded::new(body, limit, idle, Progress::default());
            let begun = Begun::new(guarded).await.map_err(|fault| failure::of_answer(fault, server))?;
            Body::new(begun)
        };
        let mut response = Response::new(body);
        *response.status_mut() = parts.status;
        *response.headers_mut() = headers::to_client(&parts.headers);
        Ok(response)
    }

    fn body_limit(&self, operation: Operation) -> u64 {
        match operation {
            Operation::ManifestsCreate => self.limits.manifest_bytes,
            Operation::BlobStartUpload | Operation::BlobUpload | Operation::BlobEndUpload => {
                self.limits.upload_bytes
            }
            _ => self.limits.form_bytes,
        }
    }
}

/// The scope a registry's challenge asks for.
fn challenge_scope(headers: &HeaderMap) -> Option<String> {
    let challenge = headers.get(header::WWW_AUTHENTICATE)?.to_str().ok()?;
    let (_, rest) = challenge.split_once("scope=\"")?;
    let (scope, _) = rest.split_once('"')?;
    Some(scope.to_owned())
}

fn check_body(method: &Method, headers: &HeaderMap, body: &Body, limit: u64) -> Result<(), Problem> {
    if matches!(*method, Method::GET | Method::HEAD) && !body.is_end_stream() {
        return Err(Problem::bad_request("a GET or HEAD request has no body"));
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.unwrap_or(0).max(body.size_hint().lower()) > limit {
        return Err(Problem::too_large(format!("the body passes the limit of {limit} bytes")));
    }
    Ok(())
}
