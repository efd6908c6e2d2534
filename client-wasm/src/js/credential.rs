//! Credentials as JavaScript gives them. An Entra token comes from the caller's own function, asked whenever one is needed.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::input::Given;
use super::paged::object;
use crate::auth::{Credential, EntraTokenSource, Secret};
use crate::error::Error;

const OPERATION: &str = "RegistryClient";

/// The credential of a client's options; anonymous where there is none.
pub(super) fn read(value: &JsValue) -> Result<Credential, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(Credential::Anonymous);
    }
    let given = Given::object(OPERATION, "credential", value)?;
    Ok(match given.text("kind")?.as_deref() {
        Some("anonymous") => Credential::Anonymous,
        Some("password") => Credential::Password {
            username: given.required_text("username")?,
            password: Secret::new(given.required_text("password")?),
        },
        Some("refreshToken") => Credential::RefreshToken(Secret::new(given.required_text("refreshToken")?)),
        Some("entra") => {
            let get_token = given.member("getToken").and_then(|get| get.dyn_into().ok());
            let get_token =
                get_token.ok_or_else(|| Error::invalid_input(OPERATION, "getToken must be a function"))?;
            Credential::Entra {
                tenant: given.text("tenant")?,
                source: Arc::new(TokenFunction { credential: value.clone(), get_token }),
            }
        }
        _ => {
            let message =
                "the kind of a credential must be \"anonymous\", \"password\", \"refreshToken\" or \"entra\"";
            return Err(Error::invalid_input(OPERATION, message));
        }
    })
}

/// The caller's `getToken`, called as a method of the credential it came with.
struct TokenFunction {
    credential: JsValue,
    get_token: Function,
}

/// Fires the signal given to `getToken` when nobody waits for its token any more.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl EntraTokenSource for TokenFunction {
    fn token(&self) -> LocalBoxFuture<'_, Result<Secret, Error>> {
        async move {
            let failed =
                |why: &str| Error::no_token(format!("getToken gave no Microsoft Entra token: {why}"));
            let controller = AbortController::new().map_err(|_| failed("there is no AbortController"))?;
            let guard = AbortOnDrop(controller);
            let options = object(&[("signal", guard.0.signal().into())]);
            let called = self.get_token.call1(&self.credential, &options);
            // What it rejected with is the caller's own, and could hold anything.
            let promise = called.map_err(|_| failed("it threw"))?;
            let token =
                JsFuture::from(Promise::resolve(&promise)).await.map_err(|_| failed("it rejected"))?;
            let token = token.as_string().filter(|token| !token.is_empty());
            token.map(Secret::new).ok_or_else(|| failed("it resolved to no string"))
        }
        .boxed_local()
    }
}
