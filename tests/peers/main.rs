//! Software that others wrote for the real service, unmodified, against the emulator: Microsoft's client for Node over TLS with
//! credentials, and skopeo; Helm, nginx and Caddy with what is in deploy/; and the commands of the guide. `cargo xtask test peers` builds and
//! installs what they need.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod azure;
mod exported;
mod exported_unmodified;
mod guide;
mod helm;
mod skopeo;
