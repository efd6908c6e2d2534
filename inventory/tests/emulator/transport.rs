//! The emulator as the client's transport, and its clock as the client's: no sockets, and time that passes while a task sleeps.

use std::sync::Arc;
use std::time::Duration;

use acr_client_wasm::{Body, Environment, Request, Response, Transport, TransportError};
use acr_emulator::{Clock as _, Emulator, ManualClock};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use http::{HeaderName, HeaderValue};
use http_body_util::BodyExt as _;

pub(crate) struct InProcess(pub(crate) Emulator);

impl InProcess {
    async fn exchange(&self, request: Request) -> Result<Response, TransportError> {
        let mut builder = http::Request::builder().method(request.method).uri(request.url);
        for (name, value) in request.headers.iter() {
            builder = builder.header(name, value);
        }
        builder = builder.header("content-length", request.body.len());
        let request = builder.body(axum::body::Body::from(request.body)).unwrap();
        let (head, body) = self.0.respond(request).await.into_parts();
        let body = body.collect().await.map_err(|error| TransportError::new(error.to_string()))?;
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            (name.to_string(), value.to_str().unwrap().to_owned())
        };
        let headers = head.headers.iter().map(text).collect();
        Ok(Response { status: head.status, headers, body: Body::from_bytes(body.to_bytes()) })
    }
}

impl Transport for InProcess {
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        self.exchange(request).boxed_local()
    }
}

pub(crate) struct EmulatorsClock(pub(crate) Arc<ManualClock>);

impl Environment for EmulatorsClock {
    fn now(&self) -> Duration {
        // A tick is 100 ns.
        Duration::from_nanos(self.0.now().ticks() * 100)
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'_, ()> {
        self.0.advance(duration);
        async {}.boxed_local()
    }

    fn jitter(&self) -> f64 {
        1.0
    }
}
