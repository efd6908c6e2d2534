//! Bodies on their way through: passed on frame by frame, never gathered, with a bound on size and on how slowly they arrive.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt as _;
use tokio::time::{Instant, Sleep};

/// Bytes that a sender has `idle` for. Less in that time counts as silence: single bytes now and then would otherwise hold a request and
/// its connections forever.
const PART: u64 = 16 << 10;

/// Why a body ended before its sender ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyFault {
    /// More bytes than the limit.
    #[error("the body passed its limit of {0} bytes")]
    TooLarge(u64),
    /// No bytes, or too few of them, for too long.
    #[error("the body stalled")]
    Stalled,
    /// The sender broke off.
    #[error("the sender of the body broke off")]
    BrokenOff,
}

impl BodyFault {
    /// The fault among an error's causes.
    pub(crate) fn among(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(fault) = error.downcast_ref::<Self>() {
                return Some(*fault);
            }
            cause = error.source();
        }
        None
    }
}

/// How much of a body has passed: shared between the body and the code that waits for the answer.
#[derive(Clone, Default)]
pub(crate) struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Bytes so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes())
    }
}

/// A body with a bound on its size and on the time that each [`PART`] of it takes.
pub(crate) struct Guarded<B> {
    inner: B,
    left: u64,
    limit: u64,
    idle: Duration,
    /// What is left of the time for the current part while the sender is not waited for.
    patience: Duration,
    /// Bytes of the current part.
    part: u64,
    /// Runs while the sender is waited for.
    timer: Option<Pin<Box<Sleep>>>,
    progress: Progress,
}

impl<B> Guarded<B> {
    /// Guards a body. The clock runs only while the sender is waited for, not while the receiver is slow.
    pub(crate) fn new(inner: B, limit: u64, idle: Duration, progress: Progress) -> Self {
        Self { inner, left: limit, limit, idle, patience: idle, part: 0, timer: None, progress }
    }

    /// Notes that so many bytes have arrived: the clock stops, and starts anew with the next part.
    fn arrived(&mut self, bytes: u64) {
        if let Some(timer) = self.timer.take() {
            self.patience = timer.deadline().saturating_duration_since(Instant::now());
        }
        self.part = self.part.saturating_add(bytes);
        if self.part >= PART {
            (self.part, self.patience) = (0, self.idle);
        }
    }

    fn waiting(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        let patience = self.patience;
        let timer =
            self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + patience)));
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Some(Err(BodyFault::Stalled)))
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Guarded<B> {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        let this = &mut *self;
        let frame = match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Pending => return this.waiting(cx),
            Poll::Ready(frame) => frame,
        };
        let Some(frame) = frame else { return Poll::Ready(None) };
        let Ok(frame) = frame else { return Poll::Ready(Some(Err(BodyFault::BrokenOff))) };
        // Trailers carry nothing the registry API defines and are a known way past header policy.
        let Ok(data) = frame.into_data() else { return Poll::Ready(None) };
        let length = data.len() as u64;
        this.arrived(length);
        let Some(left) = this.left.checked_sub(length) else {
            return Poll::Ready(Some(Err(BodyFault::TooLarge(this.limit))));
        };
        this.left = left;
        this.progress.0.fetch_add(length, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A body whose first frame has arrived.
pub(super) struct Begun<B> {
    first: Option<Frame<Bytes>>,
    rest: B,
}

impl<B: HttpBody<Data = Bytes, Error = BodyFault> + Unpin> Begun<B> {
    /// Waits for the first frame.
    ///
    /// # Errors
    /// A body that breaks before it.
    pub(super) async fn new(mut rest: B) -> Result<Self, BodyFault> {
        let first = rest.frame().await.transpose()?;
        Ok(Self { first, rest })
    }
}

impl<B: HttpBody<Data = Bytes, Error = BodyFault> + Unpin> HttpBody for Begun<B> {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        match self.first.take() {
            Some(frame) => Poll::Ready(Some(Ok(frame))),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let first = self.first.as_ref().and_then(Frame::data_ref).map_or(0, Bytes::len) as u64;
        let rest = self.rest.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower() + first);
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + first);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use futures_util::stream;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn a_body_within_its_limit_passes_and_is_counted() {
        let progress = Progress::default();
        let body = Guarded::new(Body::from("hello"), 5, SECOND, progress.clone());
        assert_eq!(body.collect().await.unwrap().to_bytes(), "hello");
        assert_eq!(progress.bytes(), 5);
    }

    #[tokio::test]
    async fn a_body_past_its_limit_ends_in_an_error() {
        let body = Guarded::new(Body::from("hello!"), 5, SECOND, Progress::default());
        assert_eq!(body.collect().await.unwrap_err(), BodyFault::TooLarge(5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_falls_silent_ends_in_an_error() {
        let body = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let body = Guarded::new(body, 5, SECOND, Progress::default());
        assert_eq!(body.collect().await.unwrap_err(), BodyFault::Stalled);
    }

    /// A body of pieces of `size` bytes, one every `pause`.
    fn pieces(size: usize, pause: Duration, count: usize) -> Body {
        let pieces = stream::unfold(0, move |sent| async move {
            tokio::time::sleep(pause).await;
            (sent < count).then(|| (Ok::<_, std::io::Error>(Bytes::from(vec![0; size])), sent + 1))
        });
        Body::from_stream(pieces)
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_comes_byte_by_byte_ends_in_an_error() {
        let body = Guarded::new(pieces(1, SECOND / 2, 100), u64::MAX, SECOND, Progress::default());
        assert_eq!(body.collect().await.unwrap_err(), BodyFault::Stalled);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_passes_while_each_part_comes_in_time() {
        let body = Guarded::new(pieces(8 << 10, SECOND / 3, 100), u64::MAX, SECOND, Progress::default());
        assert_eq!(body.collect().await.unwrap().to_bytes().len(), 800 << 10);
    }

    #[tokio::test(start_paused = true)]
    async fn time_in_which_the_receiver_is_slow_does_not_count() {
        let mut body = Guarded::new(pieces(1, SECOND / 10, 5), u64::MAX, SECOND, Progress::default());
        for _ in 0..5 {
            assert!(body.frame().await.unwrap().is_ok());
            tokio::time::advance(2 * SECOND).await;
        }
        assert!(body.frame().await.is_none());
    }
}
