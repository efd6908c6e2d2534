//! A registry that throttles and fails, with time that passes while the program sleeps.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use acr_client_wasm::{
    Body, Environment, Error, RegistryClient, Request as HttpRequest, Response, Transport, TransportError,
};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use crate::read::{Reading, Request, read_registry};

/// Time that only sleeping moves.
#[derive(Clone, Default)]
struct FakeClock(Arc<AtomicU64>);

impl Environment for FakeClock {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'_, ()> {
        // Never less than asked for, or what waits for a moment would wait forever.
        let millis = u64::try_from(duration.as_micros().div_ceil(1000)).unwrap();
        self.0.fetch_add(millis, Ordering::Relaxed);
        async {}.boxed_local()
    }

    fn jitter(&self) -> f64 {
        0.0
    }
}

/// Answers with the status that a closure gives for the number of the request and its path.
struct Scripted<F> {
    sent: AtomicU32,
    status: F,
}

impl<F: Fn(u32, &str) -> u16 + Send + Sync> Transport for Scripted<F> {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        let status = (self.status)(number, &request.url);
        let body = if request.url.contains("_catalog") {
            r#"{"repositories":["app"]}"#
        } else if request.url.contains("oauth2") {
            r#"{"access_token":"t"}"#
        } else {
            r#"{"registry":"contoso.azurecr.io","imageName":"app"}"#
        };
        async move {
            if status == 0 {
                return Err(TransportError::new("connection reset"));
            }
            let headers = [("content-type", "application/json"), ("retry-after", "42")];
            Ok(Response {
                status: http::StatusCode::from_u16(status).unwrap(),
                headers: headers
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into_iter()
                    .collect(),
                body: Body::from_bytes(if status == 200 { body } else { "{}" }),
            })
        }
        .boxed_local()
    }
}

/// What comes of reading, and how many seconds that takes.
fn read(status: impl Fn(u32, &str) -> u16 + Send + Sync + 'static) -> (Result<Reading, Error>, u64) {
    let clock = FakeClock::default();
    let client = RegistryClient::builder("http://127.0.0.1:21111")
        .transport(Scripted { sent: AtomicU32::new(0), status })
        .environment(clock.clone())
        .build()
        .unwrap();
    let request = Request { repositories: &[], concurrency: 8, verbose: false };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let reading = runtime.block_on(read_registry(&client, &clock, &request));
    (reading, clock.now().as_secs())
}

#[test]
fn a_registry_that_asks_to_wait_is_waited_for() {
    let (reading, seconds) = read(|number, _| if number % 2 == 0 { 429 } else { 200 });
    let reading = reading.unwrap();
    assert!(reading.inventory.graph().is_complete() && reading.gave_up.is_none());
    assert_eq!((reading.failed, reading.inventory.registry()), (0, "contoso.azurecr.io"));
    assert!(seconds >= 42, "{seconds}");
}

#[test]
fn a_failure_of_the_registry_is_asked_about_again() {
    let (reading, seconds) = read(|number, _| if number < 3 { 500 } else { 200 });
    assert!(reading.unwrap().inventory.graph().is_complete());
    assert!(seconds <= 5, "{seconds}");
}

#[test]
fn a_registry_that_never_answers_is_given_up() {
    for status in [429, 500, 0] {
        let (reading, seconds) = read(move |_, _| status);
        assert!(reading.is_err() && seconds < 600, "{status}: {seconds}");
    }
}

#[test]
fn what_was_read_before_a_registry_stopped_answering_is_kept() {
    for status in [429, 401, 0] {
        let (reading, _) = read(move |_, path| if path.contains("_manifests") { status } else { 200 });
        let reading = reading.unwrap();
        assert!(
            reading.inventory.find_repository("app").is_some() && !reading.inventory.graph().is_complete()
        );
        assert!(reading.gave_up.is_some() || reading.first_error.is_some(), "{status}");
    }
}
