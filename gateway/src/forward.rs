//! Carrying a request to a registry and its answer back: the order of things. What passes is decided in the modules below.

mod body;
mod failure;
mod headers;
mod redirect;

use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body::Body as _;
use hyper::body::Incoming;

use body::{Guarded, Progress};
pub use headers::SOURCE_CLIENT;

use crate::config::{Config, ConfigError, Limits, Registry, Timeouts};
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

    /// Forwards one request. `authorization` replaces the client's own when the gateway holds the identity.
    pub(crate) async fn forward(
        &self,
        errand: &Errand<'_>,
        parts: &Parts,
        body: Body,
        authorization: Option<HeaderValue>,
    ) -> Result<Response, Problem> {
        let limit = self.body_limit(errand.call.operation);
        check_body(&parts.method, &parts.headers, &body, limit)?;
        let mut headers = headers::to_registry(&parts.headers, self.user_header.as_ref());
        if errand.registry.identity.is_some() {
            headers.remove(header::AUTHORIZATION);
        }
        if let Some(authorization) = authorization {
            headers.insert(header::AUTHORIZATION, authorization);
        }
        let uri = errand
            .registry
            .uri(errand.target.clone())
            .map_err(|_| Problem::bad_request("this path cannot be asked"))?;
        let progress = Progress::default();
        let body = match body.is_end_stream() {
            true => Body::empty(),
            false => Body::new(Guarded::new(body, limit, self.timeouts.client_idle, progress.clone())),
        };
        let answer = self.send(parts.method.clone(), uri, headers, body, &progress, errand.registry).await?;
        self.answer(errand, parts, answer).await
    }

    /// Sends a request and waits for the head of its answer. The clock starts anew with each part of the body that passes.
    pub(crate) async fn send(
        &self,
        method: Method,
        uri: Uri,
        headers: HeaderMap,
        body: Body,
        progress: &Progress,
        registry: &Registry,
    ) -> Result<Response<Incoming>, Problem> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        let mut pending = std::pin::pin!(self.client.request(request));
        loop {
            let before = progress.bytes();
            match tokio::time::timeout(self.timeouts.upstream_head, pending.as_mut()).await {
                Ok(answer) => return answer.map_err(|error| failure::of(&error, registry.login_server())),
                Err(_) if progress.bytes() > before => {}
                Err(_) => return Err(failure::silent(registry.login_server(), self.timeouts.upstream_head)),
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
        self.to_client(answer, &HeaderMap::new(), limit, errand.registry)
    }

    /// Follows a blob's redirect to storage, once, with nothing of the client's request but its range.
    async fn follow(
        &self,
        errand: &Errand<'_>,
        parts: &Parts,
        redirect: Response<Incoming>,
    ) -> Result<Response, Problem> {
        let refused = |why: &dyn std::fmt::Display| {
            let server = errand.registry.login_server();
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
        let answer =
            self.send(method, uri, headers, Body::empty(), &Progress::default(), errand.registry).await?;
        match answer.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                self.to_client(answer, redirect.headers(), u64::MAX, errand.registry)
            }
            status => Err(Problem::bad_upstream(
                "GATEWAY_STORAGE_REFUSED",
                format!(
                    "the storage of {} answered {status} for this blob; try again",
                    errand.registry.login_server()
                ),
            )),
        }
    }

    /// An answer as the client gets it. Ids and digest of a redirect are kept, since storage does not know them.
    fn to_client(
        &self,
        answer: Response<Incoming>,
        redirect: &HeaderMap,
        limit: u64,
        registry: &Registry,
    ) -> Result<Response, Problem> {
        let (parts, body) = answer.into_parts();
        let server = registry.login_server();
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
            false => Body::new(Guarded::new(Body::new(body), limit, idle, Progress::default())),
        };
        let mut response = Response::new(body);
        *response.status_mut() = parts.status;
        *response.headers_mut() = headers::to_client(&parts.headers);
        for name in
            ["docker-content-digest", "docker-distribution-api-version", "x-ms-correlation-request-id"]
        {
            if let Some(value) = redirect.get(name) {
                response.headers_mut().insert(HeaderName::from_static(name), value.clone());
            }
        }
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
