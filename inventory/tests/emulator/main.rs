//! The inventory against the emulator in process: a registry is read by a scan, a plan frees the bytes that the registry then stores
//! less, and a run deletes what was planned and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod faults;
mod freed;
/// How `acr-inventory` reads a registry.
#[path = "../../src/bin/acr-inventory/pace.rs"]
mod pace;
#[path = "../../src/bin/acr-inventory/progress.rs"]
mod progress;
#[path = "../../src/bin/acr-inventory/read.rs"]
mod read;
mod reading;
mod registry;
mod runner;
mod sample;
mod transport;
