//! Sending calls: the interface to the network, retries, limits, and signing in with a credential.

mod credential;
mod credential_options;
mod endpoint;
mod environment;
mod governor;
mod retry;
mod sender;
mod shared;
mod sign_in;
mod signed_call;
mod token;
mod token_slot;
mod transport;

pub use credential::{Credential, EntraTokenSource};
pub use credential_options::{CredentialError, CredentialOptions};
pub(crate) use endpoint::Endpoint;
pub use environment::Environment;
pub use governor::{Governor, RateLimit};
pub use retry::RetryPolicy;
pub(crate) use sender::Sender;
pub(crate) use sign_in::Tokens;
pub(crate) use signed_call::{Pipeline, Proof};
pub use token::SessionInfo;
pub use transport::Transport;
