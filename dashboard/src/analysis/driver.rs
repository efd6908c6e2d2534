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

/// How much of what earlier analyses kept is taken before the page can draw.
const KEPT_AT_ONCE: usize = 500;

/// Milliseconds of work that a reload of the page may lose.
const KEPT_EVERY: i64 = 2000;

/// Works until nothing is left, or until the analysis is paused or stopped. What is in flight then is still taken in.
pub(super) async fn drive(analysis: Analysis, client: RegistryClient) {
    cache::load(analysis).await;
    let mut pass = Pass { begun: now(), answered: 0, kept_at: now(), shown_at: now(), is_stale: false };
    let mut first = next_if_running(analysis).await;
    while !matches!(first, Upcoming::Nothing) {
        pass.read(analysis, &client, std::mem::replace(&mut first, Upcoming::Nothing)).await;
        if is_running(analysis) {
            // Kept before it is said to have ended, so that a reload then asks for nothing again.
            cache::keep_rest(analysis).await;
        } else {
            cache::keep(analysis);
        }
        // More may have been asked for meanwhile.
        first = next_if_running(analysis).await;
    }
    analysis.driven.set_value(false);
    if is_running(analysis) {
        analysis.note_under_way(false);
        analysis.state.set(State::Finished);
        analysis.session.with_value(|session| session.graph.note_analyzed());
    }
    pass.publish(analysis);
}

fn is_running(analysis: Analysis) -> bool {
    analysis.state.with_untracked(|state| *state == State::Running)
}

/// What comes next.
enum Upcoming {
    /// A request.
    Request(Task),
    /// More of what earlier analyses kept, once the page could draw.
    Kept,
    /// Nothing, before an answer comes.
    Nothing,
}

async fn next_if_running(analysis: Analysis) -> Upcoming {
    // What an earlier analysis has read is taken at once.
    analysis.inventory.released().await;
    if is_running(analysis) { next_task(analysis) } else { Upcoming::Nothing }
}

/// From a start or a pause to the next: times in milliseconds, and counts of answers.
struct Pass {
    begun: i64,
    answered: usize,
    kept_at: i64,
    /// When the last revision was shown, and whether more was read since.
    shown_at: i64,
    is_stale: bool,
}

impl Pass {
    /// Sends `first` and whatever comes after it until nothing is left or the analysis does not run, and takes in every answer.
    async fn read(&mut self, analysis: Analysis, client: &RegistryClient, first: Upcoming) {
        let mut under_way = FuturesUnordered::new();
        let mut next = Some(first);
        loop {
            let mut more_is_kept = false;
            while under_way.len() < AT_ONCE {
                let upcoming = match next.take() {
                    Some(upcoming) => upcoming,
                    None => next_if_running(analysis).await,
                };
                let task = match upcoming {
                    Upcoming::Request(task) => task,
                    upcoming => {
                        more_is_kept = matches!(upcoming, Upcoming::Kept);
                        break;
                    }
                };
                let pace = analysis.pace;
                under_way.push(async move {
                    let wait = pace.try_update_value(|pace| pace.wait(now())).unwrap_or_default();
                    if wait > 0 {
                        sleep(Duration::from_millis(wait)).await;
                    }
                    (answer(client, &task).await, task)
                });
            }
            let between = analysis.between.get_value();
            // An answer that takes its time does not keep what came before it from being shown. What is kept needs no answer, but a moment
            // for the page.
            let pause = if more_is_kept { 0 } else { between.unsigned_abs() };
            let pause = pin!(sleep(Duration::from_millis(pause)));
            self.is_stale |= more_is_kept;
            match select(under_way.next(), pause).await {
                Either::Left((Some((answer, task)), _)) => self.take(analysis, &task, answer).await,
                Either::Left((None, pause)) if more_is_kept => pause.await,
                Either::Left((None, _)) => break,
                Either::Right(_) => {}
            }
            if self.is_stale && now().saturating_sub(self.shown_at) >= between {
                self.publish(analysis);
                (self.shown_at, self.is_stale) = (now(), false);
            }
        }
    }

    /// Takes in an answer, and waits where the registry asked to.
    async fn take(&mut self, analysis: Analysis, task: &Task, answer: Result<Answer, Error>) {
        self.answered += 1;
        self.is_stale = true;
        analysis.inventory.released().await;
        if let Some(time) = settle(analysis, task, answer) {
            self.publish(analysis);
            sleep(time).await;
        }
        if now().saturating_sub(self.kept_at) >= KEPT_EVERY {
            cache::keep(analysis);
            self.kept_at = now();
        }
    }

    /// Shows what was read and how far the analysis is.
    fn publish(&self, analysis: Analysis) {
        let progress =
            analysis.inventory.with(|inventory| analysis.scan.with_value(|scan| scan.progress(inventory)));
        let elapsed = now().saturating_sub(self.begun);
        analysis.time_left.set(time_left(&progress, self.answered, elapsed));
        analysis.progress.set(progress);
        analysis.inventory.show();
    }
}

/// The next request. What an earlier analysis has read is taken from there.
fn next_task(analysis: Analysis) -> Upcoming {
    for _ in 0..KEPT_AT_ONCE {
        let next = |inventory: &Inventory| analysis.scan.try_update_value(|scan| scan.next_task(inventory));
        let Some(task) = analysis.inventory.with(next).flatten() else { return Upcoming::Nothing };
        let take = |kept: &Kept| analysis.inventory.try_update(|inventory| kept.answer(&task, inventory));
        if analysis.kept.with_value(take) != Some(true) {
            return Upcoming::Request(task);
        }
        analysis.scan.update_value(|scan| scan.finish(&task, Outcome::Read));
    }
    Upcoming::Kept
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
            // One that was stopped meanwhile stays so.
            if analysis.state.with_untracked(|state| *state != State::Stopped) {
                analysis.state.set(State::Paused(Some(failure)));
            }
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
