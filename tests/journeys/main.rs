//! Journeys through the dashboard, each in a browser of its own against services of its own. `cargo xtask test e2e` builds and
//! names what they start.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod accessibility;
mod attributes;
mod browsing;
mod deletion;
mod gone;
mod impact;
mod large;
mod modes;
mod names;
mod promises;
mod requests;
mod sign_in;
mod skopeo;
