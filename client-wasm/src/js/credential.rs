//! Credentials as JavaScript gives them. An Entra token comes from the caller's own function, asked whenever one is needed.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use js_sys::{Function, Promise, Reflect};
use serde::Deserialize;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::input;
use super::paged::object;
use crate::auth::{Credential, EntraTokenSource, Secret};
use crate::error::{Error, ErrorKind};

const OPERATION: &str = "RegistryClient";

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Given {
    Anonymous,
    Password {
        username: String,
        password: Secret,
    },
    #[serde(rename_all = "camelCase")]
    RefreshToken {
        refresh_token: Secret,
    },
    Entra {
        tenant: Option<String>,
    },
}

/// The credential of a client's options; anonymous where there is none.
pub(super) fn read(value: &JsValue) -> Result<Credential, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(Credential::Anonymous);
    }
    let refuse = || {
        // What serde would say could quote what it was given.
        let message = "credential must be { kind: \"anonymous\" }, { kind: \"password\", username, password }, \
            { kind: \"refreshToken\", refreshToken } or { kind: \"entra\", getToken }";
        Error::invalid_input(OPERATION, message)
    };
    Ok(match input::object(OPERATION, "credential", value).map_err(|_| refuse())? {
        Given::Anonymous => Credential::Anonymous,
        Given::Password { username, password } => Credential::Password { username, password },
        Given::RefreshToken { refresh_token } => Credential::RefreshToken(refresh_token),
        Given::Entra { tenant } => {
            let get_token = Reflect::get(value, &JsValue::from_str("getToken")).ok();
            let get_token = get_token.and_then(|get| get.dyn_into().ok()).ok_or_else(refuse)?;
            Credential::Entra {
                tenant,
                source: Arc::new(TokenFunction { credential: value.clone(), get_token }),
            }
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
            let failed = |why: &str| {
                let message = format!("getToken gave no Microsoft Entra token: {why}");
                Error::new(ErrorKind::Unauthorized, "RefreshTokens_GetFromExchange", message)
            };
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
