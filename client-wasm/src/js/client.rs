//! `RegistryClient` and its options.

use std::time::Duration;

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

use super::abort::promise;
use super::blobs::Blobs;
use super::credential;
use super::error::to_js;
use super::input::Given;
use super::manifests::Manifests;
use super::repositories::Repositories;
use super::tags::Tags;
use super::tokens::Tokens;
use crate::client::RegistryClient as Client;
use crate::error::Error;
use crate::http::RetryPolicy;

const OPERATION: &str = "RegistryClient";

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
        build(&options).map(Self).map_err(|error| to_js(&error))
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
    #[wasm_bindgen(getter)]
    pub fn repositories(&self) -> Repositories {
        Repositories(self.0.pipeline.clone())
    }

    /// Manifests: list, attributes, content, referrers.
    #[wasm_bindgen(getter)]
    pub fn manifests(&self) -> Manifests {
        Manifests(self.0.clone())
    }

    /// Tags: list, attributes, deletion.
    #[wasm_bindgen(getter)]
    pub fn tags(&self) -> Tags {
        Tags(self.0.pipeline.clone())
    }

    /// Blobs: download, upload, deletion.
    #[wasm_bindgen(getter)]
    pub fn blobs(&self) -> Blobs {
        Blobs(self.0.clone())
    }

    /// The token service, for those who want its tokens themselves. No other operation needs it called.
    #[wasm_bindgen(getter)]
    pub fn tokens(&self) -> Tokens {
        Tokens(self.0.clone())
    }

    /// V2Support_Check. Resolves to true, or to false where the answer is not a Registry V2 one; rejects on 401 and on network failure.
    #[wasm_bindgen(js_name = "checkSupport", unchecked_return_type = "Promise<boolean>")]
    pub fn check_support(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move { client.check_support().await.map(JsValue::from_bool) })
    }
}

fn build(options: &JsValue) -> Result<Client, Error> {
    let given = Given::object(OPERATION, "the options of RegistryClient", options)?;
    let member = |name: &str| given.member(name).unwrap_or(JsValue::UNDEFINED);
    let mut builder =
        Client::builder(endpoint(&member("endpoint"))?).credential(credential::read(&member("credential"))?);
    if let Some(login_server) = given.text("loginServer")? {
        builder = builder.login_server(login_server);
    }
    let wanted = member("retry");
    let wanted = Given::options(OPERATION, &wanted)?;
    let mut retry = RetryPolicy::default();
    if let Some(retries) = wanted.small("maxRetries")? {
        retry.max_retries = retries;
    }
    if let Some(delay) = wanted.number("maxDelayInMs")? {
        if !(0.0..=f64::from(u32::MAX)).contains(&delay) {
            return Err(Error::invalid_input(OPERATION, "maxDelayInMs must be a number of milliseconds"));
        }
        retry.max_delay = Duration::from_millis(delay as u64);
    }
    builder.retry(retry).build()
}

/// A string, or a URL object.
fn endpoint(value: &JsValue) -> Result<String, Error> {
    let url =
        || Reflect::get(value.dyn_ref::<js_sys::Object>()?, &JsValue::from_str("href")).ok()?.as_string();
    value
        .as_string()
        .or_else(url)
        .ok_or_else(|| Error::invalid_input(OPERATION, "endpoint must be a string or a URL"))
}
