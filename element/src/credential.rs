//! Credentials as the page around the element gives them: those of the npm client, from a function or from a promise of it. They are
//! handed on and kept nowhere here.

use std::rc::Rc;
use std::sync::Arc;

use acr_client_wasm::{Credential, EntraTokenSource, Error, Secret};
use acr_dashboard::embed::AskCredential;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::options::{function, text};

/// Asks the page's function whenever a credential is needed. What it throws is the page's own and could hold anything: it is not told.
pub(crate) fn asking(get: Function) -> AskCredential {
    Rc::new(move || {
        let get = get.clone();
        async move {
            let called = get.call0(&JsValue::UNDEFINED).map_err(|_| "getCredential threw.".to_owned())?;
            let given = JsFuture::from(Promise::resolve(&called)).await;
            read(&given.map_err(|_| "getCredential rejected.".to_owned())?)
        }
        .boxed_local()
    })
}

fn read(given: &JsValue) -> Result<Credential, String> {
    let required = |name: &str| {
        let value = text(given, name);
        if value.is_empty() {
            Err(format!("getCredential gave a credential without its {name}."))
        } else {
            Ok(value)
        }
    };
    match text(given, "kind").as_str() {
        "anonymous" => Ok(Credential::Anonymous),
        "password" => Ok(Credential::Password {
            username: required("username")?,
            password: Secret::new(required("password")?),
        }),
        "refreshToken" => Ok(Credential::RefreshToken(Secret::new(required("refreshToken")?))),
        "entra" => {
            let get_token = function(given, "getToken")
                .ok_or_else(|| "getCredential gave a credential without its getToken.".to_owned())?;
            let source = Arc::new(TokenFunction { credential: given.clone(), get_token });
            Ok(Credential::Entra { tenant: Some(text(given, "tenant")).filter(|it| !it.is_empty()), source })
        }
        _ => Err("getCredential gave no credential: its kind must be \"anonymous\", \"password\", \"refreshToken\" \
                  or \"entra\"."
            .to_owned()),
    }
}

/// The page's `getToken`, called as a method of the credential it came with.
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
            let guard =
                AbortOnDrop(AbortController::new().map_err(|_| failed("there is no AbortController"))?);
            let options = js_sys::Object::new();
            js_sys::Reflect::set(&options, &"signal".into(), &guard.0.signal())
                .map_err(|_| failed("it cannot be called"))?;
            let called = self.get_token.call1(&self.credential, &options).map_err(|_| failed("it threw"))?;
            let token = JsFuture::from(Promise::resolve(&called)).await.map_err(|_| failed("it rejected"))?;
            let token = token.as_string().filter(|token| !token.is_empty());
            token.map(Secret::new).ok_or_else(|| failed("it resolved to no string"))
        }
        .boxed_local()
    }
}
