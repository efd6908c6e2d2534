//! The answers of the token service. What is inside them never prints.

use serde::Deserialize;

use crate::name::Secret;

/// A refresh token (`RefreshToken`; RefreshTokens_GetFromExchange): good for some hours, buys access tokens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RefreshToken {
    /// The token itself.
    pub refresh_token: Secret,
}

/// An access token (`AccessToken`; AccessTokens_Get and AccessTokens_GetFromLogin): good for about an hour and some scopes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccessToken {
    /// The token itself.
    pub access_token: Secret,
}
