//! A request body that was refused unread is still read for a while, so that a client that is sending it receives the refusal: closing
//! a socket with unread bytes makes the other side discard what it has not read yet.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use hyper::body::Incoming;

/// How long the rest of a refused body is read.
const TIME: Duration = Duration::from_secs(10);
/// How many bytes of it are read.
const BYTES: u64 = 64 << 20;

/// A body whose rest is read when it is dropped.
pub(crate) struct Lingering {
    inner: Option<Incoming>,
    ended: bool,
}

impl Lingering {
    pub(crate) fn new(inner: Incoming) -> Self {
        Self { inner: Some(inner), ended: false }
    }
}

impl HttpBody for Lingering {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(inner) = &mut self.inner else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(inner).poll_frame(cx));
        self.ended = !matches!(frame, Some(Ok(_)));
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(SizeHint::default, HttpBody::size_hint)
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take().filter(|inner| !self.ended && !inner.is_end_stream()) else {
            return;
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(tokio::time::timeout(TIME, async move {
            let mut left = BYTES;
            while let Some(Ok(frame)) = inner.frame().await {
                let length = frame.data_ref().map_or(0, Bytes::len) as u64;
                match left.checked_sub(length) {
                    Some(rest) => left = rest,
                    None => return,
                }
            }
        }));
    }
}
