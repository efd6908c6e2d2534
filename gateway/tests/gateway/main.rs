//! The gateway over real sockets, against the emulator and against upstreams that follow a script.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]
#![allow(missing_docs, unreachable_pub, reason = "nobody calls tests")]

mod binary;
mod browser;
mod command_line;
mod deploy;
mod embed;
mod emulator;
mod entra;
mod faults;
mod forwarding;
mod identity;
mod kubernetes;
mod limits;
mod properties;
mod smuggling;
mod ssrf;
mod support;
mod tls;
