//! One slot a token: what it holds, and the queue of those who wait while one of them fetches it anew.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use super::token::Token;
use crate::error::Error;
use crate::name::Secret;

/// Holds a token and lets one caller at a time fetch it. Callers that wait meanwhile get what the one got, a failure included. Where
/// that one goes away unfinished (its future dropped), the next in the queue takes its place.
#[derive(Default)]
pub(crate) struct Slot(Mutex<State>);

#[derive(Default)]
struct State {
    /// How many fetches have come to an end.
    finished: u64,
    last: Option<Result<Token, Error>>,
    /// Whether a token is being fetched, and which calls wait for it.
    busy: bool,
    waiting: Vec<Waker>,
}

/// The turn of the one who fetches. Once it is over, those who wait look again.
struct Turn<'a>(&'a Slot);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let waiting = {
            let mut state = self.0.state();
            state.busy = false;
            std::mem::take(&mut state.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl Slot {
    /// The token, fetched first where there is none, where it runs out, or where it is the one the registry has `refused`.
    pub(crate) async fn get(
        self: Arc<Self>,
        now: Duration,
        refused: Option<&Secret>,
        fetch: impl Future<Output = Result<Token, Error>>,
    ) -> Result<Token, Error> {
        let usable = |token: &Token| token.is_fresh(now) && refused != Some(&token.secret);
        let seen = {
            let state = self.state();
            match &state.last {
                Some(Ok(token)) if usable(token) => return Ok(token.clone()),
                _ => state.finished,
            }
        };
        let _turn = self.turn().await;
        {
            let state = self.state();
            if let (true, Some(last)) = (state.finished != seen, &state.last) {
                return last.clone();
            }
        }
        let result = fetch.await;
        let mut state = self.state();
        state.finished += 1;
        state.last = Some(result.clone());
        result
    }

    /// Waits until no other call fetches.
    async fn turn(&self) -> Turn<'_> {
        poll_fn(|context| {
            let mut state = self.state();
            if !state.busy {
                state.busy = true;
                return Poll::Ready(());
            }
            if !state.waiting.iter().any(|waiting| waiting.will_wake(context.waker())) {
                state.waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
        .await;
        Turn(self)
    }

    /// The token as it lies there, fresh or not.
    pub(crate) fn peek(&self) -> Option<Token> {
        self.state().last.as_ref()?.as_ref().ok().cloned()
    }

    /// Whether the slot can be dropped: no call waits for it, and it holds no usable token.
    pub(crate) fn is_idle(self: &Arc<Self>, now: Duration) -> bool {
        Arc::strong_count(self) == 1 && !matches!(&self.state().last, Some(Ok(token)) if token.is_fresh(now))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use std::cell::Cell;

    use futures_util::FutureExt as _;
    use futures_util::future::{join_all, pending};

    use super::*;
    use crate::error::ErrorKind;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(future)
    }

    fn token(text: &str) -> Token {
        Token::issued(Secret::new(text), Duration::ZERO)
    }

    async fn counted(count: &Cell<u32>, result: Result<Token, Error>) -> Result<Token, Error> {
        count.set(count.get() + 1);
        tokio::task::yield_now().await;
        result
    }

    #[test]
    fn many_callers_cause_one_fetch_and_share_it() {
        let (slot, count) = (Arc::new(Slot::default()), Cell::new(0));
        let calls = (0..50).map(|_| slot.clone().get(Duration::ZERO, None, counted(&count, Ok(token("t")))));
        let results = block_on(join_all(calls));
        assert!(results.iter().all(|result| result.as_ref() == Ok(&token("t"))));
        assert_eq!(count.get(), 1);
    }

    #[test]
    fn waiters_share_a_failure_and_later_callers_try_again() {
        let (slot, count) = (Arc::new(Slot::default()), Cell::new(0));
        let failure = Error::new(ErrorKind::Unauthorized, "AccessTokens_Get", "refused");
        block_on(async {
            let calls =
                (0..5).map(|_| slot.clone().get(Duration::ZERO, None, counted(&count, Err(failure.clone()))));
            assert!(join_all(calls).await.iter().all(Result::is_err));
            assert_eq!(count.get(), 1);
            assert!(slot.clone().get(Duration::ZERO, None, counted(&count, Ok(token("t")))).await.is_ok());
            assert_eq!(count.get(), 2);
        });
    }

    #[test]
    fn a_leader_that_is_dropped_is_replaced_by_a_waiter() {
        let (slot, count) = (Arc::new(Slot::default()), Cell::new(0));
        block_on(async {
            let mut leader = Box::pin(slot.clone().get(Duration::ZERO, None, pending()));
            assert!((&mut leader).now_or_never().is_none());
            let mut waiter =
                Box::pin(slot.clone().get(Duration::ZERO, None, counted(&count, Ok(token("t")))));
            assert!((&mut waiter).now_or_never().is_none());
            drop(leader);
            assert_eq!(waiter.await, Ok(token("t")));
        });
        assert_eq!(count.get(), 1);
    }

    #[test]
    fn a_refused_token_is_fetched_anew_and_another_one_is_kept() {
        let (slot, count) = (Arc::new(Slot::default()), Cell::new(0));
        block_on(async {
            let _ = slot.clone().get(Duration::ZERO, None, counted(&count, Ok(token("old")))).await;
            let refused = Secret::new("old");
            let renewed =
                slot.clone().get(Duration::ZERO, Some(&refused), counted(&count, Ok(token("new")))).await;
            assert_eq!(renewed, Ok(token("new")));
            let again =
                slot.clone().get(Duration::ZERO, Some(&refused), counted(&count, Ok(token("newer")))).await;
            assert_eq!(again, Ok(token("new")));
        });
        assert_eq!(count.get(), 2);
    }
}
