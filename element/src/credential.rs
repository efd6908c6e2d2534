//! Credentials as the page around the element gives them: those of the npm client, from a function or from a promise of it. They are
//! handed on and kept nowhere here.

use std::rc::Rc;
use std::sync::Arc;

use acr_client_wasm::{Credential, Secret, TokenFunction};
use acr_dashboard::embed::AskCredential;
use futures_util::FutureExt as _;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::value::{function, text};

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
            let source = Arc::new(TokenFunction::new(given.clone(), get_token));
            Ok(Credential::Entra { tenant: Some(text(given, "tenant")).filter(|it| !it.is_empty()), source })
        }
        _ => Err("getCredential gave no credential: its kind must be \"anonymous\", \"password\", \"refreshToken\" \
                  or \"entra\"."
            .to_owned()),
    }
}
