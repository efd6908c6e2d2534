//! `client.tokens`.

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::abort::promise;
use super::input::{self, Given};
use super::paged::object;
use crate::auth::Secret;
use crate::client::{ExchangeRequest, GrantType, RegistryClient};
use crate::error::Error;
use crate::operation::tokens as operation;

/// The token service of a registry.
#[wasm_bindgen]
pub struct Tokens(pub(super) RegistryClient);

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
            let given = Given::object(operation::EXCHANGE, "the request", &request)?;
            let grant_type = match given.required_text("grant_type")?.as_str() {
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
                service: given.text("service")?,
                tenant: given.text("tenant")?,
                access_token: given.text("access_token")?.map(Secret::new),
                refresh_token: given.text("refresh_token")?.map(Secret::new),
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
            let given = Given::object(operation::ACCESS, "the request", &request)?;
            let (service, scope) = (given.text("service")?, given.required_text("scope")?);
            let refresh_token = Secret::new(given.required_text("refresh_token")?);
            let token = client.tokens().get(service.as_deref(), &scope, &refresh_token).await?;
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
            let given = Given::object(operation::LOGIN, "the request", &request)?;
            let (service, scopes) = (given.text("service")?, scopes_of(&given)?);
            let (username, password) = (given.required_text("username")?, given.required_text("password")?);
            let tokens = client.tokens();
            let token =
                tokens.get_from_login(service.as_deref(), &scopes, &username, &password.into()).await?;
            Ok(access_token(&token.access_token))
        })
    }
}

/// One scope, or several.
fn scopes_of(given: &Given<'_>) -> Result<Vec<String>, Error> {
    let Some(several) = given.member("scope").filter(Array::is_array) else {
        return Ok(vec![given.required_text("scope")?]);
    };
    Array::from(&several).iter().map(|scope| input::text(operation::LOGIN, "scope", &scope)).collect()
}

fn access_token(token: &Secret) -> JsValue {
    object(&[("access_token", JsValue::from_str(token.expose()))])
}
