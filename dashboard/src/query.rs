//! Asynchronous data of a screen: one future per query, the newest wins, dropped on change and on unmount.
//!
//! Leptos' resources neither drop nor restart a future in flight. Here an effect owns an abortable future; dropping a
//! client future aborts its fetch.

use std::future::Future;

use futures_util::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::failure::{Failure, FailureKind};
use crate::toasts::Toasts;

/// What a query has.
#[derive(Clone, Debug)]
pub(crate) enum Load<T> {
    /// Nothing yet.
    Loading,
    /// The answer.
    Ready(T),
    /// The reason why there is no answer.
    Failed(Failure),
}

/// Data that is asked for when its owner appears, and again when what it depends on changes.
pub(crate) struct Query<T: 'static> {
    state: RwSignal<Load<T>>,
    busy: RwSignal<bool>,
    round: RwSignal<u32>,
}

impl<T: 'static> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Query<T> {}

impl<T: Clone + Send + Sync + 'static> Query<T> {
    /// The state, tracked.
    pub(crate) fn get(&self) -> Load<T> {
        self.state.get()
    }

    /// The answer if there is one, tracked.
    pub(crate) fn ready(&self) -> Option<T> {
        self.state.with(|state| if let Load::Ready(value) = state { Some(value.clone()) } else { None })
    }

    /// Looks at the answer if there is one, tracked, without copying it.
    pub(crate) fn with_ready<U>(&self, look: impl FnOnce(&T) -> U) -> Option<U> {
        self.state.with(|state| if let Load::Ready(value) = state { Some(look(value)) } else { None })
    }

    /// Whether a request is in flight, tracked.
    pub(crate) fn busy(&self) -> bool {
        self.busy.get()
    }

    /// Asks again; what is there stays until the new answer comes.
    pub(crate) fn refresh(&self) {
        self.round.update(|round| *round = round.wrapping_add(1));
    }

    /// Puts in what the registry answered to a change.
    pub(crate) fn set(&self, value: T) {
        self.state.set(Load::Ready(value));
    }
}

/// Starts a query that lives as long as the current reactive owner. Signals read while `fetch` makes its future (not
/// while the future runs) are what the query depends on.
pub(crate) fn query<T, F, Fut>(fetch: F) -> Query<T>
where
    T: Clone + Send + Sync + 'static,
    F: Fn() -> Fut + 'static,
    Fut: Future<Output = Result<T, Failure>> + 'static,
{
    let this =
        Query { state: RwSignal::new(Load::Loading), busy: RwSignal::new(true), round: RwSignal::new(0) };
    let toasts = use_context::<Toasts>();
    Effect::new(move |rounds: Option<u32>| {
        let round = this.round.get();
        let future = fetch();
        if rounds == Some(round) {
            // What it depends on changed: the old answer is to another question.
            this.state.set(Load::Loading);
        }
        this.busy.set(true);
        run_until_cleanup(async move {
            let answer = future.await;
            this.busy.set(false);
            match answer {
                Ok(value) => this.state.set(Load::Ready(value)),
                Err(failure) if keeps(&this, &failure) => {
                    toasts.into_iter().for_each(|toasts| toasts.fail(&failure))
                }
                Err(failure) => this.state.set(Load::Failed(failure)),
            }
        });
        round
    });
    this
}

/// Whether a failure to ask again leaves the answer that is there: nothing says that it is not so any more.
fn keeps<T: Send + Sync + 'static>(query: &Query<T>, failure: &Failure) -> bool {
    let passes = matches!(
        failure.kind,
        FailureKind::Unreachable | FailureKind::Throttled | FailureKind::SignIn | FailureKind::ProxySession
    );
    passes && query.state.with_untracked(|state| matches!(state, Load::Ready(_)))
}

/// Runs a future until it is done or the current reactive owner is cleaned up, whichever comes first.
pub(crate) fn run_until_cleanup(future: impl Future<Output = ()> + 'static) {
    let handle = run(future);
    on_cleanup(move || handle.abort());
}

/// Runs a future; the handle ends it early and drops it, which aborts the fetches it waits for.
pub(crate) fn run(future: impl Future<Output = ()> + 'static) -> AbortHandle {
    let (future, handle) = abortable(future);
    spawn_local(async move {
        // An abort needs no report, since the caller asked for it.
        let _ = future.await;
    });
    handle
}
