//! The client's transport and environment outside a browser: HTTP by hyper, TLS by rustls, time by tokio.

use std::time::{Duration, SystemTime};

use acr_client_wasm::{Body, Environment, Request, Response, Transport, TransportError};
use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::header::{HeaderName, HeaderValue};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// No answer takes longer.
const TIMEOUT: Duration = Duration::from_secs(100);
/// No list and no manifest is larger.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// Sends requests over HTTP or HTTPS, with the certificate authorities of Mozilla.
pub(crate) struct HyperTransport(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl HyperTransport {
    pub(crate) fn new() -> Result<Self, rustls::Error> {
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())?
            .https_or_http()
            .enable_all_versions()
            .build();
        Ok(Self(Client::builder(TokioExecutor::new()).build(https)))
    }

    async fn exchange(&self, request: Request) -> Result<Response, TransportError> {
        let unsendable = |error: &dyn std::fmt::Display| TransportError::unsendable(error.to_string());
        let mut outgoing = hyper::Request::builder().method(request.method).uri(request.url);
        for (name, value) in request.headers.iter() {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| unsendable(&error))?;
            let value = HeaderValue::from_str(value).map_err(|error| unsendable(&error))?;
            outgoing = outgoing.header(name, value);
        }
        let outgoing = outgoing.body(Full::new(request.body)).map_err(|error| unsendable(&error))?;
        let broken = |error: &dyn std::fmt::Display| TransportError::new(error.to_string());
        let answer = self.0.request(outgoing).await.map_err(|error| broken(&error))?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, LARGEST_BODY).collect().await.map_err(|error| broken(&error))?;
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            Some((name.to_string(), value.to_str().ok()?.to_owned()))
        };
        let headers = head.headers.iter().filter_map(text).collect();
        Ok(Response { status: head.status, headers, body: Body::from_bytes(body.to_bytes()) })
    }
}

impl Transport for HyperTransport {
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        async move {
            match tokio::time::timeout(TIMEOUT, self.exchange(request)).await {
                Ok(answer) => answer,
                Err(_) => Err(TransportError::new(format!("no answer within {} s", TIMEOUT.as_secs()))),
            }
        }
        .boxed_local()
    }
}

/// The system's clock.
pub(crate) struct SystemEnvironment;

impl Environment for SystemEnvironment {
    fn now(&self) -> Duration {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'_, ()> {
        tokio::time::sleep(duration).boxed_local()
    }

    fn jitter(&self) -> f64 {
        // The nanoseconds of the clock are as random as retries need.
        f64::from(self.now().subsec_nanos() % 1_000_000) / 1_000_000.0
    }
}
