//! Operations of the token service, for those who want its tokens themselves.

use super::RegistryClient;
use crate::auth::{ACCESS_TOKEN, REFRESH_TOKEN, Secret, secret};
use crate::error::Error;
use crate::http::Call;
use crate::model::{AccessToken, RefreshToken};
use crate::operation::tokens as operation;

/// The token service of a registry.
#[derive(Debug, Clone)]
pub struct Tokens(pub(super) RegistryClient);

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
    /// RefreshTokens_GetFromExchange.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Unauthorized`] where the registry does not take the Entra token, [`crate::ErrorKind::InvalidInput`] where a token
    /// that the grant type names is missing.
    pub async fn exchange(&self, request: &ExchangeRequest) -> Result<RefreshToken, Error> {
        let call = self.call_to_exchange(request)?;
        let refresh_token = secret(&self.0.pipeline.sender, &call, REFRESH_TOKEN).await?;
        Ok(RefreshToken { refresh_token })
    }

    pub(crate) fn call_to_exchange(&self, request: &ExchangeRequest) -> Result<Call, Error> {
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
        Ok(operation::exchange(&fields))
    }

    /// The login server, unless the caller names another service.
    pub(crate) fn service<'a>(&'a self, given: Option<&'a str>) -> &'a str {
        given.unwrap_or(self.0.login_server())
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
        let call = operation::access(self.service(service), scope, refresh_token.expose());
        Ok(AccessToken { access_token: secret(&self.0.pipeline.sender, &call, ACCESS_TOKEN).await? })
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
        let service = self.service(service);
        let call = operation::access_from_login(service, scopes, username, password.expose())?;
        Ok(AccessToken { access_token: secret(&self.0.pipeline.sender, &call, ACCESS_TOKEN).await? })
    }
}
