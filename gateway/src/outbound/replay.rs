//! A request body that can be sent again as long as little of it was sent: what an idle connection that just closed needs.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

/// Bytes that are kept to be sent again. A body that has passed more is sent once.
const KEPT_BYTES: usize = 64 << 10;

/// A body that keeps the beginning that was sent.
#[derive(Clone)]
pub(super) struct Replay(Arc<Mutex<State>>);

struct State {
    body: Body,
    /// What was sent, in one piece: parts of it would cost more than they hold, and hold what they are parts of.
    sent: Vec<u8>,
    /// Whether everything that was sent is kept.
    whole: bool,
}

impl Replay {
    pub(super) fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(State { body, sent: Vec::new(), whole: true })))
    }

    /// The body to send, from its beginning: what was sent before, and the rest. None when too much was sent, or when it was sent twice.
    pub(super) fn body(&self) -> Option<Body> {
        let mut state = self.lock();
        if !state.whole {
            return None;
        }
        let again = Bytes::from(std::mem::take(&mut state.sent));
        if again.is_empty() && state.body.is_end_stream() {
            return Some(std::mem::take(&mut state.body));
        }
        state.whole = again.is_empty();
        drop(state);
        Some(Body::new(Sending { again, state: self.clone() }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while it is held would have left a body that is only dropped.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The body on its way: first what was sent before, then the rest.
struct Sending {
    again: Bytes,
    state: Replay,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if !self.again.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.again)))));
        }
        let mut state = self.state.lock();
        let frame = ready!(Pin::new(&mut state.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
            && state.whole
        {
            if state.sent.len() + data.len() > KEPT_BYTES {
                (state.whole, state.sent) = (false, Vec::new());
            } else {
                state.sent.extend_from_slice(data);
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.again.is_empty() && self.state.lock().body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let again = self.again.len() as u64;
        let rest = self.state.lock().body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower() + again);
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + again);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http_body_util::BodyExt as _;

    use super::*;

    /// A body of so many pieces of a byte.
    fn pieces(count: usize) -> Body {
        let pieces = (0..count).map(|_| Ok::<_, std::io::Error>(Bytes::from_static(b"x")));
        Body::from_stream(stream::iter(pieces))
    }

    #[tokio::test]
    async fn a_body_of_many_pieces_is_kept_in_no_more_than_its_bytes() {
        let replay = Replay::new(pieces(KEPT_BYTES));
        replay.body().unwrap().collect().await.unwrap();
        assert!(replay.lock().sent.capacity() <= 2 * KEPT_BYTES);
        let again = replay.body().unwrap().collect().await.unwrap().to_bytes();
        assert_eq!(again.len(), KEPT_BYTES);
        assert!(replay.body().is_none(), "a third time");
    }

    #[tokio::test]
    async fn a_body_that_is_too_long_to_be_kept_is_not() {
        let replay = Replay::new(pieces(KEPT_BYTES + 1));
        replay.body().unwrap().collect().await.unwrap();
        assert_eq!(replay.lock().sent.capacity(), 0);
        assert!(replay.body().is_none());
    }
}
