//! From a future to a promise that an `AbortSignal` can end: the future is dropped, which aborts its fetch.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_util::future::{Either, LocalBoxFuture, select};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::{AbortSignal, DomException};

use super::error::to_js;
use crate::error::Error;

/// A promise of what `work` gives; it rejects with a `RegistryError`, or with an `AbortError` once the signal of `options` fires.
pub(super) fn promise(
    options: &JsValue,
    work: impl Future<Output = Result<JsValue, Error>> + 'static,
) -> Promise {
    run(signal_of(options), Box::pin(work))
}

/// One copy of the machinery below for all operations: each future is boxed, which keeps the wasm small.
fn run(signal: Option<AbortSignal>, work: LocalBoxFuture<'static, Result<JsValue, Error>>) -> Promise {
    settle(Box::pin(async move { until_aborted(signal.as_ref(), work).await }))
}

/// A promise of what a future gives. The only place that makes promises: its machinery is 1.5 KB for each type of future.
pub(super) fn settle(work: LocalBoxFuture<'static, Result<JsValue, JsValue>>) -> Promise {
    future_to_promise(work)
}

/// The `signal` of an options object, where it has one.
pub(super) fn signal_of(options: &JsValue) -> Option<AbortSignal> {
    if !options.is_object() {
        return None;
    }
    Reflect::get(options, &JsValue::from_str("signal")).ok()?.dyn_into().ok()
}

/// What `work` gives, unless the signal fires first.
pub(super) async fn until_aborted<T>(
    signal: Option<&AbortSignal>,
    work: LocalBoxFuture<'_, Result<T, Error>>,
) -> Result<T, JsValue> {
    let Some(signal) = signal else { return work.await.map_err(|error| to_js(&error)) };
    if signal.aborted() {
        return Err(abort_error());
    }
    let aborted = Aborted::of(signal);
    match select(work, aborted).await {
        Either::Left((result, _)) => result.map_err(|error| to_js(&error)),
        Either::Right(_) => Err(abort_error()),
    }
}

/// Every abort is told the same way, whatever the signal's reason.
fn abort_error() -> JsValue {
    DomException::new_with_message_and_name("The operation was aborted.", "AbortError")
        .map_or_else(|error| error, JsValue::from)
}

/// Resolves when the signal fires. Dropping it takes its listener off the signal, which may live longer than any call.
struct Aborted {
    signal: AbortSignal,
    waker: Rc<RefCell<Option<Waker>>>,
    listener: Closure<dyn FnMut()>,
}

impl Aborted {
    fn of(signal: &AbortSignal) -> Self {
        let waker: Rc<RefCell<Option<Waker>>> = Rc::default();
        let woken = waker.clone();
        let listener = Closure::new(move || {
            if let Some(waker) = woken.borrow_mut().take() {
                waker.wake();
            }
        });
        let aborted = Self { signal: signal.clone(), waker, listener };
        // A signal without listeners is no AbortSignal; its `aborted` is still looked at whenever the call makes progress.
        let _ = signal.add_event_listener_with_callback("abort", aborted.function());
        aborted
    }

    fn function(&self) -> &Function {
        self.listener.as_ref().unchecked_ref()
    }
}

impl Future for Aborted {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.signal.aborted() {
            return Poll::Ready(());
        }
        *self.waker.borrow_mut() = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Aborted {
    fn drop(&mut self) {
        let _ = self.signal.remove_event_listener_with_callback("abort", self.function());
    }
}
