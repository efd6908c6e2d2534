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

pub(crate) use exchange::{Tokens, secret};
