//! A request.

use bytes::Bytes;
use http::Method;

use super::headers::Headers;

/// A request as it goes out.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The endpoint and everything after it: an absolute URL, or an absolute path on the page's own origin.
    pub url: String,
    /// Header fields, the credential among them.
    pub headers: Headers,
    /// The body; empty for none.
    pub body: Bytes,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let url = self.url.split('?').next().unwrap_or_default();
        f.debug_struct("Request").field("method", &self.method).field("url", &url).finish_non_exhaustive()
    }
}
