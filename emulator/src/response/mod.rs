//! Responses: their bodies, the refusals, the headers common to each plane, and what a fault makes of them.

mod build;
mod common;
pub(crate) mod fault;
mod refusal;

pub use build::Response;
pub(crate) use build::{
    CONTENT_DIGEST, UPLOAD_UUID, bytes, chunked_json, empty, json, set, with_body, with_link,
};
pub(crate) use common::{Circumstances, TagRemoved, finish, without_closing_newline};
pub(crate) use refusal::Refusal;
