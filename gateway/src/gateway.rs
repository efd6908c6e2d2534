//! The gateway itself: what happens to one request, from its shape to its answer. Listening is `server`'s.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, Request, StatusCode, header};
use tokio::time::Instant;

use crate::config::{Config, ConfigError, HostPolicy, Registry};
use crate::inbound::admission::{Admission, Admitted};
use crate::inbound::caller::{self, Caller};
use crate::inbound::security::{Kind, SecurityHeaders};
use crate::inbound::{shape, target};
use crate::observe::access_log;
use crate::observe::access_log::AccessLine;
use crate::observe::metrics::{InFlight, Metrics};
use crate::observe::reported::Reported;
use crate::observe::trace::Traces;
use crate::outbound::forward::{Forwarder, ProxyRequest};
use crate::outbound::identity::Identity;
use crate::outbound::upstream::Upstream;
use crate::problem::{Problem, ProblemCode};
use crate::route::Route;
use crate::route::operation::{self, Call};
use crate::route::permission;
use crate::site::assets::Assets;
use crate::site::page::Pages;

/// A gateway for one configuration: cheap to clone, usable as an axum router or through [`crate::Server`].
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
}

struct Shared {
    config: Config,
    hosts: HostPolicy,
    pages: Pages,
    security: SecurityHeaders,
    served: Vec<Served>,
    forwarder: Forwarder,
    admission: Admission,
    metrics: Metrics,
    traces: Option<Traces>,
    ready: AtomicBool,
}

/// A registry as it is served: with its identity, and its name as a label.
struct Served {
    registry: Registry,
    identity: Option<Identity>,
    label: Arc<str>,
}

impl Served {
    fn new(index: usize, registry: &Registry, upstream: &Upstream) -> Result<Self, ConfigError> {
        let identity = registry.identity.clone().map(|config| Identity::new(config, upstream)).transpose();
        let identity =
            identity.map_err(|why| ConfigError::new(format!("registries[{index}].identity"), why))?;
        Ok(Self { registry: registry.clone(), identity, label: registry.name().into() })
    }
}

impl Gateway {
    /// A gateway that serves the dashboard embedded in this binary.
    ///
    /// # Errors
    /// A configuration that contradicts itself, or names a file that cannot be used.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        Self::with_assets(config, Assets::embedded())
    }

    /// A gateway that serves these files as its dashboard.
    ///
    /// # Errors
    /// As [`Gateway::new`].
    pub fn with_assets(config: Config, assets: Assets) -> Result<Self, ConfigError> {
        config.check()?;
        let upstream = Upstream::new(&config)?;
        let serve = |(index, registry)| Served::new(index, registry, &upstream);
        let served = config.registries.iter().enumerate().map(serve).collect::<Result<_, _>>()?;
        let collector = config.otlp_endpoint.as_ref();
        let traces = collector.map(|uri| Traces::new(uri, upstream.client().clone())).transpose()?;
        let shared = Shared {
            hosts: config.host_policy(),
            pages: Pages::new(assets, &config),
            security: SecurityHeaders::new(&config),
            served,
            forwarder: Forwarder::new(&config, upstream),
            admission: Admission::new(&config.limits),
            metrics: Metrics::new(),
            traces,
            ready: AtomicBool::new(true),
            config,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// What it was configured with.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// Whether the dashboard is in it. Without it, it still forwards.
    #[must_use]
    pub fn has_dashboard(&self) -> bool {
        self.shared.pages.has_dashboard()
    }

    /// Makes `/readyz` say no, so that nobody sends new requests while those in flight end.
    pub fn stop_taking_requests(&self) {
        self.shared.ready.store(false, Ordering::Relaxed);
    }

    /// Sends the spans that are left, when a collector is configured.
    pub async fn finish(&self) {
        if self.shared.traces.is_some() {
            let shared = Arc::clone(&self.shared);
            let sent = tokio::task::spawn_blocking(move || shared.traces.as_ref().map(Traces::finish)).await;
            tracing::debug!(?sent, "traces finished");
        }
    }

    /// Counts a connection that ended before it should, which no request tells of.
    pub(crate) fn connection_ended_early(&self) {
        self.shared.metrics.connection_ended_early();
    }

    /// The gateway as a router, for a server of the caller's own.
    pub fn router(&self) -> Router {
        Router::new().fallback(respond).with_state(self.clone())
    }

    /// Answers one request.
    pub async fn respond(&self, request: Request<Body>) -> Response {
        let (mut parts, body) = request.into_parts();
        let id = access_log::request_id(&parts.headers);
        parts.headers.insert(access_log::CLIENT_REQUEST_ID, id.clone());
        let (kind, answer) = self.route(&parts, body, &id).await;
        let mut response = answer.unwrap_or_else(|problem| self.refuse(&parts, &id, problem));
        if let Some(ProblemCode(code)) = response.extensions().get() {
            self.shared.metrics.problem(code);
        }
        self.shared.security.apply(kind, &mut response);
        if kind == Kind::Data {
            let origin = self.shared.security.listed_origin(&parts.headers);
            self.shared.security.permit_origin(origin, response.headers_mut());
        }
        response
    }

    /// What a request gets that was refused before it was known to be a call to a registry, and its line in the log.
    fn refuse(&self, parts: &Parts, id: &HeaderValue, problem: Problem) -> Response {
        let client =
            caller::caller(parts, &self.shared.config).map_or_else(|_| caller::peer(parts), |c| c.address);
        access_log::refused(parts, id, client, &problem);
        let mut response = problem.into_response();
        response.headers_mut().insert(access_log::CLIENT_REQUEST_ID, id.clone());
        response
    }

    async fn route(&self, parts: &Parts, body: Body, id: &HeaderValue) -> (Kind, Result<Response, Problem>) {
        let path = match self.admit(parts) {
            Ok(path) => path,
            Err(problem) => return (Kind::Data, Err(problem)),
        };
        match Route::of(path) {
            Route::Healthz => (Kind::Data, Ok(text(StatusCode::OK, "ok\n"))),
            Route::Readyz => (Kind::Data, Ok(self.readiness())),
            Route::Metrics => (Kind::Data, Ok(self.shared.metrics.render())),
            Route::PageConfig => (Kind::Data, self.page_config(parts)),
            Route::Registry { name, path } => (Kind::Data, self.registry(parts, body, name, path, id).await),
            Route::Embed(path) => (Kind::Embed, self.page(parts, path)),
            Route::Dashboard(path) => (Kind::Dashboard, self.page(parts, path)),
        }
    }

    /// The path below the base of a request that may be looked at further.
    fn admit<'a>(&self, parts: &'a Parts) -> Result<&'a str, Problem> {
        shape::check_method(&parts.method)?;
        shape::check_target(parts, &self.shared.config.limits)?;
        shape::check_framing(parts)?;
        let path = parts.uri.path();
        if Route::of(path).is_operational() {
            return Ok(path);
        }
        shape::check_host(parts, &self.shared.hosts)?;
        let base = &self.shared.config.base_path;
        base.strip(path).ok_or_else(|| Problem::not_found(format!("the dashboard is at {base}")))
    }

    fn readiness(&self) -> Response {
        match self.shared.ready.load(Ordering::Relaxed) {
            true => text(StatusCode::OK, "ready\n"),
            false => text(StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
        }
    }

    fn page(&self, parts: &Parts, path: &str) -> Result<Response, Problem> {
        self.shared.pages.respond(&parts.method, path, &parts.headers)
    }

    fn page_config(&self, parts: &Parts) -> Result<Response, Problem> {
        match parts.method {
            Method::GET | Method::HEAD => Ok(self.shared.pages.page_config()),
            _ => Err(Problem::method_not_allowed("GET, HEAD", "config.json is only read")),
        }
    }

    async fn registry(
        &self,
        parts: &Parts,
        body: Body,
        name: &str,
        path: &str,
        id: &HeaderValue,
    ) -> Result<Response, Problem> {
        let served = self.find(name)?;
        if parts.method == Method::OPTIONS {
            return self.preflight(parts);
        }
        let started = Instant::now();
        let (call, target) = read_call(parts, path)?;
        let caller = caller::caller(parts, &self.shared.config)?;
        let (mut response, held) = match self.exchange(served, parts, body, &call, target, &caller).await {
            Ok((response, held)) => (response, Some(held)),
            Err(problem) => (problem.into_response(), None),
        };
        response.headers_mut().entry(access_log::CLIENT_REQUEST_ID).or_insert_with(|| id.clone());
        let line = self.record(served, parts, id, &call, &caller, &response, started.elapsed());
        let report = move |passed| {
            line.write(passed, started.elapsed());
            drop(held);
        };
        let counter = self.shared.metrics.body();
        Ok(response.map(|body| Body::new(Reported::new(body, counter, report))))
    }

    fn preflight(&self, parts: &Parts) -> Result<Response, Problem> {
        if !parts.headers.contains_key(header::ORIGIN) {
            let message = "OPTIONS is only taken as a browser's preflight, which has an Origin";
            return Err(Problem::method_not_allowed(shape::EVERY_METHOD, message));
        }
        match self.shared.security.listed_origin(&parts.headers) {
            Some(_) => Ok(SecurityHeaders::preflight()),
            None => Err(Problem::forbidden("this origin is not among cors_origins")),
        }
    }

    async fn exchange(
        &self,
        served: &Served,
        parts: &Parts,
        body: Body,
        call: &Call,
        target: PathAndQuery,
        caller: &Caller,
    ) -> Result<(Response, (Admitted, InFlight)), Problem> {
        let shared = &self.shared;
        let admitted = shared.admission.enter(caller.address)?;
        let counted = shared.metrics.enter();
        let listed = shared.security.listed_origin(&parts.headers).is_some();
        permission::check(&shared.config, &served.registry, call, parts, caller, listed)?;
        let identity = served.identity.as_ref();
        let request = ProxyRequest { registry: &served.registry, call, target, identity };
        Ok((shared.forwarder.forward(&request, parts, body).await?, (admitted, counted)))
    }

    #[expect(clippy::too_many_arguments, reason = "a record is made of all that is known of a request")]
    fn record(
        &self,
        served: &Served,
        parts: &Parts,
        id: &HeaderValue,
        call: &Call,
        caller: &Caller,
        response: &Response,
        took: Duration,
    ) -> AccessLine {
        let operation = call.operation.id();
        self.shared.metrics.call(&served.label, operation, response.status(), took);
        let entry = access_log::Entry {
            parts,
            id,
            caller,
            registry: served.registry.name(),
            operation,
            status: response.status(),
            code: response.extensions().get().map(|ProblemCode(code)| *code),
            answer: response.headers(),
            took,
        };
        if let Some(traces) = &self.shared.traces {
            traces.record(&entry);
        }
        if let Some(action) = call.operation.action() {
            access_log::audit(&entry, action, call);
        }
        AccessLine::new(&entry, &served.label)
    }

    fn find(&self, name: &str) -> Result<&Served, Problem> {
        self.shared.served.iter().find(|served| served.registry.name() == name).ok_or_else(|| {
            let message = "no registry of this name is configured; /config.json lists those that are";
            Problem::new(StatusCode::NOT_FOUND, "GATEWAY_UNKNOWN_REGISTRY", message)
        })
    }
}

/// The call behind a registry path, and the path and query to ask for, as they were sent.
fn read_call(parts: &Parts, path: &str) -> Result<(Call, PathAndQuery), Problem> {
    let target =
        target::parse(path).map_err(|error| Problem::hostile_path(error.to_string()))?.ok_or_else(|| {
            Problem::not_found("below a registry's name there are /v2, /acr/v1 and /oauth2, and nothing else")
        })?;
    let query = parts.uri.query();
    let call = operation::classify(&parts.method, &target, query);
    if target.api == target::Api::Token && !call.operation.is_token_call() {
        return Err(Problem::not_found(
            "the token calls are POST /oauth2/exchange and GET or POST /oauth2/token",
        ));
    }
    let raw = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let raw = PathAndQuery::try_from(raw).map_err(|_| Problem::bad_request("this path cannot be asked"))?;
    Ok((call, raw))
}

async fn respond(State(gateway): State<Gateway>, request: Request<Body>) -> Response {
    gateway.respond(request).await
}

fn text(status: StatusCode, body: &'static str) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    response
}
