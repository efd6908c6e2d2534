//! Credentials from the page around the element: those of the npm client, from a function or from a promise of it. They are handed on and
//! kept nowhere here.

use std::rc::Rc;

use acr_client_wasm::read_credential;
use acr_dashboard::embed::AskCredential;
use futures_util::FutureExt as _;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Calls the page's function whenever a credential is needed. What it throws is the page's own and could hold anything: it is not
/// reported.
pub(crate) fn asking(get: Function) -> AskCredential {
    Rc::new(move || {
        let get = get.clone();
        async move {
            let called = get.call0(&JsValue::UNDEFINED).map_err(|_| "getCredential threw.".to_owned())?;
            let credential = JsFuture::from(Promise::resolve(&called)).await;
            let credential = credential.map_err(|_| "getCredential rejected.".to_owned())?;
            read_credential(&credential).map_err(|error| format!("getCredential: {error}."))
        }
        .boxed_local()
    })
}
