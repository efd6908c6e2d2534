//! The operations, one file for each resource. Each checks the method and the caller, asks or changes the state, and
//! builds the answer; `response::finish` adds the headers that answers have in common.

mod attributes;
mod blobs;
mod call;
mod dispatch;
mod download;
mod manifests;
mod referrers;
mod repositories;
mod tags;
mod tokens;
mod uploads;

pub(crate) use call::Call;
pub(crate) use dispatch::answer;
pub(crate) use download::{Validator, read_blob};
