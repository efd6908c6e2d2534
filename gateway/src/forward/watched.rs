//! The body of an answer on its way to the client: its bytes counted, and something held until it has ended or was given up.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::metrics::Metrics;

/// A body that counts its bytes and holds `H` for as long as it lives.
pub(crate) struct Watched<H> {
    inner: Body,
    metrics: Metrics,
    _held: H,
}

impl<H> Watched<H> {
    pub(crate) fn new(inner: Body, metrics: Metrics, held: H) -> Self {
        Self { inner, metrics, _held: held }
    }
}

impl<H: Unpin> HttpBody for Watched<H> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.metrics.bytes_sent(frame.data_ref().map_or(0, Bytes::len) as u64);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
