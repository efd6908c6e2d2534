//! Signing in with Microsoft: the library's module, what it answers, and why it refuses. What a tab keeps of it over a redirect and a
//! reload is `return_note`; no part of that is a credential.

mod cause;
mod error_code;
pub(crate) mod library;
pub(crate) mod refusal;
pub(crate) mod return_note;
pub(crate) mod signed_in;
