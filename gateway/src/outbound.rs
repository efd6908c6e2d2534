//! To the registries and back: the HTTP client, what passes in each direction, redirects to storage, and the gateway's own identity.

mod body;
mod connector;
pub(crate) mod failure;
pub(crate) mod forward;
pub(crate) mod headers;
pub(crate) mod identity;
mod redirect;
mod replay;
mod resolver;
pub(crate) mod upstream;
