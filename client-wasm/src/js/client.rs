//! `RegistryClient` and its options.

use std::sync::Arc;
use std::time::Duration;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::calls::Calls;
use super::error::to_js;
use super::resources::{Blobs, Manifests, Repositories, Tags, Tokens};
use crate::auth::{Credential, Secret};
use crate::client::RegistryClient as Client;
use crate::http::RetryPolicy;
use crate::transport::TokenFunction;

#[wasm_bindgen(module = "/src/js/client.js")]
extern "C" {
    #[wasm_bindgen(js_name = "checkSupport")]
    fn check_support(calls: Calls, options: JsValue) -> Promise;
    #[wasm_bindgen(catch)]
    fn settings(options: &JsValue) -> Result<Array, JsValue>;
}

/// A registry, as seen through one credential. Its parts share tokens and limits.
#[wasm_bindgen]
pub struct RegistryClient(Client);

#[wasm_bindgen]
impl RegistryClient {
    /// A client; nothing is sent yet. Throws a `RegistryError` of kind "invalid-input" where the options make none.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "RegistryClientOptions")] options: JsValue,
    ) -> Result<RegistryClient, JsValue> {
        build(&options).map(Self)
    }

    /// Where requests go.
    #[wasm_bindgen(getter)]
    pub fn endpoint(&self) -> String {
        self.0.endpoint().to_owned()
    }

    /// The registry's login server.
    #[wasm_bindgen(getter, js_name = "loginServer")]
    pub fn login_server(&self) -> String {
        self.0.login_server().to_owned()
    }

    /// Repositories: list, attributes, deletion.
    #[wasm_bindgen(getter, unchecked_return_type = "Repositories")]
    pub fn repositories(&self) -> Repositories {
        Repositories::new(self.calls())
    }

    /// Manifests: list, attributes, content, referrers.
    #[wasm_bindgen(getter, unchecked_return_type = "Manifests")]
    pub fn manifests(&self) -> Manifests {
        Manifests::new(self.calls())
    }

    /// Tags: list, attributes, deletion.
    #[wasm_bindgen(getter, unchecked_return_type = "Tags")]
    pub fn tags(&self) -> Tags {
        Tags::new(self.calls())
    }

    /// Blobs: download, upload, deletion.
    #[wasm_bindgen(getter, unchecked_return_type = "Blobs")]
    pub fn blobs(&self) -> Blobs {
        Blobs::new(self.calls())
    }

    /// The token service, for those who want its tokens themselves. No other operation needs it called.
    #[wasm_bindgen(getter, unchecked_return_type = "Tokens")]
    pub fn tokens(&self) -> Tokens {
        Tokens::new(self.calls())
    }

    /// V2Support_Check. Resolves to true, or to false where the answer is not a Registry V2 one; rejects on 401 and on network failure.
    #[wasm_bindgen(js_name = "checkSupport", unchecked_return_type = "Promise<boolean>")]
    pub fn check_support(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        check_support(self.calls(), options)
    }
}

impl RegistryClient {
    fn calls(&self) -> Calls {
        Calls(self.0.clone())
    }
}

fn build(options: &JsValue) -> Result<Client, JsValue> {
    let given = settings(options)?;
    let text = |index| given.get(index).as_string();
    let number = |index| given.get(index).as_f64();
    let secret = || Secret::new(text(6).unwrap_or_default());
    let credential = match text(4).as_deref() {
        Some("password") => {
            Credential::Password { username: text(5).unwrap_or_default(), password: secret() }
        }
        Some("refreshToken") => Credential::RefreshToken(secret()),
        Some("entra") => Credential::Entra {
            tenant: text(5),
            source: Arc::new(TokenFunction::new(JsValue::UNDEFINED, given.get(6).into())),
        },
        _ => Credential::Anonymous,
    };
    let mut retry = RetryPolicy::default();
    if let Some(retries) = number(2) {
        retry.max_retries = retries as u32;
    }
    if let Some(delay) = number(3) {
        retry.max_delay = Duration::from_millis(delay as u64);
    }
    let mut builder = Client::builder(text(0).unwrap_or_default()).credential(credential).retry(retry);
    if let Some(login_server) = text(1) {
        builder = builder.login_server(login_server);
    }
    builder.build().map_err(|error| to_js(&error))
}
