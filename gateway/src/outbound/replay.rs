//! A request body that can be sent again as long as little of it was sent: what an idle connection that just closed needs.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

/// Bytes that are kept to be sent again. A body that has passed more is sent once.
const KEPT_BYTES: usize = 256 << 10;

/// A body that keeps the beginning that was sent.
#[derive(Clone)]
pub(super) struct Replay(Arc<Mutex<State>>);

struct State {
    body: Body,
    sent: Vec<Bytes>,
    kept: usize,
    /// Whether everything that was sent is kept.
    whole: bool,
}

impl Replay {
    pub(super) fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(State { body, sent: Vec::new(), kept: 0, whole: true })))
    }

    /// The body to send, from its beginning: what was sent before, and the rest. None when too much was sent.
    pub(super) fn body(&self) -> Option<Body> {
        let mut state = self.lock();
        if !state.whole {
            return None;
        }
        let again = state.sent.clone();
        let hint = if again.is_empty() { Some(state.body.size_hint()) } else { None };
        if hint.is_some() && state.body.is_end_stream() {
            return Some(std::mem::take(&mut state.body));
        }
        drop(state);
        let again = again.into_iter().collect();
        Some(Body::new(Sending { again, state: self.clone() }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while it is held would have left a body that is only dropped.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The body on its way: first what was sent before, then the rest.
struct Sending {
    again: std::collections::VecDeque<Bytes>,
    state: Replay,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Some(bytes) = self.again.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        let mut state = self.state.lock();
        let frame = ready!(Pin::new(&mut state.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            state.kept += data.len();
            if state.kept > KEPT_BYTES {
                state.whole = false;
                state.sent.clear();
            } else {
                let data = data.clone();
                state.sent.push(data);
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.again.is_empty() && self.state.lock().body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let again: u64 = self.again.iter().map(|bytes| bytes.len() as u64).sum();
        let rest = self.state.lock().body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower() + again);
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + again);
        }
        hint
    }
}
