//! The registry itself: its state, the checks that a change must pass, and the views that answers show. No HTTP, no
//! I/O, no clock: times come in with the records.

mod apply;
pub(crate) mod attributes;
pub(crate) mod blob;
mod change;
pub(crate) mod content;
mod document;
mod go_json;
mod links;
pub(crate) mod media_type;
pub(crate) mod memory;
pub(crate) mod pull;
mod push;
pub(crate) mod record;
pub(crate) mod repository;
pub(crate) mod schema_1;
mod snapshot;
mod state;
pub(crate) mod view;

pub(crate) use state::Registry;
