//! Operations of the token service, for those who want its tokens themselves.

use std::fmt;
use std::sync::Arc;

use super::request::Request;
use crate::error::Error;
use crate::model::{AccessToken, RefreshToken};
use crate::name::Secret;
use crate::operation::tokens as operation;
use crate::pipeline::Pipeline;

/// The token service of a registry.
#[derive(Clone)]
pub struct Tokens(Arc<Pipeline>);

/// What is exchanged for a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GrantType {
    /// A Microsoft Entra access token.
    AccessToken,
    /// A Microsoft Entra refresh token. Deprecated by the service.
    RefreshToken,
    /// Both. Deprecated by the service.
    AccessTokenRefreshToken,
}

impl GrantType {
    /// The grant type of a `grant_type` field; `None` if the service knows no such type.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::AccessToken, Self::RefreshToken, Self::AccessTokenRefreshToken]
            .into_iter()
            .find(|grant_type| grant_type.as_str() == text)
    }

    /// The value of the `grant_type` field.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::RefreshToken => "refresh_token",
            Self::AccessTokenRefreshToken => "access_token_refresh_token",
        }
    }
}

/// The fields of RefreshTokens_GetFromExchange.
#[derive(Debug, Clone)]
pub struct ExchangeRequest {
    /// What is exchanged.
    pub grant_type: GrantType,
    /// The registry's login server. Default: the client's.
    pub service: Option<String>,
    /// The Entra tenant of the tokens.
    pub tenant: Option<String>,
    /// The Entra access token, where the grant type names it.
    pub access_token: Option<Secret>,
    /// The Entra refresh token, where the grant type names it.
    pub refresh_token: Option<Secret>,
}

impl Tokens {
    pub(super) fn new(pipeline: Arc<Pipeline>) -> Self {
        Self(pipeline)
    }

    /// RefreshTokens_GetFromExchange.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Unauthorized`] where the registry does not take the Entra token, [`crate::ErrorKind::InvalidInput`] where a token
    /// that the grant type names is missing.
    pub async fn exchange(&self, request: &ExchangeRequest) -> Result<RefreshToken, Error> {
        let answer = self.exchange_request(request)?.answer().await?;
        Ok(RefreshToken { refresh_token: operation::read_refresh_token(&answer)? })
    }

    pub(crate) fn exchange_request(&self, request: &ExchangeRequest) -> Result<Request, Error> {
        let needs_access = request.grant_type != GrantType::RefreshToken;
        let needs_refresh = request.grant_type != GrantType::AccessToken;
        if (needs_access && request.access_token.is_none())
            || (needs_refresh && request.refresh_token.is_none())
        {
            let message =
                format!("the grant type {} needs the token that it names", request.grant_type.as_str());
            return Err(Error::invalid_input(operation::EXCHANGE, message));
        }
        let fields = [
            ("grant_type", Some(request.grant_type.as_str())),
            ("service", Some(self.service(request.service.as_deref()))),
            ("tenant", request.tenant.as_deref()),
            ("refresh_token", request.refresh_token.as_ref().map(Secret::expose)),
            ("access_token", request.access_token.as_ref().map(Secret::expose)),
        ];
        Ok(Request::new(&self.0, operation::exchange(&fields)))
    }

    /// The login server, unless the caller names another service.
    fn service<'a>(&'a self, named: Option<&'a str>) -> &'a str {
        named.unwrap_or(self.0.tokens.service())
    }

    /// AccessTokens_Get: an access token for a refresh token. Several scopes are separated by spaces.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Unauthorized`] where the registry does not take the refresh token.
    pub async fn get(
        &self,
        service: Option<&str>,
        scope: &str,
        refresh_token: &Secret,
    ) -> Result<AccessToken, Error> {
        let answer = self.get_request(service, scope, refresh_token).answer().await?;
        Ok(AccessToken { access_token: operation::read_access_token(&answer)? })
    }

    pub(crate) fn get_request(&self, service: Option<&str>, scope: &str, refresh_token: &Secret) -> Request {
        Request::new(&self.0, operation::access(self.service(service), scope, refresh_token.expose()))
    }

    /// AccessTokens_GetFromLogin: an access token for user name and password.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Unauthorized`] where the registry does not take them.
    pub async fn get_from_login(
        &self,
        service: Option<&str>,
        scopes: &[String],
        username: &str,
        password: &Secret,
    ) -> Result<AccessToken, Error> {
        let answer = self.login_request(service, scopes, username, password)?.answer().await?;
        Ok(AccessToken { access_token: operation::read_access_token(&answer)? })
    }

    pub(crate) fn login_request(
        &self,
        service: Option<&str>,
        scopes: &[String],
        username: &str,
        password: &Secret,
    ) -> Result<Request, Error> {
        let call = operation::access_from_login(self.service(service), scopes, username, password.expose())?;
        Ok(Request::new(&self.0, call))
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}
