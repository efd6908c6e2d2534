//! Carrying a request to a registry and its answer back: the order of things. What passes is decided in the modules below.

mod body;
mod failure;
mod headers;
mod redirect;
mod reported;

use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body::Body as _;
use hyper::body::Incoming;

use body::{Guarded, Progress};
pub use headers::SOURCE_CLIENT;
pub(crate) use reported::{Passed, Reported};

use crate::config::{Config, ConfigError, Limits, Registry, Timeouts};
use crate::identity::Identity;
use crate::operation::{Call, Operation};
use crate::problem::Problem;
use crate::upstream::{self, UpstreamClient};

/// Carries requests to registries. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Forwarder {
    client: UpstreamClient,
    limits: Limits,
    timeouts: Timeouts,
    user_header: Option<HeaderName>,
}

/// What is being forwarded: where to, and what it is.
pub(crate) struct Errand<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) call: &'a Call,
    /// Path and query below `/registries/NAME`, exactly as sent.
    pub(crate) target: PathAndQuery,
    /// The gateway's own identity for the registry, if it holds one.
    pub(crate) identity: Option<&'a Identity>,
}

/// A request about to be sent with the gateway's identity.
struct Exchange<'a> {
    errand: &'a Errand<'a>,
    method: &'a Method,
    headers: HeaderMap,
    /// Whether it can be sent twice: it has no body, and a registry that answers 401 has done nothing.
    repeatable: bool,
}

impl Forwarder {
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        Ok(Self {
            client: upstream::client(config)?,
            limits: config.limits,
            timeouts: config.timeouts,
            user_header: config.user_header.clone(),
        })
    }

    /// Forwards one request. With a gateway identity its token takes the place of whatever the client sent.
    pub(crate) async fn forward(
        &self,
        errand: &Errand<'_>,
        parts: &Parts,
        body: Body,
    ) -> Result<Response, Problem> {
        let limit = self.body_limit(errand.call.operation);
        check_body(&parts.method, &parts.headers, &body, limit)?;
        let headers = headers::to_registry(&parts.headers, self.user_header.as_ref());
        let progress = Progress::default();
        let (repeatable, body) = match body.is_end_stream() {
            true => (true, Body::empty()),
            false => {
                (false, Body::new(Guarded::new(body, limit, self.timeouts.client_idle, progress.clone())))
            }
        };
        let answer = match errand.identity {
            None => {
                let uri = uri(errand.registry, errand.target.clone())?;
                let server = errand.registry.login_server();
                self.send(parts.method.clone(), uri, headers, body, &progress, server).await?
            }
            Some(identity) => {
                let exchange = Exchange { errand, method: &parts.method, headers, repeatable };
                self.send_as(identity, exchange, body, &progress).await?
            }
        };
        self.answer(errand, parts, answer).await
    }

    /// The client everything is sent with.
    pub(crate) fn client(&self) -> &UpstreamClient {
        &self.client
    }

    /// Sends a request of the gateway's own to a registry.
    pub(crate) async fn ask(
        &self,
        registry: &Registry,
        method: Method,
        target: PathAndQuery,
        mut headers: HeaderMap,
        body: Body,
    ) -> Result<Response<Incoming>, Problem> {
        headers.insert("x-meta-source-client", HeaderValue::from_static(SOURCE_CLIENT));
        let server = registry.login_server();
        self.send(method, uri(registry, target)?, headers, body, &Progress::default(), server).await
    }

    /// Sends a request with the gateway's identity; once more, with the scope the registry asks for, when it may be repeated.
    async fn send_as(
        &self,
        identity: &Identity,
        exchange: Exchange<'_>,
        body: Body,
        progress: &Progress,
    ) -> Result<Response<Incoming>, Problem> {
        let Exchange { errand, method, mut headers, repeatable } = exchange;
        let registry = errand.registry;
        let server = registry.login_server();
        let scope = errand.call.scope();
        headers
            .insert(header::AUTHORIZATION, identity.authorization(self, registry, scope.as_deref()).await?);
        let target = uri(registry, errand.target.clone())?;
        let answer =
            self.send(method.clone(), target.clone(), headers.clone(), body, progress, server).await?;
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
        headers
            .insert(header::AUTHORIZATION, identity.authorization(self, registry, asked.as_deref()).await?);
        let answer = self.send(method.clone(), target, headers, Body::empty(), progress, server).await?;
        if answer.status() == StatusCode::UNAUTHORIZED { Err(refused()) } else { Ok(answer) }
    }

    /// Sends a request and waits for the head of its answer. The clock starts anew with each part of the body that passes.
    /// `server` is what a failure calls the other side.
    async fn send(
        &self,
        method: Method,
        uri: Uri,
        headers: HeaderMap,
        body: Body,
        progress: &Progress,
        server: &str,
    ) -> Result<Response<Incoming>, Problem> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        let mut pending = std::pin::pin!(self.client.request(request));
        loop {
            let before = progress.bytes();
            match tokio::time::timeout(self.timeouts.upstream_head, pending.as_mut()).await {
                Ok(answer) => return answer.map_err(|error| failure::of(&error, server)),
                Err(_) if progress.bytes() > before => {}
                Err(_) => return Err(failure::silent(server, self.timeouts.upstream_head)),
            }
        }
    }

    async fn answer(
        &self,
        errand: &Errand<'_>,
        parts: &Parts,
        answer: Response<Incoming>,
    ) -> Result<Response, Problem> {
        if redirect::is_redirect(answer.status()) {
            return self.follow(errand, parts, answer).await;
        }
        let blob = errand.call.operation.may_redirect_to_storage();
        let limit = if blob { u64::MAX } else { self.limits.response_bytes };
        let mut response = self.to_client(answer, limit, errand.registry.login_server())?;
        headers::forbid_caching(response.headers_mut(), errand.identity.is_some());
        Ok(response)
    }

    /// Follows a blob's redirect to storage, once, with nothing of the client's request but its range.
    async fn follow(
        &self,
        errand: &Errand<'_>,
        parts: &Parts,
        redirect: Response<Incoming>,
    ) -> Result<Response, Problem> {
        let server = errand.registry.login_server();
        let refused = |why: &dyn std::fmt::Display| {
            Problem::bad_upstream(
                "GATEWAY_REDIRECT_REFUSED",
                format!("{server} answered with a redirect that is not followed: {why}"),
            )
        };
        if !errand.call.operation.may_redirect_to_storage() {
            return Err(refused(&"only blobs are redirected"));
        }
        let uri = redirect::storage_uri(redirect.headers(), &errand.registry.storage_hosts)
            .map_err(|why| refused(&why))?;
        let mut headers = HeaderMap::new();
        for name in [header::RANGE, header::IF_RANGE] {
            if let Some(value) = parts.headers.get(&name) {
                headers.insert(name, value.clone());
            }
        }
        headers.insert("x-meta-source-client", HeaderValue::from_static(SOURCE_CLIENT));
        let method = parts.method.clone();
        // The host is one of the configuration's, so it may be named; the rest of the URL is a credential.
        let storage = format!("{}, the blob storage of {server},", uri.host().unwrap_or_default());
        let answer = self.send(method, uri, headers, Body::empty(), &Progress::default(), &storage).await?;
        match answer.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                let mut response = self.to_client(answer, u64::MAX, &storage)?;
                headers::keep_registrys(redirect.headers(), response.headers_mut());
                headers::forbid_caching(response.headers_mut(), errand.identity.is_some());
                Ok(response)
            }
            status => Err(Problem::bad_upstream(
                "GATEWAY_STORAGE_REFUSED",
                format!("{storage} answered {status} for this blob; try again"),
            )),
        }
    }

    /// An answer as the client gets it.
    fn to_client(&self, answer: Response<Incoming>, limit: u64, server: &str) -> Result<Response, Problem> {
        let (parts, body) = answer.into_parts();
        if parts.status.is_informational() {
            return Err(Problem::bad_upstream(
                "GATEWAY_UPSTREAM_BROKEN",
                format!("{server} asked to change protocols"),
            ));
        }
        if body.size_hint().lower() > limit {
            let message =
                format!("the answer of {server} passes the limit of {limit} bytes (limits.response_bytes)");
            return Err(Problem::bad_upstream("GATEWAY_UPSTREAM_TOO_LARGE", message));
        }
        let idle = self.timeouts.upstream_idle;
        let body = match body.is_end_stream() {
            true => Body::empty(),
            false => Body::new(Guarded::new(body, limit, idle, Progress::default())),
        };
        let mut response = Response::new(body);
        *response.status_mut() = parts.status;
        *response.headers_mut() = headers::to_client(parts.headers);
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

fn uri(registry: &Registry, target: PathAndQuery) -> Result<Uri, Problem> {
    registry.uri(target).map_err(|_| Problem::bad_request("this path cannot be asked"))
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
