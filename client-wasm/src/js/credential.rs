//! Entra tokens from the caller's own function, asked whenever one is needed.

use futures_util::future::LocalBoxFuture;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::auth::{EntraTokenSource, Secret};
use crate::error::Error;

/// The caller's `getToken`, which takes a signal.
pub(super) struct TokenFunction(pub(super) Function);

/// Fires the signal given to `getToken` when nobody waits for its token any more.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl EntraTokenSource for TokenFunction {
    fn token(&self) -> LocalBoxFuture<'_, Result<Secret, Error>> {
        Box::pin(async move {
            let failed =
                |why: &str| Error::no_token(["getToken gave no Microsoft Entra token: ", why].concat());
            let guard =
                AbortOnDrop(AbortController::new().map_err(|_| failed("there is no AbortController"))?);
            // What it throws or rejects with is the caller's own, and could hold anything.
            let called = self.0.call1(&JsValue::UNDEFINED, &guard.0.signal());
            let promise = called.map_err(|_| failed("it threw"))?;
            let token =
                JsFuture::from(Promise::resolve(&promise)).await.map_err(|_| failed("it rejected"))?;
            let token = token.as_string().filter(|token| !token.is_empty());
            token.map(Secret::new).ok_or_else(|| failed("it resolved to no string"))
        })
    }
}
