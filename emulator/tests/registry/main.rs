//! The emulator from outside: in process where no socket matters, over one where it does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]
#![allow(unreachable_pub, reason = "modules of one test program")]

mod auth;
mod client;
mod conformance;
mod entra;
mod faults;
mod image;
mod locks;
mod manifests;
mod paging;
mod properties;
mod redirects;
mod replay;
mod seeds;
mod storage;
mod uploads;
