//! Microsoft Entra tokens from a function of the page, asked whenever one is needed.

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::error::Error;
use crate::name::Secret;
use crate::pipeline::EntraTokenSource;

/// A page's `getToken`, called as a method of the credential it came with. It takes an object with a `signal`, which is aborted when no
/// call waits for the token any more, and gives the token or a promise of it.
#[derive(Debug, Clone)]
pub struct TokenFunction {
    credential: JsValue,
    get_token: Function,
}

/// Aborts the signal that `getToken` received.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl TokenFunction {
    /// A function, and what it is a method of.
    #[must_use]
    pub fn new(credential: JsValue, get_token: Function) -> Self {
        Self { credential, get_token }
    }
}

impl EntraTokenSource for TokenFunction {
    fn token(&self) -> LocalBoxFuture<'_, Result<Secret, Error>> {
        async move {
            let failed =
                |why: &str| Error::no_token(["getToken gave no Microsoft Entra token: ", why].concat());
            let guard =
                AbortOnDrop(AbortController::new().map_err(|_| failed("there is no AbortController"))?);
            let options = Object::new();
            Reflect::set(&options, &JsValue::from_str("signal"), &guard.0.signal())
                .map_err(|_| failed("it cannot be called"))?;
            // What it throws or rejects with is the page's own, and could hold anything.
            let called = self.get_token.call1(&self.credential, &options).map_err(|_| failed("it threw"))?;
            let token = JsFuture::from(Promise::resolve(&called)).await.map_err(|_| failed("it rejected"))?;
            let token = token.as_string().filter(|token| !token.is_empty());
            token.map(Secret::new).ok_or_else(|| failed("it resolved to no string"))
        }
        .boxed_local()
    }
}
