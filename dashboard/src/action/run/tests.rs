//! Runs whose dialogs and screens go away while they go on.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use acr_client_wasm::{Body, Environment, Headers, Request, Response, Transport, TransportError};
use futures_util::future::LocalBoxFuture;

use super::*;

/// Accepts every deletion.
struct Accepting;

impl Transport for Accepting {
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        let token = r#"{"access_token":"t"}"#;
        let (status, body) = if request.url.contains("/oauth2/") { (200_u16, token) } else { (202, "") };
        let (status, body) = (status.try_into().unwrap(), Body::from_bytes(body));
        Box::pin(async move { Ok(Response { status, headers: Headers::new(), body }) })
    }
}

/// A clock that stands still.
pub(crate) struct Still;

impl Environment for Still {
    fn now(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> LocalBoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    fn jitter(&self) -> f64 {
        0.0
    }
}

fn plan() -> Plan {
    let digest = format!("sha256:{}", "a".repeat(64)).parse().unwrap();
    let reference = Reference::Tag("1".parse().unwrap());
    let target = Target { reference, digest: Some(digest), switches: Vec::new() };
    Plan { action: Action::Untag, repository: "app".parse().unwrap(), targets: vec![target] }
}

fn finish(future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    let done = (0..100).any(|_| matches!(future.as_mut().poll(&mut context), Poll::Ready(())));
    assert!(done, "the run does not end");
}

#[test]
fn a_run_is_reported_after_its_dialog_and_its_screen_are_gone() {
    let app = Owner::new();
    let events = Rc::new(RefCell::new(Vec::new()));
    let heard = events.clone();
    let (runs, changed) = app.with(|| {
        let emit = move |event: &event::Event| {
            heard.borrow_mut().push(event.detail.get("phase").cloned().unwrap_or_default());
            true
        };
        let client = RegistryClient::builder("https://gateway.example")
            .transport(Accepting)
            .environment(Still)
            .build();
        let (untagged, changed) = (RwSignal::new(Vec::new()), RwSignal::new(0));
        let surface = Surface::detached(Rc::new(emit));
        (Runs::new(client.unwrap(), surface, GraphSlot::new(), untagged, changed), changed)
    });
    let screen = app.child();
    let run = screen.with(|| runs.add(plan(), Callback::new(|_| ())));
    let work = run.begin().unwrap();
    screen.cleanup();
    finish(work);
    assert_eq!(*events.borrow(), ["before", "after"]);
    assert_eq!(changed.get_untracked(), 1);
    let outcome = run.items.with_untracked(|items| items[0].1.clone());
    assert_eq!(outcome, Outcome::Done);
}
