//! The body of an answer that counts its bytes as they pass, and reports when it has ended or was given up. What is done with that is
//! not here.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::observe::metrics::BodyBytes;

/// What became of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Passed {
    /// Bytes handed on.
    pub(crate) bytes: u64,
    /// Whether it broke off, or the client left, before its end.
    pub(crate) aborted: bool,
}

/// A body that calls `F` once, when it is dropped; what `F` holds is held until then.
pub(crate) struct Reported<F: FnOnce(Passed)> {
    inner: Body,
    counter: BodyBytes,
    bytes: u64,
    ended: bool,
    report: Option<F>,
}

impl<F: FnOnce(Passed)> Reported<F> {
    pub(crate) fn new(inner: Body, counter: BodyBytes, report: F) -> Self {
        Self { inner, counter, bytes: 0, ended: false, report: Some(report) }
    }
}

impl<F: FnOnce(Passed) + Unpin> HttpBody for Reported<F> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                let size = frame.data_ref().map_or(0, Bytes::len) as u64;
                self.counter.add(size);
                self.bytes += size;
            }
            Poll::Ready(None) => self.ended = true,
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
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

impl<F: FnOnce(Passed)> Drop for Reported<F> {
    fn drop(&mut self) {
        // A body of known length is dropped at its last byte, without being asked for its end.
        let aborted = !(self.ended || self.inner.is_end_stream());
        if let Some(report) = self.report.take() {
            report(Passed { bytes: self.bytes, aborted });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use futures_util::stream;
    use http_body_util::BodyExt;

    use super::*;

    fn reported(parts: Vec<Result<&'static str, std::io::Error>>) -> (Body, Arc<Mutex<Vec<Passed>>>) {
        let seen: Arc<Mutex<Vec<Passed>>> = Arc::default();
        let report = Arc::clone(&seen);
        let body = Body::from_stream(stream::iter(parts));
        (
            Body::new(Reported::new(body, BodyBytes::default(), move |passed| {
                report.lock().unwrap().push(passed)
            })),
            seen,
        )
    }

    #[tokio::test]
    async fn a_body_that_ends_is_reported_whole() {
        let (body, seen) = reported(vec![Ok("ab"), Ok("c")]);
        body.collect().await.unwrap();
        assert_eq!(*seen.lock().unwrap(), [Passed { bytes: 3, aborted: false }]);
    }

    #[tokio::test]
    async fn a_body_that_is_given_up_or_breaks_is_reported_so() {
        let (mut body, seen) = reported(vec![Ok("ab"), Ok("c")]);
        body.frame().await.unwrap().unwrap();
        drop(body);
        assert_eq!(*seen.lock().unwrap(), [Passed { bytes: 2, aborted: true }]);
        let (body, seen) = reported(vec![Ok("ab"), Err(std::io::Error::other("gone"))]);
        body.collect().await.unwrap_err();
        assert_eq!(*seen.lock().unwrap(), [Passed { bytes: 2, aborted: true }]);
    }
}
