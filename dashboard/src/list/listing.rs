//! A list that loads itself page by page to its end, and says how far it is.

use acr_client_wasm::Pager;
use futures_util::future::AbortHandle;
use leptos::prelude::*;

use crate::clock::now;
use crate::failure::Failure;
use crate::query::run;

/// How many items a page of a list is asked to have.
pub(crate) const PAGE: u32 = 500;

/// How complete a list is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Progress {
    /// Pages are coming.
    Loading,
    /// All of it is here.
    Complete,
    /// Stopped by the person in front of it; can be resumed.
    Stopped,
    /// Broke off; can be resumed.
    Partial(Failure),
}

/// A list in the course of loading. What is there can be used from the first page on.
pub(crate) struct Listing<T: 'static> {
    /// The rows so far, in the registry's order.
    pub(crate) rows: RwSignal<Vec<T>>,
    /// How far it is.
    pub(crate) progress: RwSignal<Progress>,
    /// Whether any answer has come yet.
    pub(crate) started: RwSignal<bool>,
    /// When it was last loaded from the start, in milliseconds since the Unix epoch.
    pub(crate) loaded_at: RwSignal<i64>,
    next: StoredValue<Option<String>>,
    running: StoredValue<Option<AbortHandle>>,
    load: Callback<Option<String>>,
}

impl<T: 'static> Clone for Listing<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Listing<T> {}

impl<T: Send + Sync + 'static> Listing<T> {
    /// Whether pages are still coming, tracked.
    pub(crate) fn busy(&self) -> bool {
        self.progress.with(|progress| *progress == Progress::Loading)
    }

    /// Loads it again from the start. What is there stays until the first page of the new one comes.
    pub(crate) fn refresh(&self) {
        self.next.set_value(None);
        self.load.run(None);
    }

    /// Goes on where it stopped or broke off.
    pub(crate) fn resume(&self) {
        self.load.run(self.next.get_value());
    }

    /// Stops loading and keeps what is there.
    pub(crate) fn stop(&self) {
        self.abort();
        self.progress.set(Progress::Stopped);
    }

    fn start(self) -> Self {
        on_cleanup(move || self.abort());
        self.load.run(None);
        self
    }

    fn abort(&self) {
        if let Some(handle) = self.running.try_get_value().flatten() {
            handle.abort();
        }
    }

    /// The failure that kept even the first page from coming, tracked.
    pub(crate) fn failed(&self) -> Option<Failure> {
        if self.started.get() {
            return None;
        }
        self.progress.with(|progress| {
            if let Progress::Partial(failure) = progress { Some(failure.clone()) } else { None }
        })
    }
}

/// Makes a list that belongs to the current reactive owner and starts to load it.
///
/// `open` makes a pager at the start; `row` turns what the registry sends into what is kept, which is worth making small:
/// there may be 100 000 of them. `what` is what failed, when it fails.
pub(crate) fn listing<W, T>(
    open: impl Fn() -> Pager<W> + Clone + Send + Sync + 'static,
    row: fn(W) -> T,
    what: String,
) -> Listing<T>
where
    W: 'static,
    T: Send + Sync + 'static,
{
    let rows = RwSignal::new(Vec::new());
    let progress = RwSignal::new(Progress::Loading);
    let started = RwSignal::new(false);
    let loaded_at = RwSignal::new(0);
    let next = StoredValue::new(None);
    let running = StoredValue::new(None::<AbortHandle>);
    let load = Callback::new(move |token: Option<String>| {
        if let Some(handle) = running.get_value() {
            handle.abort();
        }
        progress.set(Progress::Loading);
        let mut fresh = token.is_none();
        let pager = open();
        let mut pager = match token {
            Some(token) => pager.resume(&token),
            None => pager,
        };
        let what = what.clone();
        let handle = run(async move {
            loop {
                let page = match pager.next_page().await {
                    Ok(Some(page)) => page,
                    Ok(None) => {
                        if fresh {
                            rows.set(Vec::new());
                            loaded_at.set(now());
                        }
                        break progress.set(Progress::Complete);
                    }
                    Err(error) => break progress.set(Progress::Partial(Failure::of(what, &error))),
                };
                next.set_value(page.continuation_token.clone());
                rows.update(|rows| {
                    if std::mem::take(&mut fresh) {
                        rows.clear();
                        loaded_at.set(now());
                    }
                    rows.extend(page.items.into_iter().map(row));
                });
                begin(started);
            }
            if progress.with_untracked(|progress| *progress == Progress::Complete) {
                begin(started);
            }
        });
        running.set_value(Some(handle));
    });
    let this = Listing { rows, progress, started, loaded_at, next, running, load };
    this.start()
}

/// Marks a list as begun, once: what is drawn from then on is not drawn anew with every page.
fn begin(started: RwSignal<bool>) {
    if !started.get_untracked() {
        started.set(true);
    }
}
