//! Carries a run out: looks at each item right before its deletion, a few steps at the same time, within the registry's limits.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use acr_client_wasm::{Error, ErrorKind, RegistryClient};
use acr_inventory::cleanup::{Run, Step, Verdict};
use acr_inventory::request::{Needs, carry_out, observe};
use futures_util::StreamExt as _;
use futures_util::lock::Mutex;
use futures_util::stream::FuturesUnordered;
use leptos::prelude::*;

use super::state::{Cleanup, State};
use crate::analysis::next::Next;
use crate::clock::{now, sleep};
use crate::failure::Failure;
use crate::surface::Surface;
use crate::text::cleanup as text;

/// How many steps are under way at once: deletions have the smallest limit of all.
const AT_ONCE: usize = 4;
/// A step that the registry answers with a server's error so often has failed.
const MOST_ATTEMPTS: u32 = 4;
/// Milliseconds between two reports.
const BETWEEN: i64 = 500;
/// A large run takes long to write down, so that is done less often: for so many times as long as it takes, nothing is kept.
const IDLE: i64 = 20;
/// For so many milliseconds it is taken for granted that nothing was pushed to a repository that needs what is deleted.
const LOOKED_LATELY: i64 = 60_000;

/// The looks through each repository for newer manifests. Steps of the same repository wait for one look.
type Looks = RefCell<HashMap<String, Rc<Mutex<Look>>>>;

/// The looks through a repository so far.
#[derive(Default)]
struct Look {
    /// When the last one began that came to its end, in milliseconds since the Unix epoch.
    begun: i64,
    needs: Option<Needs>,
}

/// Works until nothing is left that can be begun, or until the run is paused or stopped. What is under way then comes to its end.
pub(super) async fn drive(cleanup: Cleanup, client: RegistryClient, surface: Surface) {
    let mut attempts: HashMap<usize, u32> = HashMap::new();
    let (mut shown_at, mut kept_at) = (now(), now());
    let looks = Looks::default();
    let mut under_way = FuturesUnordered::new();
    loop {
        while under_way.len() < AT_ONCE {
            let Some((place, step)) = next_step(cleanup) else { break };
            let (client, looks) = (&client, &looks);
            under_way.push(async move {
                let wait = cleanup.pace.try_update_value(|pace| pace.wait(now())).unwrap_or_default();
                if wait > 0 {
                    sleep(Duration::from_millis(wait)).await;
                }
                (place, act(cleanup, client, looks, place, &step).await, step)
            });
        }
        let Some((place, answer, step)) = under_way.next().await else { break };
        cleanup.planning.inventory.released().await;
        if let Some(wait) = settle(cleanup, place, &step, answer, &mut attempts) {
            cleanup.publish();
            sleep(wait).await;
        }
        if now().saturating_sub(shown_at) >= BETWEEN {
            cleanup.show_progress();
            shown_at = now();
        }
        if now().saturating_sub(kept_at) >= BETWEEN.max(cleanup.kept_in.get_value() * IDLE) {
            cleanup.publish();
            kept_at = now();
        }
    }
    cleanup.driven.set_value(false);
    let finished = cleanup.run.with_value(|run| run.as_ref().is_none_or(Run::is_finished));
    if finished { cleanup.finish(surface) } else { cleanup.publish() }
}

fn next_step(cleanup: Cleanup) -> Option<(usize, Step)> {
    let next = |run: &mut Option<Run>| {
        let run = run.as_mut()?;
        let place = run.next_step()?;
        Some((place, run.steps.get(place)?.clone()))
    };
    cleanup.run.try_update_value(next).flatten()
}

/// Looks at the item of a step, and deletes it if it is still what the plan was made for. Whether it was deleted.
async fn act(
    cleanup: Cleanup,
    client: &RegistryClient,
    looks: &Looks,
    place: usize,
    step: &Step,
) -> Result<bool, Error> {
    let manifest = cleanup.run.with_value(|run| run.as_ref()?.manifest_of(place).cloned());
    if step.tag.is_none() || manifest.is_some() {
        keep_needed(cleanup, client, looks, &step.repository).await?;
    }
    let observed = observe(client, step, manifest.as_ref()).await?;
    let check = |run: &mut Option<Run>| run.as_mut().map(|run| run.check(place, observed.as_ref()));
    let verdict = cleanup.run.try_update_value(check).flatten().unwrap_or(Verdict::Leave);
    if verdict == Verdict::Leave {
        return Ok(false);
    }
    carry_out(client, step, verdict).await.map(|()| true)
}

/// Leaves what is needed by manifests that were pushed to a repository since the plan was made.
async fn keep_needed(
    cleanup: Cleanup,
    client: &RegistryClient,
    looks: &Looks,
    repository: &str,
) -> Result<(), Error> {
    let look = looks.borrow_mut().entry(repository.to_owned()).or_default().clone();
    let mut look = look.lock().await;
    let begun = now();
    if begun - look.begun < LOOKED_LATELY {
        return Ok(());
    }
    let of_run =
        |run: &Option<Run>| run.as_ref().map(|run| (run.look_from(repository), run.known_in(repository)));
    let Some((from, known)) = cleanup.run.with_value(of_run) else { return Ok(()) };
    // By the run and not by the inventory: an analysis may have read what came after the plan.
    let needs = look.needs.get_or_insert_with(|| Needs::apart_from(known));
    let needed = needs.look(client, repository, from).await?;
    cleanup.run.update_value(|run| run.iter_mut().for_each(|run| run.keep(repository, needed)));
    look.begun = begun;
    Ok(())
}

/// Records what became of a step. Returns how long to wait where the registry asked to.
fn settle(
    cleanup: Cleanup,
    place: usize,
    step: &Step,
    answer: Result<bool, Error>,
    attempts: &mut HashMap<usize, u32>,
) -> Option<Duration> {
    let record = |change: &dyn Fn(&mut Run)| cleanup.run.update_value(|run| run.iter_mut().for_each(change));
    let error = match answer {
        // What was found to be gone or changed is recorded already.
        Ok(false) => return None,
        Ok(true) => {
            record(&|run| run.done(place));
            forget(cleanup, step);
            return None;
        }
        Err(error) => error,
    };
    if error.kind() == ErrorKind::NotFound {
        record(&|run| run.gone(place));
        forget(cleanup, step);
        return None;
    }
    let failure = Failure::of(text::step_failed(&step.repository), &error);
    match Next::after(&error) {
        Next::Wait(time) => {
            record(&|run| run.again(place));
            return Some(time);
        }
        Next::Pause => pause(cleanup, place, failure),
        Next::Retry => {
            let count = attempts.entry(place).or_default();
            *count += 1;
            if *count < MOST_ATTEMPTS {
                record(&|run| run.again(place));
                return Some(Duration::from_secs(1));
            }
            record(&|run| run.failed(place, &failure.why));
        }
        Next::Fail => record(&|run| run.failed(place, &failure.why)),
    }
    None
}

/// Puts a step back and begins no other: each would fail likewise. What became of a request without an answer is seen when the step is
/// looked at again.
fn pause(cleanup: Cleanup, place: usize, failure: Failure) {
    cleanup.run.update_value(|run| {
        if let Some(run) = run {
            run.again(place);
            run.pause();
        }
    });
    cleanup.state.set(State::Paused(Some(failure)));
}

/// Takes what was deleted out of the inventory.
fn forget(cleanup: Cleanup, step: &Step) {
    cleanup.planning.inventory.try_update(|inventory| match &step.tag {
        Some(tag) => inventory.remove_tag(&step.repository, tag),
        None => inventory.remove_manifest(&step.repository, &step.digest),
    });
}
