//! Answers over HTTP/2 that a client does not read: a closed window writes nothing to the socket, so no limit on writing sees it. Here each
//! answer has a clock that starts anew whenever the client takes a part of it; one that stands still is given up.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// The answers of every HTTP/2 connection that have not ended.
#[derive(Clone, Default)]
pub(crate) struct Answers(Arc<Mutex<HashMap<usize, Weak<Mutex<Answer>>>>>);

/// The answers of one connection.
#[derive(Clone, Default)]
pub(crate) struct ConnectionAnswers(Arc<Connection>);

#[derive(Default)]
struct Connection {
    open: AtomicUsize,
    given_up: AtomicUsize,
    stuck: Notify,
}

struct Answer {
    /// None once it was given up.
    body: Option<Body>,
    /// What the client has been offered and not taken in full.
    rest: Bytes,
    /// Since when the client is waited for; none while the registry is.
    waiting: Option<Instant>,
    connection: ConnectionAnswers,
}

impl Answers {
    /// Puts a clock on an answer.
    pub(crate) fn watch(&self, body: Body, connection: &ConnectionAnswers) -> Body {
        if body.is_end_stream() {
            return body;
        }
        connection.0.open.fetch_add(1, Ordering::Relaxed);
        let answer = Answer {
            body: Some(body),
            rest: Bytes::new(),
            waiting: Some(Instant::now()),
            connection: connection.clone(),
        };
        let answer = Arc::new(Mutex::new(answer));
        lock(&self.0).insert(key(&answer), Arc::downgrade(&answer));
        Body::new(Paced { answer, answers: self.clone() })
    }

    /// Gives up, again and again, every answer that a client has not read on for `idle`.
    pub(crate) async fn give_up_stalled(self, idle: Duration) {
        let mut ticks = tokio::time::interval((idle / 4).max(Duration::from_millis(5)));
        loop {
            let now = ticks.tick().await;
            let open: Vec<_> = lock(&self.0).values().filter_map(Weak::upgrade).collect();
            open.iter().for_each(|answer| Self::give_up_if_stalled(answer, now, idle));
        }
    }

    /// Gives an answer up when its client has not read on for `idle`.
    fn give_up_if_stalled(answer: &Mutex<Answer>, now: Instant, idle: Duration) {
        let mut answer = lock(answer);
        if answer.waiting.is_none_or(|since| now.saturating_duration_since(since) < idle) {
            return;
        }
        answer.waiting = None;
        let (body, connection) = (answer.body.take(), answer.connection.clone());
        drop(answer);
        // What the body holds is let go outside of the lock.
        drop(body);
        connection.one_given_up();
    }
}

fn key(answer: &Arc<Mutex<Answer>>) -> usize {
    Arc::as_ptr(answer).addr()
}

impl ConnectionAnswers {
    /// Resolves once nothing is left on the connection but answers that were given up.
    pub(crate) async fn stuck(&self) {
        self.0.stuck.notified().await;
    }

    fn one_given_up(&self) {
        let given_up = self.0.given_up.fetch_add(1, Ordering::Relaxed) + 1;
        if given_up >= self.0.open.load(Ordering::Relaxed) {
            self.0.stuck.notify_one();
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
    answers: Answers,
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
            let frame = ready!(Pin::new(body).poll_frame(cx));
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
        let part = answer.rest.split_to(answer.rest.len().min(PART));
        Poll::Ready(Some(Ok(Frame::data(part))))
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
        lock(&self.answers.0).remove(&key(&self.answer));
        let answer = lock(&self.answer);
        let connection = answer.connection.clone();
        if answer.body.is_none() {
            connection.0.given_up.fetch_sub(1, Ordering::Relaxed);
        }
        connection.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}
