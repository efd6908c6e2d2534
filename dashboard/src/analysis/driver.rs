//! Sends what a scan asks for: several requests at the same time, within a budget, and none while the registry asks to wait.

use std::pin::pin;
use std::time::Duration;

use acr_client_wasm::{Error, RegistryClient};
use acr_inventory::Inventory;
use acr_inventory::request::{Answer, answer, store};
use acr_inventory::scan::{Outcome, Task};
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use futures_util::stream::FuturesUnordered;
use leptos::prelude::*;

use super::cache;
use super::kept::Kept;
use super::next::Next;
use super::pace::time_left;
use super::state::{Analysis, State};
use crate::clock::{now, sleep};
use crate::failure::Failure;
use crate::text::storage as text;

/// How many requests are in flight at once: as many as browsers open connections to a host, and some that wait for one.
const AT_ONCE: usize = 8;

/// Milliseconds of work that a reload of the page may lose.
const KEPT_EVERY: i64 = 2000;

/// Works until nothing is left, or until the analysis is paused or stopped. What is in flight then is still taken in.
pub(super) async fn drive(analysis: Analysis, client: RegistryClient) {
    cache::load(analysis).await;
    let begun = now();
    let mut answered = 0;
    let mut kept_at = begun;
    // When, and with how many answers, the last revision was shown.
    let (mut shown_at, mut shown) = (begun, 0);
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
                    publish(analysis, answered, begun);
                    shown = answered;
                }
                continue;
            }
        };
        answered += 1;
        if let Some(time) = settle(analysis, &task, answer) {
            publish(analysis, answered, begun);
            sleep(time).await;
        }
        if now().saturating_sub(kept_at) >= KEPT_EVERY {
            cache::keep(analysis);
            kept_at = now();
        }
        if now().saturating_sub(shown_at) >= between {
            publish(analysis, answered, begun);
            (shown_at, shown) = (now(), answered);
        }
    }
    cache::keep(analysis);
    analysis.driven.set_value(false);
    if running() {
        analysis.note_under_way(false);
        analysis.state.set(State::Finished);
    }
    publish(analysis, answered, begun);
}

/// The next request. What an earlier analysis has read is taken from there.
fn next_task(analysis: Analysis) -> Option<Task> {
    loop {
        let next = |inventory: &Inventory| analysis.scan.try_update_value(|scan| scan.next_task(inventory));
        let task = analysis.inventory.with(next).flatten()?;
        let take = |kept: &Kept| analysis.inventory.try_update(|inventory| kept.answer(&task, inventory));
        if analysis.kept.with_value(take) != Some(true) {
            return Some(task);
        }
        analysis.scan.update_value(|scan| scan.finish(&task, Outcome::Read));
    }
}

/// Puts an answer into the inventory and decides how its request ended. Returns how long to wait where the registry asked to.
fn settle(analysis: Analysis, task: &Task, answer: Result<Answer, Error>) -> Option<Duration> {
    match (task, &answer) {
        (Task::Content { digest, .. }, Ok(Answer::Content(content))) => {
            analysis.kept.update_value(|kept| kept.add(digest, content));
        }
        (Task::Config { image, .. }, Ok(Answer::DiffIds(diff_ids))) => {
            let content = analysis.inventory.with(|inventory| inventory.known_content(image));
            let add =
                |content| analysis.kept.update_value(|kept| kept.add_diff_ids(image, &content, diff_ids));
            content.into_iter().for_each(add);
        }
        _ => {}
    }
    let stored = analysis.inventory.try_update(|inventory| store(inventory, task, answer));
    let finish = |outcome| analysis.scan.update_value(|scan| scan.finish(task, outcome));
    let Some(Err(error)) = stored else {
        finish(Outcome::Read);
        return None;
    };
    let failure = Failure::of(text::request_failed(task.repository()), &error);
    match Next::after(&error) {
        Next::Wait(time) => {
            finish(Outcome::Later);
            return Some(time);
        }
        Next::Pause => {
            finish(Outcome::Later);
            analysis.state.set(State::Paused(Some(failure)));
        }
        Next::Retry => finish(Outcome::Retry),
        Next::Fail => {
            finish(Outcome::Failed);
            analysis.failure.update(|first| {
                first.get_or_insert(failure);
            });
        }
    }
    None
}

/// Shows what was read and how far the analysis is.
fn publish(analysis: Analysis, answered: usize, begun: i64) {
    let progress =
        analysis.inventory.with(|inventory| analysis.scan.with_value(|scan| scan.progress(inventory)));
    analysis.time_left.set(time_left(&progress, answered, now().saturating_sub(begun)));
    analysis.progress.set(progress);
    analysis.inventory.show();
}
