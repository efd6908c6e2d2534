//! What is decided about a connection and a request before anything is done for it: TLS, framing, shape, path, caller, room; and the
//! header fields that limit what a browser may do with the answer.

pub(crate) mod admission;
pub(crate) mod caller;
pub(crate) mod framing;
pub(crate) mod linger;
pub mod open_files;
pub(crate) mod opening;
pub(crate) mod pace;
pub(crate) mod room;
pub(crate) mod security;
pub(crate) mod shape;
pub mod target;
pub(crate) mod tls;
