//! The emulator as a transport: no sockets, and connections that break when a test says so.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use acr_client_wasm::{
    Body, Credential, RegistryClient, Request, Response, ResponseBody, Transport, TransportError,
};
use acr_emulator::{Emulator, EmulatorBuilder, FaultPlan, FaultRule};
use bytes::{Bytes, BytesMut};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};
use http::HeaderName;

use crate::script::ENDPOINT;
use crate::world::World;

/// What happens to one request on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Loss {
    /// It never arrives.
    Request,
    /// It arrives, and the answer does not.
    Answer,
}

/// A method, a part of a path, and what happens to the first request that has both.
type Meeting = (&'static str, &'static str, Loss);

/// Clones share the registry and what is to get lost.
#[derive(Clone)]
pub(crate) struct Registry {
    pub(crate) emulator: Emulator,
    losses: Arc<Mutex<VecDeque<Meeting>>>,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Registry {
    /// A registry that is empty and open to all.
    pub(crate) fn empty() -> Self {
        Self::of(Emulator::builder())
    }

    pub(crate) fn of(builder: EmulatorBuilder) -> Self {
        let emulator = builder.login_server("demo.azurecr.io").build().unwrap();
        Self { emulator, losses: Arc::default(), seen: Arc::default() }
    }

    pub(crate) fn client(&self) -> RegistryClient {
        self.client_with(Credential::Anonymous)
    }

    pub(crate) fn client_with(&self, credential: Credential) -> RegistryClient {
        let builder = RegistryClient::builder(ENDPOINT).credential(credential);
        builder.transport(self.clone()).environment(World::default()).build().unwrap()
    }

    /// The next request of this method whose path holds this text gets lost.
    pub(crate) fn lose(&self, method: &'static str, path: &'static str, loss: Loss) {
        self.losses.lock().unwrap().push_back((method, path, loss));
    }

    /// Faults of the emulator itself, as its admin API takes them.
    pub(crate) fn fault(&self, rule: serde_json::Value) {
        let rule: FaultRule = serde_json::from_value(rule).unwrap();
        self.emulator.set_faults(FaultPlan { rules: vec![rule], ..FaultPlan::default() });
    }

    /// How many requests of this method with this text in their path arrived.
    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .filter(|line| line.starts_with(method) && line.contains(path))
            .count()
    }

    fn loss_of(&self, request: &Request) -> Option<Loss> {
        let mut losses = self.losses.lock().unwrap();
        let meets = |(method, path, _): &Meeting| request.method == *method && request.url.contains(path);
        let index = losses.iter().position(meets)?;
        losses.remove(index).map(|(_, _, loss)| loss)
    }
}

impl Transport for Registry {
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        async move {
            let loss = self.loss_of(&request);
            if loss == Some(Loss::Request) {
                return Err(TransportError::new("the request got lost"));
            }
            self.seen.lock().unwrap().push(format!("{} {}", request.method, request.url));
            let mut builder = http::Request::builder().method(request.method).uri(request.url);
            let sent = builder.headers_mut().unwrap();
            for (name, value) in request.headers.iter() {
                sent.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
            }
            let length = request.body.len();
            let request =
                builder.header("content-length", length).body(axum::body::Body::from(request.body)).unwrap();
            let (head, body) = self.emulator.respond(request).await.into_parts();
            if loss == Some(Loss::Answer) {
                return Err(TransportError::new("the answer got lost"));
            }
            let text = |(name, value): (&HeaderName, &http::HeaderValue)| {
                (name.to_string(), value.to_str().unwrap().to_owned())
            };
            let headers = head.headers.iter().map(text).collect();
            Ok(Response {
                status: head.status,
                headers,
                body: Body::from_stream(Box::new(Streamed(body.into_data_stream()))),
            })
        }
        .boxed_local()
    }
}

struct Streamed(axum::body::BodyDataStream);

impl ResponseBody for Streamed {
    fn next_chunk(&mut self) -> LocalBoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        async { self.0.next().await.transpose().map_err(|error| TransportError::new(error.to_string())) }
            .boxed_local()
    }

    fn collect(mut self: Box<Self>) -> LocalBoxFuture<'static, Result<Bytes, TransportError>> {
        async move {
            let mut all = BytesMut::new();
            while let Some(chunk) = self.next_chunk().await? {
                all.extend_from_slice(&chunk);
            }
            Ok(all.freeze())
        }
        .boxed_local()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
