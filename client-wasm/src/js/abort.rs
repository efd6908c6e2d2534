//! From a future to a promise that the caller's `AbortSignal` ends: the future is dropped, which aborts its request.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::convert::member;
use super::error::registry_error;
use crate::client::request::Request;
use crate::error::Error;
use crate::operation::Answer;

#[wasm_bindgen(module = "/src/js/abort.js")]
extern "C" {
    #[wasm_bindgen(js_name = "abortError")]
    fn abort_error() -> JsValue;

    type AbortWatch;
    #[wasm_bindgen(constructor)]
    fn new(signal: &JsValue) -> AbortWatch;
    #[wasm_bindgen(method, getter)]
    fn aborted(this: &AbortWatch) -> Promise;
    #[wasm_bindgen(method)]
    fn stop(this: &AbortWatch);
}

/// The `AbortSignal` of a call's options, of this realm or another; undefined if they have none.
pub(super) fn signal_of(options: &JsValue) -> JsValue {
    let signal = member(options, "signal");
    if member(&signal, "addEventListener").is_function() { signal } else { JsValue::UNDEFINED }
}

/// Stops watching when it is dropped.
struct Watch(AbortWatch);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// A promise of the result of `work`. It rejects with a `RegistryError`, or with an `AbortError` once the signal of the options fires.
/// If it has fired already, nothing is begun.
pub(super) fn promise(
    options: &JsValue,
    work: impl Future<Output = Result<JsValue, Error>> + 'static,
) -> Promise {
    let signal = signal_of(options);
    if member(&signal, "aborted").is_truthy() {
        return Promise::reject(&abort_error());
    }
    race(signal, Box::pin(work))
}

/// A promise of what `read` makes of the answer to a request, which was not built if an argument is not valid.
pub(super) fn respond(
    options: &JsValue,
    request: Result<Request, Error>,
    read: impl FnOnce(Option<Box<Answer>>) -> Result<JsValue, Error> + 'static,
) -> Promise {
    respond_to(options, request, Box::new(move |answer| read(answer?)))
}

/// The same for a reader that looks at errors too.
pub(super) fn respond_to(options: &JsValue, request: Result<Request, Error>, read: Box<Read>) -> Promise {
    promise(options, async move { read(request?.send().await) })
}

/// Makes a value of the answer to a request; there is none if it was carried out and the answer was lost.
pub(super) type Read = dyn FnOnce(Result<Option<Box<Answer>>, Error>) -> Result<JsValue, Error>;

/// Not generic: one copy of it serves every operation.
fn race(signal: JsValue, mut work: Pin<Box<dyn Future<Output = Result<JsValue, Error>>>>) -> Promise {
    let watch = (!signal.is_undefined()).then(|| Watch(AbortWatch::new(&signal)));
    let mut aborted = watch.as_ref().map(|watch| JsFuture::from(watch.0.aborted()));
    future_to_promise(poll_fn(move |context| {
        // Held until the work is over.
        let _ = &watch;
        if let Some(aborted) = &mut aborted
            && let Poll::Ready(Err(reason)) = Pin::new(aborted).poll(context)
        {
            return Poll::Ready(Err(reason));
        }
        work.as_mut().poll(context).map_err(|error| registry_error(&error))
    }))
}
