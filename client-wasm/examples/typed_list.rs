//! A list into typed Rust, called from JavaScript: what `cargo xtask bench` measures next to `fetch().json()`. Empty but for wasm32.
#![cfg(target_arch = "wasm32")]

use acr_client_wasm::{RegistryClient, TagListOptions};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// A client that keeps its tokens from call to call.
#[wasm_bindgen]
pub struct TypedClient(RegistryClient);

#[wasm_bindgen]
impl TypedClient {
    /// A client of the registry that answers at `endpoint`.
    ///
    /// # Errors
    /// Fails where `endpoint` is invalid.
    #[wasm_bindgen(constructor)]
    pub fn new(endpoint: &str) -> Result<TypedClient, JsError> {
        Ok(Self(RegistryClient::builder(endpoint).build()?))
    }

    /// How many tags the first page of `n` holds, each read into its type.
    ///
    /// # Errors
    /// Fails where the registry does.
    #[wasm_bindgen(js_name = "countTags")]
    pub async fn count_tags(&self, repository: String, n: u32) -> Result<usize, JsError> {
        let options = TagListOptions { n: Some(n), ..Default::default() };
        let page = self.0.tags().list(&repository.parse()?, options).next_page().await?;
        Ok(page.map_or(0, |page| page.items.iter().filter(|tag| !tag.digest.is_empty()).count()))
    }
}
