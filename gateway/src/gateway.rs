//! The gateway itself: what happens to one request, from its shape to its answer. Listening is `server`'s.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{Method, Request, StatusCode, header};

use crate::assets::Assets;
use crate::config::{Config, ConfigError, HostPolicy, Registry};
use crate::forward::{Errand, Forwarder};
use crate::operation::{self, Call};
use crate::page::Pages;
use crate::problem::Problem;
use crate::route::Route;
use crate::security::{Kind, SecurityHeaders};
use crate::{shape, target};

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
    forwarder: Forwarder,
    ready: AtomicBool,
}

/// The address a connection came from, as the server puts it into a request's extensions.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

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
        let shared = Shared {
            hosts: config.host_policy(),
            pages: Pages::new(assets, &config),
            security: SecurityHeaders::new(&config),
            forwarder: Forwarder::new(&config)?,
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

    /// The gateway as a router, for a server of the caller's own.
    pub fn router(&self) -> Router {
        Router::new().fallback(respond).with_state(self.clone())
    }

    /// Answers one request.
    pub async fn respond(&self, request: Request<Body>) -> Response {
        let (parts, body) = request.into_parts();
        let (kind, answer) = self.route(&parts, body).await;
        let mut response = answer.unwrap_or_else(IntoResponse::into_response);
        self.shared.security.apply(kind, &mut response);
        if kind == Kind::Data {
            let origin = self.shared.security.listed_origin(&parts.headers);
            self.shared.security.permit_origin(origin, response.headers_mut());
        }
        response
    }

    async fn route(&self, parts: &Parts, body: Body) -> (Kind, Result<Response, Problem>) {
        let path = match self.admit(parts) {
            Ok(path) => path,
            Err(problem) => return (Kind::Data, Err(problem)),
        };
        match Route::of(path) {
            Route::Healthz => (Kind::Data, Ok(text(StatusCode::OK, "ok\n"))),
            Route::Readyz => (Kind::Data, Ok(self.readiness())),
            Route::Metrics => (Kind::Data, Err(Problem::not_found("no metrics yet"))),
            Route::PageConfig => (Kind::Data, self.page_config(parts)),
            Route::Registry { name, path } => (Kind::Data, self.registry(parts, body, name, path).await),
            Route::Dashboard(path) => {
                (Kind::Dashboard, Ok(self.shared.pages.respond(&parts.method, path, &parts.headers)))
            }
        }
    }

    /// The path below the base of a request that may be looked at further.
    fn admit<'a>(&self, parts: &'a Parts) -> Result<&'a str, Problem> {
        shape::check_method(&parts.method)?;
        shape::check_target(parts, &self.shared.config.limits)?;
        shape::check_framing(&parts.headers)?;
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

    fn page_config(&self, parts: &Parts) -> Result<Response, Problem> {
        match parts.method {
            Method::GET | Method::HEAD => Ok(self.shared.pages.page_config()),
            _ => Err(Problem::method_not_allowed("config.json is only read")),
        }
    }

    async fn registry(&self, parts: &Parts, body: Body, name: &str, path: &str) -> Result<Response, Problem> {
        let registry = self.find(name)?;
        if parts.method == Method::OPTIONS {
            return match self.shared.security.listed_origin(&parts.headers) {
                Some(_) => Ok(SecurityHeaders::preflight()),
                None => Err(Problem::forbidden("this origin is not among cors_origins")),
            };
        }
        let (call, target) = read_call(parts, path)?;
        self.permit(registry, &call, &parts.method)?;
        let errand = Errand { registry, call: &call, target };
        self.shared.forwarder.forward(&errand, parts, body, None).await
    }

    fn find(&self, name: &str) -> Result<&Registry, Problem> {
        self.shared.config.registries.iter().find(|registry| registry.name() == name).ok_or_else(|| {
            let message = "no registry of this name is configured; /config.json lists those that are";
            Problem::new(StatusCode::NOT_FOUND, "GATEWAY_UNKNOWN_REGISTRY", message)
        })
    }

    /// Refuses writes the configuration does not allow.
    fn permit(&self, registry: &Registry, call: &Call, method: &Method) -> Result<(), Problem> {
        let allowed = registry.allowed_actions();
        let Some(action) = call.operation.action() else {
            let reads = matches!(*method, Method::GET | Method::HEAD);
            let restricted = registry.identity.is_some() || registry.allow.is_some();
            let unknown = call.operation == operation::Operation::Other;
            return match restricted && unknown && !reads {
                true => Err(Problem::forbidden(
                    "the gateway does not know this call and so does not let it write",
                )),
                false => Ok(()),
            };
        };
        if allowed.contains(action) {
            return Ok(());
        }
        let (word, name) = (action.as_str(), registry.name());
        Err(Problem::forbidden(format!(
            "this gateway does not allow {word} on {name}; its operator can, with allow = [{word:?}]"
        )))
    }
}

/// The call behind a registry path, and the path and query to ask for, as they were sent.
fn read_call(parts: &Parts, path: &str) -> Result<(Call, PathAndQuery), Problem> {
    let target = target::parse(path)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "GATEWAY_HOSTILE_PATH", error.to_string()))?
        .ok_or_else(|| {
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

/// The address a request came from; loopback where the server did not say.
pub(crate) fn peer(parts: &Parts) -> IpAddr {
    parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip())
}
