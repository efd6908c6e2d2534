//! The HTTP client of the gateway: rustls, HTTP/1.1 and 2, pooled connections; and the exchange of one request for the head of its
//! answer, within its time limits. It sends requests as they are; policy is in `forward` and `identity`.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use http::uri::PathAndQuery;
use http::{Extensions, HeaderMap, Method, Request, Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{self, Client};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use thread_local::ThreadLocal;

use super::body::Progress;
use super::connector::{Noted, Route, Usage};
use super::failure;
use super::headers::identify;
use super::replay::Replay;
use super::resolver::GuardedResolver;
use crate::config::{Config, ConfigError, Registry};
use crate::problem::Problem;

type Connector = Noted<HttpsConnector<Route>>;

/// The client that reaches registries and their storage.
pub(crate) type UpstreamClient = Client<Connector, Body>;

/// Where requests to registries and storage are sent. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Upstream {
    /// A client for each thread, with connections of its own: an answer that comes in on another thread than the request's would wake that
    /// one for each part of it.
    clients: Arc<ThreadLocal<UpstreamClient>>,
    /// For what lasts and belongs to no thread.
    client: UpstreamClient,
    /// One without idle connections, for what an idle one failed.
    fresh: UpstreamClient,
    pooled: legacy::Builder,
    connector: Connector,
    head: Duration,
}

/// A request for an upstream, without its body.
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
}

impl Outgoing {
    fn request(&self, body: Body) -> Request<Body> {
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        request
    }
}

/// Whether a request failed since its connection, used before, was closed without a byte of an answer.
fn closed_while_idle(error: &legacy::Error) -> bool {
    let mut extras = Extensions::new();
    if let Some(connection) = error.connect_info() {
        connection.get_extras(&mut extras);
    }
    extras.get::<Usage>().is_some_and(|usage| usage.was_closed_while_idle(Instant::now()))
}

impl Upstream {
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        let connector = connector(config)?;
        let pooled = builder(IDLE_CONNECTIONS);
        Ok(Self {
            clients: Arc::default(),
            client: pooled.build(connector.clone()),
            fresh: builder(0).build(connector.clone()),
            pooled,
            connector,
            head: config.timeouts.upstream_head,
        })
    }

    /// The client for tokens of the gateway's own and for what it reports.
    pub(crate) fn client(&self) -> &UpstreamClient {
        &self.client
    }

    /// How long an upstream may take to begin its answer.
    pub(super) fn head(&self) -> Duration {
        self.head
    }

    /// How long an upstream may fall silent.
    pub(super) fn idle(&self) -> Duration {
        self.connector.patience
    }

    /// The client of this thread.
    fn client_here(&self) -> &UpstreamClient {
        self.clients.get_or(|| self.pooled.build(self.connector.clone()))
    }

    /// Sends a request and waits for the head of its answer. The clock starts anew with each part of the body that is sent.
    /// `server` is what a failure calls the other side.
    pub(super) async fn send(
        &self,
        outgoing: Outgoing,
        body: Body,
        progress: &Progress,
        server: &str,
    ) -> Result<Response<Incoming>, Problem> {
        let body = Replay::new(body);
        let exchange = async {
            let first = body.body().unwrap_or_default();
            let error = match self.client_here().request(outgoing.request(first)).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            // An idle connection that the server closed as the request was sent: nothing of it was answered, so it is sent once more.
            match body.body().filter(|_| closed_while_idle(&error)) {
                Some(again) => self.fresh.request(outgoing.request(again)).await,
                None => Err(error),
            }
        };
        let mut pending = std::pin::pin!(exchange);
        loop {
            let before = progress.bytes();
            match tokio::time::timeout(self.head, pending.as_mut()).await {
                Ok(answer) => {
                    let answer = answer.map_err(|error| failure::of(&error, server))?;
                    if let Some(usage) = answer.extensions().get::<Usage>() {
                        usage.answered();
                    }
                    return Ok(answer);
                }
                Err(_) if progress.bytes() > before => {}
                Err(_) => return Err(failure::silent(server, self.head)),
            }
        }
    }

    /// Sends a request of the gateway's own to a registry.
    pub(super) async fn ask(
        &self,
        registry: &Registry,
        method: Method,
        target: PathAndQuery,
        mut headers: HeaderMap,
        body: Body,
    ) -> Result<Response<Incoming>, Problem> {
        identify(&mut headers);
        let outgoing = Outgoing { method, uri: uri(registry, target)?, headers };
        self.send(outgoing, body, &Progress::default(), registry.login_server()).await
    }
}

/// The URL of a path on a registry.
pub(super) fn uri(registry: &Registry, target: PathAndQuery) -> Result<Uri, Problem> {
    registry.uri(target).map_err(|_| Problem::bad_request("this path cannot be requested"))
}

/// Bytes of an answer that are read ahead of the client. It bounds what a slow download holds, and the head of an answer.
const READ_BYTES: usize = 16 << 10;

/// Connections to a registry that are kept open while none of a thread's requests needs them, at most.
const IDLE_CONNECTIONS: usize = 256;

/// What opens connections as a configuration says.
fn connector(config: &Config) -> Result<Connector, ConfigError> {
    let mut direct = HttpConnector::new_with_resolver(GuardedResolver::new(config));
    configure(&mut direct, config);
    let mut to_proxy = HttpConnector::new();
    configure(&mut to_proxy, config);
    let tls = tls_config(config.ca_file.as_deref())?;
    // HTTP/1.1 alone: over HTTP/2 the downloads of slow clients would fill the window that all requests to a registry share.
    let to_proxy = HttpsConnectorBuilder::new()
        .with_tls_config(tls.clone())
        .https_or_http()
        .enable_http1()
        .wrap_connector(to_proxy);
    let route = Route::new(direct, to_proxy, Matcher::from_env());
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(route);
    Ok(Noted { connector: https, connect: config.timeouts.connect, patience: config.timeouts.upstream_idle })
}

/// A builder of clients that keep up to `idle` idle connections.
fn builder(idle: usize) -> legacy::Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(90))
        .pool_max_idle_per_host(idle)
        .http1_max_buf_size(READ_BYTES)
        .http1_max_headers(128);
    builder
}

fn configure<R>(connector: &mut HttpConnector<R>, config: &Config) {
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_connect_timeout(Some(config.timeouts.connect));
    // What a firewall has forgotten is found within two minutes instead of a quarter of an hour.
    connector.set_keepalive(Some(Duration::from_secs(60)));
    connector.set_keepalive_interval(Some(Duration::from_secs(15)));
    connector.set_keepalive_retries(Some(3));
}

fn tls_config(ca_file: Option<&Path>) -> Result<ClientConfig, ConfigError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = ca_file {
        let wrong = |error: &dyn std::fmt::Display| {
            let shown = path.display();
            ConfigError::new(
                "ca_file",
                format!("cannot use {shown}: {error}; name a PEM file of CA certificates"),
            )
        };
        let mut added = 0;
        for certificate in CertificateDer::pem_file_iter(path).map_err(|e| wrong(&e))? {
            roots.add(certificate.map_err(|e| wrong(&e))?).map_err(|e| wrong(&e))?;
            added += 1;
        }
        if added == 0 {
            return Err(wrong(&"it holds no certificate"));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::new("ca_file", format!("TLS cannot start: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth())
}
