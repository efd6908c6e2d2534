//! The emulator's Microsoft Entra authority: OpenID configuration, keys, authorize with a page to choose an account, token, and
//! logout, for one tenant and one application. It follows the Microsoft identity platform ("OAuth 2.0 authorization code flow",
//! "OpenID Connect"), with the error codes of its reference.

mod answer;
mod authority;
mod authorize;
mod document;
mod error;
mod page;
mod request;
mod scopes;
mod token;

pub(crate) use answer::{Circumstances as EntraCircumstances, public};
pub(crate) use authority::EntraAuthority;
