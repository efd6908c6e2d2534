//! Credentials that a page supplies as JavaScript objects.

use std::sync::Arc;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

use super::token_function::TokenFunction;
use crate::pipeline::{Credential, CredentialError, CredentialOptions, EntraTokenSource};

/// Reads a credential, the type `Credential` of the npm package: `{ kind: "password", username, password }` and so on.
///
/// # Errors
/// Fails if it is not one. The error names the member at fault and never quotes a value.
pub fn read_credential(value: &JsValue) -> Result<Credential, CredentialError> {
    let options: CredentialOptions =
        serde_wasm_bindgen::from_value(value.clone()).map_err(|_| CredentialError::NotACredential)?;
    let get_token = Reflect::get(value, &JsValue::from_str("getToken")).unwrap_or_default();
    let source = get_token
        .dyn_into::<Function>()
        .ok()
        .map(|get_token| Arc::new(TokenFunction::new(value.clone(), get_token)) as Arc<dyn EntraTokenSource>);
    options.into_credential(source)
}
