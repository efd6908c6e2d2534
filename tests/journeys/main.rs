//! Journeys through the dashboard, each in a browser of its own against services of its own. `cargo xtask test e2e` builds and
//! names what they start.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod accessibility;
mod artifacts;
mod attributes;
mod browsing;
mod cleanup;
mod compare;
mod deletion;
mod faults;
mod files;
mod gone;
mod hostile;
mod impact;
mod keyboard;
mod loading;
mod locks;
mod microsoft;
mod modes;
mod names;
mod outages;
mod promises;
mod references;
mod requests;
mod secrets;
mod sign_in;
mod skopeo;
mod snapshots;
mod storage;
