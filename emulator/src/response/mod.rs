//! Responses: their bodies, the refusals, the headers of each plane, and what a fault makes of them.

mod build;
pub(crate) mod fault;
mod headers;
mod refusal;

pub use build::Response;
pub(crate) use build::{
    CONTENT_DIGEST, JSON, UPLOAD_UUID, bytes, chunked_json, empty, json, set, with_body, with_link,
    without_closing_newline,
};
pub(crate) use headers::{Circumstances, TagRemoved, finish};
pub(crate) use refusal::Refusal;
