//! HTTP as plain data: requests, responses with their bodies, header fields, and why no response came. Nothing here sends anything.

mod body;
pub(crate) mod date;
pub(crate) mod field;
mod headers;
mod json;
mod link;
mod request;
mod response;
mod transport_error;
pub(crate) mod url;

pub use body::{Body, ResponseBody};
pub use headers::Headers;
pub(crate) use json::{Json, Members};
pub(crate) use link::next_link;
pub use request::Request;
pub use response::Response;
pub use transport_error::TransportError;
