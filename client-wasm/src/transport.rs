//! The seam to the network: one method, from a request to a response. The browser's side is `transport/fetch.rs`; tests bring their own.

#[cfg(target_arch = "wasm32")]
mod environment;
#[cfg(target_arch = "wasm32")]
mod fetch;
mod headers;
#[cfg(target_arch = "wasm32")]
mod token_function;

use std::any::Any;

use bytes::Bytes;
use futures_util::future::LocalBoxFuture;
use http::{Method, StatusCode};

#[cfg(target_arch = "wasm32")]
pub use environment::BrowserEnvironment;
#[cfg(target_arch = "wasm32")]
pub(crate) use environment::page_host;
#[cfg(target_arch = "wasm32")]
pub use fetch::{FetchBody, FetchTransport};
pub use headers::Headers;
#[cfg(target_arch = "wasm32")]
pub use token_function::TokenFunction;

/// Sends requests. The future is local: it need not be `Send`. Dropping it, or the response's body, ends the exchange.
pub trait Transport: Send + Sync {
    /// Sends one request and resolves when the head of the answer is there. An answer with any status is a success here.
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>>;
}

/// A request as it goes out.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The endpoint and everything behind it: an absolute URL, or an absolute path on the page's own origin.
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

/// The body of an answer: bytes that are there already, or a stream.
pub struct Body(Inner);

enum Inner {
    Full(Bytes),
    Stream(Box<dyn ResponseBody>),
}

/// A body that comes in pieces. Dropping it ends the exchange.
pub trait ResponseBody {
    /// The next bytes, `None` at the end.
    fn next_chunk(&mut self) -> LocalBoxFuture<'_, Result<Option<Bytes>, TransportError>>;

    /// All the remaining bytes at once, for bodies that have a quicker way than piece by piece.
    fn collect(self: Box<Self>) -> LocalBoxFuture<'static, Result<Bytes, TransportError>>;

    /// The body as what it is, for callers that know their transport.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl Body {
    /// A body that is there already.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self(Inner::Full(bytes.into()))
    }

    /// A body that comes in pieces.
    #[must_use]
    pub fn from_stream(stream: Box<dyn ResponseBody>) -> Self {
        Self(Inner::Stream(stream))
    }

    /// The next bytes, `None` at the end.
    ///
    /// # Errors
    /// Fails where the connection breaks.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        match &mut self.0 {
            Inner::Full(bytes) if bytes.is_empty() => Ok(None),
            Inner::Full(bytes) => Ok(Some(std::mem::take(bytes))),
            Inner::Stream(stream) => stream.next_chunk().await,
        }
    }

    /// All the remaining bytes.
    ///
    /// # Errors
    /// Fails where the connection breaks.
    pub async fn collect(self) -> Result<Bytes, TransportError> {
        match self.0 {
            Inner::Full(bytes) => Ok(bytes),
            Inner::Stream(stream) => stream.collect().await,
        }
    }

    /// The remaining bytes up to a limit; what comes behind it is not read. The flag says whether that was all.
    pub(crate) async fn collect_up_to(mut self, limit: usize) -> Result<(Bytes, bool), TransportError> {
        let mut read = Vec::new();
        while let Some(chunk) = self.next_chunk().await? {
            if chunk.len() > limit.saturating_sub(read.len()) {
                let room = limit.saturating_sub(read.len());
                read.extend_from_slice(chunk.get(..room).unwrap_or_default());
                return Ok((read.into(), false));
            }
            read.extend_from_slice(&chunk);
        }
        Ok((read.into(), true))
    }

    /// The body as the transport made it, where that is a `T`.
    ///
    /// # Errors
    /// Gives the bytes back where the body never was a stream, and nothing where it is one of another transport.
    pub fn downcast<T: ResponseBody + 'static>(self) -> Result<Box<T>, Option<Bytes>> {
        match self.0 {
            Inner::Full(bytes) => Err(Some(bytes)),
            Inner::Stream(stream) => stream.into_any().downcast().map_err(|_| None),
        }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body")
    }
}

/// Why no answer came, or why it broke off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    message: String,
    unsendable: bool,
}

impl TransportError {
    /// An error with the reason as the browser, or whoever carries requests, gives it.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), unsendable: false }
    }

    /// An error of a request that no transport could carry, and that was not sent: trying again is of no use.
    #[must_use]
    pub fn unsendable(message: impl Into<String>) -> Self {
        Self { message: message.into(), unsendable: true }
    }

    /// Whether the request itself is at fault, and was not sent.
    #[must_use]
    pub fn is_unsendable(&self) -> bool {
        self.unsendable
    }
}
