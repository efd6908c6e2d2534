//! What a caller signs in with.

use std::fmt;
use std::sync::Arc;

use futures_util::future::LocalBoxFuture;

use crate::error::Error;
use crate::name::Secret;

/// What buys access tokens. Kept in memory only; its Debug form hides every secret.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Credential {
    /// Nothing: registries with anonymous pull, and gateways that hold an identity of their own.
    #[default]
    Anonymous,
    /// The admin user, or a repository-scoped token and its password.
    Password {
        /// The user or token name; without a colon.
        username: String,
        /// The password.
        password: Secret,
    },
    /// A refresh token of the registry, as `az acr login --expose-token` prints it.
    RefreshToken(Secret),
    /// Microsoft Entra ID.
    Entra {
        /// The tenant to name in the exchange, where the registry's own does not do.
        tenant: Option<String>,
        /// Where Entra access tokens come from.
        source: Arc<dyn EntraTokenSource>,
    },
}

/// Gives Microsoft Entra access tokens for `https://containerregistry.azure.net/.default`.
pub trait EntraTokenSource: Send + Sync {
    /// A token that is valid now; requested whenever the registry's refresh token runs out.
    fn token(&self) -> LocalBoxFuture<'_, Result<Secret, Error>>;
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anonymous => "Anonymous",
            Self::Password { .. } => "Password([redacted])",
            Self::RefreshToken(_) => "RefreshToken([redacted])",
            Self::Entra { .. } => "Entra([redacted])",
        })
    }
}
