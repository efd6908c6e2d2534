//! A response.

use http::StatusCode;

use super::body::Body;
use super::headers::Headers;

/// The head of an answer, and its body still to come.
#[derive(Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// Header fields; across origins a browser shows only some.
    pub headers: Headers,
    /// The body.
    pub body: Body,
}
