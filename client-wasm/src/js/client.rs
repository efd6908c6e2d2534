//! `RegistryClient`.

use std::time::Duration;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

use super::abort::promise;
use super::blobs::Blobs;
use super::convert::member;
use super::error::registry_error;
use super::manifests::Manifests;
use super::options::Options;
use super::repositories::Repositories;
use super::tags::Tags;
use super::tokens::Tokens;
use crate::browser::{FetchTransport, read_credential};
use crate::client;
use crate::error::Error;
use crate::pipeline::RetryPolicy;

const OPERATION: &str = "RegistryClient";

/// A registry, accessed with one credential. Its parts share tokens and limits.
#[wasm_bindgen]
pub struct RegistryClient(client::RegistryClient);

#[wasm_bindgen]
impl RegistryClient {
    /// A client; nothing is sent yet. Throws a `RegistryError` of kind "invalid-input" if an option is not valid.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "RegistryClientOptions")] options: JsValue,
    ) -> Result<RegistryClient, JsValue> {
        build(&options).map(Self).map_err(|error| registry_error(&error))
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
        Repositories::new(self.0.repositories())
    }

    /// Manifests: list, attributes, content, referrers.
    #[wasm_bindgen(getter)]
    pub fn manifests(&self) -> Manifests {
        Manifests::new(self.0.manifests())
    }

    /// Tags: list, attributes, deletion.
    #[wasm_bindgen(getter)]
    pub fn tags(&self) -> Tags {
        Tags::new(self.0.tags())
    }

    /// Blobs: download, upload, deletion.
    #[wasm_bindgen(getter)]
    pub fn blobs(&self) -> Blobs {
        Blobs::new(self.0.blobs())
    }

    /// The token service. The other operations sign in by themselves.
    #[wasm_bindgen(getter)]
    pub fn tokens(&self) -> Tokens {
        Tokens::new(self.0.tokens())
    }

    /// V2Support_Check. Resolves to true, or to false if the answer is not one of a Registry V2; rejects on 401 and on network failure.
    #[wasm_bindgen(js_name = "checkSupport", unchecked_return_type = "Promise<boolean>")]
    pub fn check_support(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move { client.check_support().await.map(JsValue::from_bool) })
    }
}

fn build(options: &JsValue) -> Result<client::RegistryClient, Error> {
    let options = Options::required(OPERATION, options)?;
    let endpoint = options.need("endpoint", options.value("endpoint"))?;
    let endpoint = endpoint.as_string().or_else(|| member(&endpoint, "href").as_string());
    let endpoint = endpoint.ok_or_else(|| options.invalid(&["endpoint must be a string or a URL"]))?;
    let mut builder = client::RegistryClient::builder(endpoint).retry(retry_policy(&options)?);
    if let Some(credential) = options.value("credential") {
        let credential = read_credential(&credential);
        builder = builder.credential(credential.map_err(|error| options.invalid(&[&error.to_string()]))?);
    }
    if let Some(fetch) = options.value("fetch") {
        let fetch = fetch.dyn_into::<Function>();
        let fetch = fetch.map_err(|_| options.invalid(&["fetch must be a function"]))?;
        builder = builder.transport(FetchTransport::calling(fetch));
    }
    if let Some(login_server) = options.string("loginServer")? {
        builder = builder.login_server(login_server);
    }
    builder.build()
}

fn retry_policy(options: &Options) -> Result<RetryPolicy, Error> {
    let mut policy = RetryPolicy::default();
    if let Some(retry) = options.value("retry") {
        let retry = Options::required(OPERATION, &retry)?;
        policy.max_retries = retry.integer("maxRetries")?.unwrap_or(policy.max_retries);
        if let Some(delay) = retry.integer("maxDelayInMs")? {
            policy.max_delay = Duration::from_millis(u64::from(delay));
        }
    }
    Ok(policy)
}
