//! The gateway itself: what happens to one request, from its shape to its answer. Listening is in `server`.

mod refusal;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, Request, StatusCode, header};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{Config, ConfigError, HostPolicy, Registry};
use crate::inbound::admission::Admission;
use crate::inbound::caller::{self, Caller};
use crate::inbound::room::NoRoom;
use crate::inbound::security::{Kind, SecurityHeaders};
use crate::inbound::shape;
use crate::observe::access_log;
use crate::observe::metrics::Metrics;
use crate::observe::record::{Facts, Record};
use crate::observe::reported::Reported;
use crate::observe::trace::Traces;
use crate::outbound::forward::{Forwarder, ProxyRequest};
use crate::outbound::identity::Identity;
use crate::outbound::upstream::Upstream;
use crate::problem::{Problem, ProblemCode};
use crate::route::operation::Call;
use crate::route::read_call::read_call;
use crate::route::{Route, permission};
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
    assets: Assets,
    pages: Pages,
    security: SecurityHeaders,
    served: Vec<Arc<Served>>,
    forwarder: Forwarder,
    admission: Admission,
    traces: Option<Arc<Traces>>,
    lasting: Lasting,
}

/// What goes on when the configuration is read again.
#[derive(Clone)]
struct Lasting {
    metrics: Metrics,
    ready: Arc<AtomicBool>,
    /// The writes on their way, which end whatever happens to their clients.
    writes: TaskTracker,
    /// Ends the writes that are still on their way when the time to stop is over.
    abandon: CancellationToken,
}

/// A registry as it is served: with its identity, and its name as a label.
struct Served {
    registry: Registry,
    identity: Option<Identity>,
    label: Arc<str>,
}

impl Served {
    fn new(index: usize, registry: &Registry, upstream: &Upstream) -> Result<Self, ConfigError> {
        let identity = registry.identity.clone();
        let identity = identity.map(|config| Identity::new(config, registry, upstream)).transpose();
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
        let lasting = Lasting {
            metrics: Metrics::new(),
            ready: Arc::new(AtomicBool::new(true)),
            writes: TaskTracker::new(),
            abandon: CancellationToken::new(),
        };
        let admission = Admission::new(&config.limits);
        Self::build(config, assets, admission, lasting)
    }

    /// This gateway with another configuration: the same counts and metrics, and the requests in flight go on.
    ///
    /// # Errors
    /// As [`Gateway::new`].
    pub fn reconfigured(&self, config: Config) -> Result<Self, ConfigError> {
        let admission = self.shared.admission.with_limits(&config.limits);
        Self::build(config, self.shared.assets.clone(), admission, self.shared.lasting.clone())
    }

    fn build(
        config: Config,
        assets: Assets,
        admission: Admission,
        lasting: Lasting,
    ) -> Result<Self, ConfigError> {
        config.check()?;
        let upstream = Upstream::new(&config)?;
        let serve = |(index, registry)| Served::new(index, registry, &upstream).map(Arc::new);
        let served = config.registries.iter().enumerate().map(serve).collect::<Result<_, _>>()?;
        let collector = config.otlp_endpoint.as_ref();
        let traces = collector.map(|uri| Traces::new(uri, upstream.client().clone())).transpose()?;
        let shared = Shared {
            hosts: config.host_policy(),
            pages: Pages::new(assets.clone(), &config),
            assets,
            security: SecurityHeaders::new(&config),
            served,
            forwarder: Forwarder::new(&config, upstream),
            admission,
            traces: traces.map(Arc::new),
            lasting,
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

    /// Makes `/readyz` answer 503, so that no new requests are sent here while those in flight end.
    pub fn stop_taking_requests(&self) {
        self.shared.lasting.ready.store(false, Ordering::Relaxed);
    }

    /// Waits for the writes that are on their way.
    pub(crate) async fn writes_ended(&self) {
        self.shared.lasting.writes.close();
        self.shared.lasting.writes.wait().await;
    }

    /// Ends the writes that are still on their way. Each is recorded with an unknown outcome.
    pub(crate) async fn abandon_writes(&self) {
        self.shared.lasting.abandon.cancel();
        self.writes_ended().await;
    }

    /// Resolves once what is still open is to be ended.
    pub(crate) async fn abandoned(&self) {
        self.shared.lasting.abandon.cancelled().await;
    }

    /// Sends the spans that are left, when a collector is configured.
    pub async fn finish(&self) {
        if let Some(traces) = self.shared.traces.clone() {
            let sent = tokio::task::spawn_blocking(move || traces.finish()).await;
            tracing::debug!(?sent, "traces finished");
        }
    }

    /// Counts a connection that ended before it should, which no request reports.
    pub(crate) fn connection_ended_early(&self) {
        self.shared.lasting.metrics.connection_ended_early();
    }

    /// The gateway as a router, for a server of the caller's own.
    pub fn router(&self) -> Router {
        Router::new().fallback(respond).with_state(self.clone())
    }

    /// Answers one request.
    pub async fn respond(&self, request: Request<Body>) -> Response {
        let (mut parts, body) = request.into_parts();
        let id = access_log::request_id(&parts.headers);
        let fields = shape::check_fields(&parts.headers, &self.shared.config.limits);
        parts.headers.insert(access_log::CLIENT_REQUEST_ID, id.clone());
        let parts = Arc::new(parts);
        let (kind, answer) = match fields {
            Ok(()) => self.route(&parts, body, &id).await,
            Err(problem) => (Kind::Data, Err(problem)),
        };
        let mut response = answer.unwrap_or_else(|problem| self.refuse(&parts, &id, problem));
        if let Some(ProblemCode(code)) = response.extensions().get() {
            self.shared.lasting.metrics.problem(code);
        }
        self.shared.security.apply(kind, &mut response);
        if kind == Kind::Data {
            let origin = self.shared.security.listed_origin(&parts.headers);
            self.shared.security.permit_origin(origin, response.headers_mut());
        }
        response
    }

    async fn route(
        &self,
        parts: &Arc<Parts>,
        body: Body,
        id: &HeaderValue,
    ) -> (Kind, Result<Response, Problem>) {
        let path = match self.admit(parts) {
            Ok(path) => path,
            Err(problem) => return (Kind::Data, Err(problem)),
        };
        match Route::of(path) {
            Route::Healthz => (Kind::Data, Ok(text(StatusCode::OK, "ok\n"))),
            Route::Readyz => (Kind::Data, Ok(self.readiness())),
            Route::Metrics => (Kind::Data, Ok(self.shared.lasting.metrics.render())),
            Route::PageConfig => (Kind::Data, self.page_config(parts)),
            Route::Registry { name, path } => (Kind::Data, self.registry(parts, body, name, path, id).await),
            Route::Embed(path) => (Kind::Embed, self.page(parts, path)),
            Route::SignInRedirect(path) => (Kind::SignInRedirect, self.page(parts, path)),
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
        if parts.extensions.get::<NoRoom>().is_some() {
            let message = "the gateway has as many connections as its limits allow; try again";
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "GATEWAY_BUSY", message));
        }
        shape::check_host(parts, &self.shared.hosts)?;
        let base = &self.shared.config.base_path;
        base.strip(path).ok_or_else(|| Problem::not_found(format!("the dashboard is at {base}")))
    }

    fn readiness(&self) -> Response {
        if self.shared.lasting.ready.load(Ordering::Relaxed) {
            text(StatusCode::OK, "ready\n")
        } else {
            text(StatusCode::SERVICE_UNAVAILABLE, "stopping\n")
        }
    }

    fn page(&self, parts: &Parts, path: &str) -> Result<Response, Problem> {
        self.shared.pages.respond(&parts.method, path, &parts.headers)
    }

    fn page_config(&self, parts: &Parts) -> Result<Response, Problem> {
        match parts.method {
            Method::GET | Method::HEAD => Ok(self.shared.pages.page_config()),
            _ => Err(Problem::method_not_allowed("GET, HEAD", "config.json can only be read")),
        }
    }

    async fn registry(
        &self,
        parts: &Arc<Parts>,
        body: Body,
        name: &str,
        path: &str,
        id: &HeaderValue,
    ) -> Result<Response, Problem> {
        let served = Arc::clone(self.find(name)?);
        if parts.method == Method::OPTIONS {
            return self.preflight(parts);
        }
        let (call, target) = read_call(parts, path)?;
        let caller = caller::caller(parts, &self.shared.config)?;
        let write = call.audited_action(&parts.method).is_some();
        let facts = Facts {
            metrics: self.shared.lasting.metrics.clone(),
            traces: self.shared.traces.clone(),
            parts: Arc::clone(parts),
            id: id.clone(),
            caller,
            registry: Arc::clone(&served.label),
            call,
            started: Instant::now(),
        };
        let exchange = self.clone().exchange(served, facts, target, body);
        if !write {
            return Ok(exchange.await);
        }
        // A write ends, and is recorded, whatever happens to its client and its connection meanwhile.
        let abandon = self.shared.lasting.abandon.clone();
        let task = async move { abandon.run_until_cancelled_owned(exchange).await };
        let answer = self.shared.lasting.writes.spawn(task).await;
        answer.ok().flatten().ok_or_else(|| {
            let message =
                "the gateway stopped before the registry answered; check whether the change was made";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "GATEWAY_OUTCOME_UNKNOWN", message)
        })
    }

    fn preflight(&self, parts: &Parts) -> Result<Response, Problem> {
        if !parts.headers.contains_key(header::ORIGIN) {
            let message = "OPTIONS is accepted only as a browser's preflight, which has an Origin";
            return Err(Problem::method_not_allowed(shape::EVERY_METHOD, message));
        }
        match self.shared.security.listed_origin(&parts.headers) {
            Some(_) => Ok(SecurityHeaders::preflight()),
            None => Err(Problem::forbidden("this origin is not among cors_origins")),
        }
    }

    /// A call to a registry, its answer, and the record of both.
    async fn exchange(self, served: Arc<Served>, facts: Facts, target: PathAndQuery, body: Body) -> Response {
        let (parts, started) = (Arc::clone(&facts.parts), facts.started);
        let (call, caller, id) = (facts.call.clone(), facts.caller.clone(), facts.id.clone());
        let record = Record::new(facts);
        let counter = self.shared.lasting.metrics.body();
        let (mut response, held) = match self.shared.admission.enter(caller.address) {
            Ok(admitted) => {
                let held = (admitted, self.shared.lasting.metrics.enter());
                let answer = self.forward(&served, &parts, &call, &caller, target, body, &record).await;
                match answer {
                    Ok(response) => (response, Some(held)),
                    Err(problem) => (problem.into_response(), None),
                }
            }
            Err(problem) => (problem.into_response(), None),
        };
        response.headers_mut().entry(access_log::CLIENT_REQUEST_ID).or_insert(id);
        let (line, outcome) = record.answered(&response);
        outcome.written().await;
        let report = move |passed| {
            line.write(passed, started.elapsed());
            drop(held);
        };
        response.map(|body| Body::new(Reported::new(body, counter, report)))
    }

    #[expect(clippy::too_many_arguments, reason = "everything that is known of a call decides about it")]
    async fn forward(
        &self,
        served: &Served,
        parts: &Parts,
        call: &Call,
        caller: &Caller,
        target: PathAndQuery,
        body: Body,
        record: &Record,
    ) -> Result<Response, Problem> {
        let shared = &self.shared;
        let listed = shared.security.listed_origin(&parts.headers).is_some();
        permission::check(&shared.config, &served.registry, call, parts, caller, listed)?;
        let request =
            ProxyRequest { registry: &served.registry, call, target, identity: served.identity.as_ref() };
        let body = shared.forwarder.checked_body(&request, parts, body)?;
        record.sending().await?;
        shared.forwarder.forward(&request, parts, body).await
    }

    fn find(&self, name: &str) -> Result<&Arc<Served>, Problem> {
        self.shared.served.iter().find(|served| served.registry.name() == name).ok_or_else(|| {
            let message = "no registry of this name is configured; /config.json lists those that are";
            Problem::new(StatusCode::NOT_FOUND, "GATEWAY_UNKNOWN_REGISTRY", message)
        })
    }
}

async fn respond(State(gateway): State<Gateway>, request: Request<Body>) -> Response {
    gateway.respond(request).await
}

fn text(status: StatusCode, body: &'static str) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    response
}
