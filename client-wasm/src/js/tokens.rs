//! `client.tokens`.

use js_sys::Promise;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::abort::promise;
use super::input;
use super::paged::object;
use crate::auth::Secret;
use crate::client::{ExchangeRequest, GrantType, RegistryClient};
use crate::error::Error;
use crate::operation::tokens as operation;

/// The token service of a registry.
#[wasm_bindgen]
pub struct Tokens(pub(super) RegistryClient);

#[derive(Deserialize)]
struct Exchange {
    grant_type: String,
    service: Option<String>,
    tenant: Option<String>,
    access_token: Option<Secret>,
    refresh_token: Option<Secret>,
}

#[derive(Deserialize)]
struct Get {
    service: Option<String>,
    scope: String,
    refresh_token: Secret,
}

#[derive(Deserialize)]
struct Login {
    service: Option<String>,
    scope: Scopes,
    username: String,
    password: Secret,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scopes {
    One(String),
    Several(Vec<String>),
}

#[wasm_bindgen]
impl Tokens {
    /// RefreshTokens_GetFromExchange.
    #[wasm_bindgen(unchecked_return_type = "Promise<RefreshToken>")]
    pub fn exchange(
        &self,
        #[wasm_bindgen(
            unchecked_param_type = "{ grant_type: \"access_token\" | \"refresh_token\" | \"access_token_refresh_token\"; service?: string; tenant?: string; access_token?: string; refresh_token?: string }"
        )]
        request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let given: Exchange = request_of(operation::EXCHANGE, &request)?;
            let grant_type = match given.grant_type.as_str() {
                "access_token" => GrantType::AccessToken,
                "refresh_token" => GrantType::RefreshToken,
                "access_token_refresh_token" => GrantType::AccessTokenRefreshToken,
                _ => {
                    return Err(Error::invalid_input(
                        operation::EXCHANGE,
                        "this grant_type is none the service knows",
                    ));
                }
            };
            let request = ExchangeRequest {
                grant_type,
                service: given.service,
                tenant: given.tenant,
                access_token: given.access_token,
                refresh_token: given.refresh_token,
            };
            let token = client.tokens().exchange(&request).await?;
            Ok(object(&[("refresh_token", JsValue::from_str(token.refresh_token.expose()))]))
        })
    }

    /// AccessTokens_Get: an access token for a refresh token.
    #[wasm_bindgen(unchecked_return_type = "Promise<AccessToken>")]
    pub fn get(
        &self,
        #[wasm_bindgen(unchecked_param_type = "{ service?: string; scope: string; refresh_token: string }")]
        request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let given: Get = request_of(operation::ACCESS, &request)?;
            let tokens = client.tokens();
            let token = tokens.get(given.service.as_deref(), &given.scope, &given.refresh_token).await?;
            Ok(access_token(&token.access_token))
        })
    }

    /// AccessTokens_GetFromLogin: an access token for user name and password.
    #[wasm_bindgen(js_name = "getFromLogin", unchecked_return_type = "Promise<AccessToken>")]
    pub fn get_from_login(
        &self,
        #[wasm_bindgen(
            unchecked_param_type = "{ service?: string; scope: string | string[]; username: string; password: string }"
        )]
        request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let given: Login = request_of(operation::LOGIN, &request)?;
            let scopes = match given.scope {
                Scopes::One(scope) => vec![scope],
                Scopes::Several(scopes) => scopes,
            };
            let tokens = client.tokens();
            let service = given.service.as_deref();
            let token = tokens.get_from_login(service, &scopes, &given.username, &given.password).await?;
            Ok(access_token(&token.access_token))
        })
    }
}

/// A request of the token service. What is wrong with it is not told in serde's words, which could quote a secret.
fn request_of<T: serde::de::DeserializeOwned>(
    operation: &'static str,
    request: &JsValue,
) -> Result<T, Error> {
    input::object(operation, "the request", request)
        .map_err(|_| Error::invalid_input(operation, "a member of the request is missing or is no string"))
}

fn access_token(token: &Secret) -> JsValue {
    object(&[("access_token", JsValue::from_str(token.expose()))])
}
