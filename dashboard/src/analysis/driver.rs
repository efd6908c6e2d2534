//! Sends what a scan asks for: several requests at the same time, within a budget, and none while the registry asks to wait.

use std::pin::pin;
use std::time::Duration;

use acr_client_wasm::{Error, ErrorKind, RegistryClient};
use acr_inventory::request::{Answer, answer, store};
use acr_inventory::scan::{Outcome, Task};
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use leptos::prelude::*;

use super::pace::time_left;
use super::state::{Analysis, State};
use crate::clock::{now, sleep};
use crate::failure::Failure;
use crate::text::storage as text;

/// How many requests are in flight at once: as many as browsers open connections to a host, and some that wait for one.
const AT_ONCE: usize = 8;

/// What became of a task, as far as the analysis goes.
enum Next {
    GoOn,
    /// The registry asked to wait so long.
    Wait(Duration),
    /// Every further request would fail likewise.
    Pause(Failure),
}

/// Works until nothing is left, or until the analysis is paused or stopped. What is in flight then is still taken in.
pub(super) async fn drive(analysis: Analysis, client: RegistryClient) {
    let begun = now();
    let mut answered = 0;
    // Until when, and how many answers, were shown.
    let (mut told, mut shown) = (begun, 0);
    let mut under_way = FuturesUnordered::new();
    let running = move || analysis.state.with_untracked(|state| *state == State::Running);
    loop {
        while under_way.len() < AT_ONCE && running() {
            let Some(task) = next_task(analysis) else { break };
            let (client, pace) = (&client, analysis.pace);
            under_way.push(async move {
                let wait = pace.try_update_value(|pace| pace.wait(now())).unwrap_or_default();
                if wait > 0 {
                    sleep(Duration::from_millis(wait)).await;
                }
                (answer(client, &task).await, task)
            });
        }
        let between = analysis.between.get_value();
        let pause = pin!(sleep(Duration::from_millis(between.unsigned_abs())));
        let (answer, task) = match select(under_way.next(), pause).await {
            Either::Left((None, _)) => break,
            Either::Left((Some(answered), _)) => answered,
            // The next answer takes its time: what came before it is shown.
            Either::Right(_) => {
                if answered > shown {
                    tell(analysis, answered, begun);
                    shown = answered;
                }
                continue;
            }
        };
        answered += 1;
        match settle(analysis, &task, answer) {
            Next::GoOn => {}
            Next::Wait(time) => {
                tell(analysis, answered, begun);
                sleep(time).await;
            }
            Next::Pause(failure) => analysis.state.set(State::Paused(Some(failure))),
        }
        if now().saturating_sub(told) >= between {
            tell(analysis, answered, begun);
            (told, shown) = (now(), answered);
        }
    }
    if running() {
        analysis.state.set(State::Finished);
    }
    tell(analysis, answered, begun);
}

fn next_task(analysis: Analysis) -> Option<Task> {
    analysis
        .inventory
        .with_value(|inventory| analysis.scan.try_update_value(|scan| scan.next_task(inventory)))
        .flatten()
}

/// Puts an answer into the inventory and decides how its request ended.
fn settle(analysis: Analysis, task: &Task, answer: Result<Answer, Error>) -> Next {
    let stored = analysis.inventory.try_update_value(|inventory| store(inventory, task, answer));
    let (outcome, next) = match stored {
        None | Some(Ok(())) => (Outcome::Read, Next::GoOn),
        Some(Err(error)) => judge(analysis, task, &error),
    };
    analysis.scan.update_value(|scan| scan.finish(task, outcome));
    next
}

/// What an error means for its request, and for the requests after it.
fn judge(analysis: Analysis, task: &Task, error: &Error) -> (Outcome, Next) {
    /// Where the registry asked to wait without saying how long.
    const PAUSE: Duration = Duration::from_secs(10);
    let failure = Failure::of(text::request_failed(task.repository()), error);
    match error.kind() {
        ErrorKind::RateLimited => (Outcome::Later, Next::Wait(error.retry_after().unwrap_or(PAUSE))),
        ErrorKind::Network => (Outcome::Later, Next::Pause(failure)),
        ErrorKind::Unauthorized if error.missing_action().is_none() => (Outcome::Later, Next::Pause(failure)),
        ErrorKind::Server => (Outcome::Retry, Next::GoOn),
        _ => {
            analysis.failure.update(|first| {
                first.get_or_insert(failure);
            });
            (Outcome::Failed, Next::GoOn)
        }
    }
}

/// Shows what was read and how far the analysis is.
fn tell(analysis: Analysis, answered: usize, begun: i64) {
    let progress =
        analysis.inventory.with_value(|inventory| analysis.scan.with_value(|scan| scan.progress(inventory)));
    analysis.time_left.set(time_left(&progress, answered, now().saturating_sub(begun)));
    analysis.progress.set(progress);
    analysis.show();
}
