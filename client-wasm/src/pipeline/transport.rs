//! The interface to the network: one method, from a request to a response. The browser's implementation is `browser/fetch.rs`; tests
//! bring their own.

use futures_util::future::LocalBoxFuture;

use crate::http::{Request, Response, TransportError};

/// Sends requests. The future is local: it need not be `Send`. Dropping it, or the response's body, ends the exchange.
pub trait Transport: Send + Sync {
    /// Sends one request and resolves when the head of the answer is there. An answer with any status is a success here.
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>>;
}
