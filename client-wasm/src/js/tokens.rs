//! `client.tokens`.

use js_sys::{Array, Promise};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::abort::respond;
use super::convert::{text, to_js};
use super::options::Options;
use crate::client::{self, ExchangeRequest, GrantType};
use crate::error::Error;
use crate::name::Secret;
use crate::operation::{Answer, tokens as operation};

/// `client.tokens`: the token service of a registry. The other operations sign in by themselves.
#[wasm_bindgen]
pub struct Tokens(client::Tokens);

impl Tokens {
    pub(super) fn new(tokens: client::Tokens) -> Self {
        Self(tokens)
    }
}

#[derive(Serialize)]
struct RefreshToken<'a> {
    refresh_token: &'a str,
}

#[derive(Serialize)]
struct AccessToken<'a> {
    access_token: &'a str,
}

#[wasm_bindgen]
impl Tokens {
    /// RefreshTokens_GetFromExchange: a refresh token of the registry for a Microsoft Entra token.
    #[wasm_bindgen(unchecked_return_type = "Promise<RefreshToken>")]
    pub fn exchange(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ExchangeRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let request = Options::required(operation::EXCHANGE, &request)
            .and_then(|request| self.0.exchange_request(&exchange_request(&request)?));
        respond(&options, request, |answer| {
            let Some(answer) = answer else { return Ok(JsValue::UNDEFINED) };
            let token = operation::read_refresh_token(&answer)?;
            Ok(to_js(&RefreshToken { refresh_token: token.expose() }))
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
        let request = Options::required(operation::ACCESS, &request).and_then(|request| {
            let service = request.string("service")?;
            let scope = request.need("scope", request.string("scope")?)?;
            let refresh_token = secret(&request, "refresh_token")?;
            Ok(self.0.get_request(service.as_deref(), &scope, &refresh_token))
        });
        respond(&options, request, access_token)
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
        let request = Options::required(operation::LOGIN, &request).and_then(|request| {
            let service = request.string("service")?;
            let scopes = scopes(&request)?;
            let username = request.need("username", request.string("username")?)?;
            let password = secret(&request, "password")?;
            self.0.login_request(service.as_deref(), &scopes, &username, &password)
        });
        respond(&options, request, access_token)
    }
}

fn access_token(answer: Option<Box<Answer>>) -> Result<JsValue, Error> {
    let Some(answer) = answer else { return Ok(JsValue::UNDEFINED) };
    let token = operation::read_access_token(&answer)?;
    Ok(to_js(&AccessToken { access_token: token.expose() }))
}

fn secret(request: &Options, name: &str) -> Result<Secret, Error> {
    request.need(name, request.string(name)?).map(Secret::new)
}

/// One scope or several.
fn scopes(request: &Options) -> Result<Vec<String>, Error> {
    let scope = request.need("scope", request.value("scope"))?;
    let list = if Array::is_array(&scope) { Array::from(&scope) } else { Array::of1(&scope) };
    list.iter().map(|scope| text(operation::LOGIN, "scope", &scope)).collect()
}

fn exchange_request(request: &Options) -> Result<ExchangeRequest, Error> {
    let grant_type = request.need("grant_type", request.string("grant_type")?)?;
    let grant_type = GrantType::parse(&grant_type)
        .ok_or_else(|| request.invalid(&["grant_type must be one of the three that the service knows"]))?;
    Ok(ExchangeRequest {
        grant_type,
        service: request.string("service")?,
        tenant: request.string("tenant")?,
        access_token: request.string("access_token")?.map(Secret::new),
        refresh_token: request.string("refresh_token")?.map(Secret::new),
    })
}
