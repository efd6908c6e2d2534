//! The one HTTP client of the gateway: rustls, HTTP/1.1 and 2, pooled connections; and the exchange of one request for the head of its
//! answer, within its time limits. It sends what it is given; policy is in `forward` and `identity`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Request, Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::body::Progress;
use super::failure;
use super::headers::SOURCE_CLIENT;
use super::resolver::GuardedResolver;
use crate::config::{Config, ConfigError, Registry};
use crate::problem::Problem;

/// The client that reaches registries and their storage.
pub(crate) type UpstreamClient = Client<HttpsConnector<HttpConnector<GuardedResolver>>, Body>;

/// Where requests to registries and storage are sent. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Upstream {
    client: UpstreamClient,
    head: Duration,
}

/// A request for an upstream, without its body.
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
}

impl Upstream {
    pub(crate) fn new(config: &Config) -> Result<Self, ConfigError> {
        Ok(Self { client: client(config)?, head: config.timeouts.upstream_head })
    }

    /// The client everything is sent with.
    pub(crate) fn client(&self) -> &UpstreamClient {
        &self.client
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
        let mut request = Request::new(body);
        *request.method_mut() = outgoing.method;
        *request.uri_mut() = outgoing.uri;
        *request.headers_mut() = outgoing.headers;
        let mut pending = std::pin::pin!(self.client.request(request));
        loop {
            let before = progress.bytes();
            match tokio::time::timeout(self.head, pending.as_mut()).await {
                Ok(answer) => return answer.map_err(|error| failure::of(&error, server)),
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
        headers.insert("x-meta-source-client", HeaderValue::from_static(SOURCE_CLIENT));
        let outgoing = Outgoing { method, uri: uri(registry, target)?, headers };
        self.send(outgoing, body, &Progress::default(), registry.login_server()).await
    }
}

/// The URL of a path on a registry.
pub(super) fn uri(registry: &Registry, target: PathAndQuery) -> Result<Uri, Problem> {
    registry.uri(target).map_err(|_| Problem::bad_request("this path cannot be requested"))
}

/// Builds the client for a configuration.
fn client(config: &Config) -> Result<UpstreamClient, ConfigError> {
    let mut http = HttpConnector::new_with_resolver(GuardedResolver::new(config));
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(config.timeouts.connect));
    // What a firewall has forgotten is found within two minutes instead of a quarter of an hour.
    http.set_keepalive(Some(Duration::from_secs(60)));
    http.set_keepalive_interval(Some(Duration::from_secs(15)));
    http.set_keepalive_retries(Some(3));
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(tls_config(config.ca_file.as_deref())?)
        .https_or_http()
        .enable_all_versions()
        .wrap_connector(http);
    Ok(Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(90))
        .pool_max_idle_per_host(256)
        .http2_adaptive_window(true)
        // All requests to a registry share one connection; were it dead, all would wait for it.
        .http2_keep_alive_interval(Duration::from_secs(20))
        .http2_keep_alive_timeout(Duration::from_secs(10))
        .http1_max_headers(128)
        .build(https))
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
