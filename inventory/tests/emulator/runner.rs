//! Carries a run out: observes each item, asks the run, and sends what it answers.

use std::time::Duration;

use acr_client_wasm::{Error, ErrorKind};
use acr_inventory::cleanup::{Run, Verdict};
use acr_inventory::request::{self, Needs};

use crate::registry::Registry;

/// How long a step waits for its next attempt.
const PAUSE: Duration = Duration::from_secs(60);

/// Carries out whatever can be begun.
pub(crate) async fn carry_out(registry: &Registry, run: &mut Run) {
    while let Some(place) = run.next_step() {
        carry_out_step(registry, run, place).await;
    }
}

/// Carries out one step that the run began.
pub(crate) async fn carry_out_step(registry: &Registry, run: &mut Run, place: usize) {
    if let Err(error) = keep_needed(registry, run, place).await {
        return fail(registry, run, place, &error);
    }
    let looked = request::observe(&registry.client, &run.steps[place], run.manifest_of(place)).await;
    let observed = match looked {
        Ok(observed) => observed,
        Err(error) => return fail(registry, run, place, &error),
    };
    let verdict = run.check(place, observed.as_ref());
    delete(registry, run, place, verdict).await;
}

/// Leaves what is needed by manifests that came after the plan.
async fn keep_needed(registry: &Registry, run: &mut Run, place: usize) -> Result<(), Error> {
    let repository = run.steps[place].repository.clone();
    let mut needs = Needs::apart_from(run.known_in(&repository));
    let needed = needs.look(&registry.client, &repository, run.look_from(&repository)).await?;
    run.keep(&repository, needed);
    Ok(())
}

/// Does what the check of a step came to.
pub(crate) async fn delete(registry: &Registry, run: &mut Run, place: usize, verdict: Verdict) {
    if verdict == Verdict::Leave {
        return;
    }
    match request::carry_out(&registry.client, &run.steps[place], verdict).await {
        Ok(()) => run.done(place),
        Err(error) if error.kind() == ErrorKind::NotFound => run.gone(place),
        Err(error) => fail(registry, run, place, &error),
    }
}

/// What the registry has not refused is tried again, after a while.
fn fail(registry: &Registry, run: &mut Run, place: usize, error: &Error) {
    match error.kind() {
        ErrorKind::RateLimited | ErrorKind::Network | ErrorKind::Server => {
            registry.pass(PAUSE);
            run.again(place);
        }
        _ => run.failed(place, &error.to_string()),
    }
}
