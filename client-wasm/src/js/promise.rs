//! From a future to a promise that JavaScript can end: the future is dropped, which aborts its fetch.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::error::to_js;
use crate::error::Error;

/// What an operation comes to for JavaScript.
pub(super) type Work = LocalBoxFuture<'static, Result<JsValue, Error>>;

/// A promise of what `work` gives; it rejects with a `RegistryError`, or with what `stop` rejects with, should that come first. One copy
/// of this machinery serves all operations, since each future is boxed.
pub(super) fn promise(stop: Option<Promise>, mut work: Work) -> Promise {
    let mut stop = stop.map(JsFuture::from);
    future_to_promise(poll_fn(move |context| {
        if let Some(stop) = &mut stop
            && let Poll::Ready(Err(reason)) = Pin::new(stop).poll(context)
        {
            return Poll::Ready(Err(reason));
        }
        work.as_mut().poll(context).map_err(|error| to_js(&error))
    }))
}
