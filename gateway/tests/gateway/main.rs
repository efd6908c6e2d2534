//! The gateway over real sockets, against the emulator and against upstreams that follow a script.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that cannot go on has failed"
)]
#![allow(missing_docs, unreachable_pub, reason = "tests have no callers")]

mod answers;
mod audit;
mod azure;
mod binary;
mod browser;
mod check;
mod command_line;
mod connections;
mod deploy;
mod embed;
mod emulator;
mod entra;
#[cfg(unix)]
mod entra_setup;
mod faults;
mod fields;
mod forwarding;
mod identity;
mod kubernetes;
mod limits;
mod properties;
mod reload;
mod sign_in;
mod smuggling;
mod ssrf;
mod support;
mod tls;
