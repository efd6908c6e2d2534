//! Which part of the gateway a request is for, which operation of the registry API it is, and whether the configuration allows it. Pure.

pub mod operation;
mod path;
pub(crate) mod permission;
mod query;
pub(crate) mod read_call;

pub use path::Route;
