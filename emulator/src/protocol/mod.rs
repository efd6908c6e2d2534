//! The words of the protocol, as pure data: names, times, queries, ranges, pages, routes and errors.

pub(crate) mod error;
pub(crate) mod name;
pub(crate) mod page;
pub(crate) mod query;
pub(crate) mod range;
pub(crate) mod route;
pub(crate) mod time;
