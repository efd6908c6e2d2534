//! What a client over HTTP/2 may leave undone. An answer that is not read: a closed window writes nothing to the socket, so no limit on writing
//! sees it. Here each answer has a clock that starts anew whenever the client takes a part of it; one that stands still is given up. And a
//! connection without any request, however well it answers pings.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::Instant;

/// Bytes a client is handed at once, so that slow reading is seen as such.
const PART: usize = 16 << 10;

/// Answers of a connection that may be given up before it is ended. Each keeps up to a part in memory until then.
const MOST_GIVEN_UP: usize = 8;

/// How long clients may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// To read on.
    pub(crate) answer: Duration,
    /// To ask again, while nothing that was asked is unanswered.
    pub(crate) request: Duration,
}

/// The connections over HTTP/2 and their answers.
#[derive(Clone, Default)]
pub(crate) struct Pace(Arc<Watched>);

#[derive(Default)]
struct Watched {
    /// The answers that have not ended.
    answers: Mutex<HashMap<usize, Weak<Mutex<Answer>>>>,
    connections: Mutex<Vec<Weak<Connection>>>,
}

/// The requests of one connection.
#[derive(Clone, Default)]
pub(crate) struct ConnectionPace(Arc<Connection>);

#[derive(Default)]
struct Connection {
    state: Mutex<State>,
    ended: Notify,
}

#[derive(Default)]
struct State {
    watched: bool,
    /// Requests whose answers have not ended.
    open: usize,
    given_up: usize,
    /// Since when there are none.
    idle_since: Option<Instant>,
}

/// A request, until its answer has ended.
pub(crate) struct OpenRequest {
    connection: ConnectionPace,
    given_up: bool,
}

struct Answer {
    /// None once it was given up.
    body: Option<Body>,
    /// What the client has been offered and not taken in full.
    rest: Bytes,
    /// Since when the client is waited for; none while the registry is.
    waiting: Option<Instant>,
    request: OpenRequest,
}

impl Pace {
    /// Notes that a request has begun.
    pub(crate) fn begin(&self, connection: &ConnectionPace) -> OpenRequest {
        let mut state = lock(&connection.0.state);
        state.open += 1;
        state.idle_since = None;
        let is_new = !std::mem::replace(&mut state.watched, true);
        drop(state);
        if is_new {
            lock(&self.0.connections).push(Arc::downgrade(&connection.0));
        }
        OpenRequest { connection: connection.clone(), given_up: false }
    }

    /// Puts a clock on the answer to a request.
    pub(crate) fn watch(&self, body: Body, request: OpenRequest) -> Body {
        if body.is_end_stream() {
            return body;
        }
        let answer = Answer { body: Some(body), rest: Bytes::new(), waiting: Some(Instant::now()), request };
        let answer = Arc::new(Mutex::new(answer));
        lock(&self.0.answers).insert(key(&answer), Arc::downgrade(&answer));
        Body::new(Paced { answer, pace: self.clone() })
    }

    /// Gives up every answer that a client does not read on, and ends the connections without a request, for as long as it is polled.
    /// What clients may take is asked for again and again, since it may change.
    pub(crate) async fn enforce(self, patience: impl Fn() -> Patience) {
        loop {
            let Patience { answer, request } = patience();
            // Not longer than a second, so that a change of what clients may take holds soon.
            let pause = (answer.min(request) / 4).clamp(Duration::from_millis(5), Duration::from_secs(1));
            tokio::time::sleep(pause).await;
            let now = Instant::now();
            let open: Vec<_> = lock(&self.0.answers).values().filter_map(Weak::upgrade).collect();
            open.iter().for_each(|one| Self::give_up_if_stalled(one, now, answer));
            lock(&self.0.connections).retain(|connection| match connection.upgrade() {
                Some(connection) => {
                    connection.end_if_idle(now, request);
                    true
                }
                None => false,
            });
        }
    }

    /// Gives an answer up when its client has not read on for `idle`.
    fn give_up_if_stalled(answer: &Mutex<Answer>, now: Instant, idle: Duration) {
        let mut answer = lock(answer);
        if answer.waiting.is_none_or(|since| now.saturating_duration_since(since) < idle) {
            return;
        }
        answer.waiting = None;
        answer.request.give_up();
        let body = answer.body.take();
        drop(answer);
        // What the body holds is let go outside of the lock.
        drop(body);
    }
}

fn key(answer: &Arc<Mutex<Answer>>) -> usize {
    Arc::as_ptr(answer).addr()
}

/// Why a connection is to be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing was asked on it for too long.
    Idle,
    /// Too many of its answers were given up, or nothing is left on it but such.
    Unread,
}

impl ConnectionPace {
    /// Resolves once the connection is to be ended.
    pub(crate) async fn ended(&self) -> End {
        loop {
            self.0.ended.notified().await;
            let state = lock(&self.0.state);
            if state.is_unread() {
                return End::Unread;
            }
            // Else a request came after the clock had run out.
            if state.open == 0 {
                return End::Idle;
            }
        }
    }
}

impl State {
    fn is_unread(&self) -> bool {
        self.given_up > 0 && self.given_up >= self.open.min(MOST_GIVEN_UP)
    }
}

impl Connection {
    fn end_if_idle(&self, now: Instant, longest: Duration) {
        let since = lock(&self.state).idle_since;
        if since.is_some_and(|since| now.saturating_duration_since(since) >= longest) {
            self.ended.notify_one();
        }
    }
}

impl OpenRequest {
    fn give_up(&mut self) {
        self.given_up = true;
        let mut state = lock(&self.connection.0.state);
        state.given_up += 1;
        if state.is_unread() {
            self.connection.0.ended.notify_one();
        }
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let mut state = lock(&self.connection.0.state);
        state.open = state.open.saturating_sub(1);
        state.given_up = state.given_up.saturating_sub(usize::from(self.given_up));
        if state.open == 0 {
            state.idle_since = Some(Instant::now());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing in between leaves it half-changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An answer with a clock.
struct Paced {
    answer: Arc<Mutex<Answer>>,
    pace: Pace,
}

/// An answer that was given up since its client did not read it.
#[derive(Debug, thiserror::Error)]
#[error("the client stopped reading")]
struct GivenUp;

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut answer = lock(&self.answer);
        let answer = &mut *answer;
        let Some(body) = &mut answer.body else {
            return Poll::Ready(Some(Err(axum::Error::new(GivenUp))));
        };
        if answer.rest.is_empty() {
            answer.waiting = None;
            let frame = ready!(Pin::new(&mut *body).poll_frame(cx));
            answer.waiting = Some(Instant::now());
            match frame.map(|frame| frame.map(Frame::into_data)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(Ok(data))) => answer.rest = data,
                // Trailers are not passed on.
                Some(Ok(Err(_))) => return Poll::Ready(None),
            }
        }
        answer.waiting = Some(Instant::now());
        let mut size = answer.rest.len().min(PART);
        // The HTTP library asks for a part when the window has room for a byte, and lets go of the body once it was handed the last one. A last
        // part of one byte is asked for when all that precedes it was taken.
        if size == answer.rest.len() && size > 1 && may_be_last(body) {
            size -= 1;
        }
        Poll::Ready(Some(Ok(Frame::data(answer.rest.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        let answer = lock(&self.answer);
        answer.rest.is_empty() && answer.body.as_ref().is_some_and(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let answer = lock(&self.answer);
        let rest = answer.rest.len() as u64;
        let inner = answer.body.as_ref().map_or_else(SizeHint::default, HttpBody::size_hint);
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        lock(&self.pace.0.answers).remove(&key(&self.answer));
    }
}

/// Whether nothing may follow what a body has given.
fn may_be_last(body: &Body) -> bool {
    body.is_end_stream() || body.size_hint().exact().is_none_or(|left| left == 0)
}
