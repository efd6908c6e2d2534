//! Who may do what: scopes and challenges, tokens, identities, and the check that every call passes. Returns data; how
//! a challenge or a token becomes a response is the business of `response` and `operation`.

mod authority;
mod challenge;
mod credentials;
mod entra;
mod entra_account;
mod entra_keys;
mod entra_settings;
mod entra_signer;
mod gate;
mod identity;
mod jws;
mod jwt;
mod key_id;
mod scope;
mod secret;
mod several_scopes;
mod token;

pub(crate) use authority::Authority;
pub(crate) use challenge::{Challenge, ScopeOrder, Site};
pub(crate) use entra::EntraPolicy;
pub use entra::unsigned_entra_token;
pub(crate) use entra_account::{EntraAccount, EntraRoles};
pub use entra_keys::{EntraKeys, EntraKeysError};
pub use entra_settings::EntraSettings;
pub(crate) use entra_signer::EntraSigner;
pub(crate) use gate::Gate;
pub use identity::{Account, ScopeMap, ScopedToken};
pub(crate) use jws::ManifestSigner;
pub(crate) use jwt::Signer;
pub(crate) use scope::Access;
pub use secret::Secret;
pub use several_scopes::SeveralScopes;
pub(crate) use token::{TokenRefusal, exchange, token_by_get, token_by_post};
