//! Native tests of the client: no sockets, no time. Each file tests one part of what the client promises.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod auth;
mod blobs;
mod faults;
mod lists;
mod manifests;
mod operations;
mod properties;
mod readme;
mod recordings;
mod registry;
mod replay;
mod resilience;
mod script;
mod shared_tokens;
mod uploads;
mod world;
