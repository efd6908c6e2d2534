//! The command line as its users run it: against a registry that listens, and on snapshot files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod live;
mod offline;
mod program;
mod sources;
