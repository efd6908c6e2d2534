//! Carries a run out: observes each item, asks the run, and sends what it answers.

use std::time::Duration;

use acr_client_wasm::{
    ChangeableAttributesPatch, Digest, Error, ErrorKind, ManifestChangeableAttributesPatch, Reference,
    RegistryClient, TagName,
};
use acr_inventory::cleanup::{Observed, Run, Step, Verdict};
use acr_inventory::{Instant, Locks};

use crate::registry::{Registry, repository};

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
    let step = run.steps[place].clone();
    let observed = match observe(&registry.client, &step).await {
        Ok(observed) => Some(observed),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return fail(registry, run, place, &error),
    };
    let verdict = run.check(place, observed.as_ref());
    delete(registry, run, place, verdict).await;
}

/// Does what the check of a step came to.
pub(crate) async fn delete(registry: &Registry, run: &mut Run, place: usize, verdict: Verdict) {
    let client = &registry.client;
    let step = run.steps[place].clone();
    let answer = match verdict {
        Verdict::Leave => return,
        Verdict::Delete => send_deletion(client, &step).await,
        Verdict::UnlockAndDelete => match unlock(client, &step).await {
            Ok(()) => send_deletion(client, &step).await,
            Err(error) => Err(error),
        },
    };
    match answer {
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

pub(crate) async fn observe(client: &RegistryClient, step: &Step) -> Result<Observed, Error> {
    let name = repository(&step.repository);
    if let Some(tag) = tag(step) {
        let row = client.tags().attributes(&name, &tag).await?.tag;
        return Ok(Observed {
            updated: Instant::of_timestamp(&row.last_update_time),
            locks: Locks::from(&row.changeable_attributes),
            digest: row.digest,
            tags: Vec::new(),
        });
    }
    let row = client.manifests().attributes(&name, &reference(step)).await?.manifest;
    Ok(Observed {
        updated: Instant::of_timestamp(&row.last_update_time),
        locks: Locks::from(&row.changeable_attributes),
        digest: row.digest,
        tags: row.tags,
    })
}

async fn unlock(client: &RegistryClient, step: &Step) -> Result<(), Error> {
    let name = repository(&step.repository);
    let patch = ChangeableAttributesPatch {
        delete_enabled: Some(true),
        write_enabled: Some(true),
        ..Default::default()
    };
    match tag(step) {
        Some(tag) => client.tags().update_attributes(&name, &tag, &patch).await.map(|_| ()),
        None => {
            let patch = ManifestChangeableAttributesPatch::from(patch);
            client.manifests().update_attributes(&name, &reference(step), &patch).await.map(|_| ())
        }
    }
}

async fn send_deletion(client: &RegistryClient, step: &Step) -> Result<(), Error> {
    let name = repository(&step.repository);
    match tag(step) {
        Some(tag) => client.tags().delete(&name, &tag).await,
        None => client.manifests().delete(&name, &digest(step)).await,
    }
}

fn tag(step: &Step) -> Option<TagName> {
    step.tag.as_ref().map(|tag| tag.parse().unwrap())
}

fn digest(step: &Step) -> Digest {
    step.digest.parse().unwrap()
}

fn reference(step: &Step) -> Reference {
    Reference::Digest(digest(step))
}
