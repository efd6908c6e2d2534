//! Signing in: what a call needs (scope), what the registry asks for (challenge), what buys it (credential), and the tokens bought.

mod cache;
mod challenge;
mod credential;
mod exchange;
mod scope;
mod secret;
mod token;

pub use challenge::Challenge;
pub use credential::{Credential, EntraTokenSource};
pub use scope::{Access, Scope};
pub use secret::Secret;
pub use token::SessionInfo;

#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub(crate) use exchange::secret_of;
pub(crate) use exchange::{ACCESS_TOKEN, REFRESH_TOKEN, Tokens, secret};
