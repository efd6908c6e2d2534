//! The operations of the API, one file a resource: pure functions from names and options to a [`Call`] with its scope, and from an
//! [`Answer`] to what it says. No I/O, nothing asynchronous, no tokens.

mod answer;
pub(crate) mod blobs;
mod call;
mod last_item;
mod list;
pub(crate) mod manifests;
mod query;
pub(crate) mod repositories;
pub(crate) mod support;
pub(crate) mod tags;
pub(crate) mod tokens;
pub(crate) mod uploads;

pub(crate) use answer::Answer;
pub(crate) use call::{Auth, Call, Take, to_json};
pub(crate) use last_item::LastItem;
pub(crate) use list::List;
pub use list::Order;
pub(crate) use query::push_field;
