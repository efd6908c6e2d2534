//! The public interface of the crate, native.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod difference;
mod export;
mod graph;
mod hostile;
mod in_use;
mod lock;
mod plan;
mod properties;
mod purge;
mod reading;
mod run;
mod sample;
mod scan;
mod snapshot;
mod stepwise;
