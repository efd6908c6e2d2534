//! The packed npm package, installed from its tarball into what its users build with. `cargo xtask test npm` packs it and installs
//! the consumers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
