//! The requests of a step of a run: a look at its item right before its deletion, and the deletion.

use acr_client_wasm::{
    ChangeableAttributesPatch, Digest, Error, ErrorKind, ManifestChangeableAttributesPatch, Reference,
    RegistryClient, RepositoryName, TagName,
};

use crate::cleanup::{Observed, Step, Verdict};
use crate::instant::Instant;
use crate::locks::Locks;

/// What the item of a step is now; `None` for one that is gone. Of a tag that goes with its manifest, that is looked at too
/// ([`Run::manifest_of`](crate::cleanup::Run::manifest_of)).
///
/// # Errors
/// Those of Tag_GetAttributes and Manifests_GetAttributes, but for 404.
pub async fn observe(
    client: &RegistryClient,
    step: &Step,
    manifest: Option<&Step>,
) -> Result<Option<Observed>, Error> {
    let mut observed = observe_one(client, step).await?;
    if let (Some(observed), Some(manifest)) = (&mut observed, manifest) {
        observed.manifest = observe_one(client, manifest).await?.map(Box::new);
    }
    Ok(observed)
}

async fn observe_one(client: &RegistryClient, step: &Step) -> Result<Option<Observed>, Error> {
    let name = step.repository.parse::<RepositoryName>()?;
    let observed = match &step.tag {
        Some(tag) => client.tags().attributes(&name, &tag.parse::<TagName>()?).await.map(|answer| {
            let row = answer.tag;
            Observed {
                updated: Instant::of_timestamp(&row.last_update_time),
                locks: Locks::from(&row.changeable_attributes),
                digest: row.digest,
                tags: Vec::new(),
                manifest: None,
            }
        }),
        None => client.manifests().attributes(&name, &reference(step)?).await.map(|answer| {
            let row = answer.manifest;
            Observed {
                updated: Instant::of_timestamp(&row.last_update_time),
                locks: Locks::from(&row.changeable_attributes),
                digest: row.digest,
                tags: row.tags,
                manifest: None,
            }
        }),
    };
    match observed {
        Ok(observed) => Ok(Some(observed)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Does what the check of a step came to: nothing, the deletion, or the deletion after its locks are taken off. Where the deletion is refused
/// then, the locks are put back.
///
/// # Errors
/// Those of Tag_Delete, Manifests_Delete, Tag_UpdateAttributes and Manifests_UpdateAttributes. 404 says that the item is gone.
pub async fn carry_out(client: &RegistryClient, step: &Step, verdict: Verdict) -> Result<(), Error> {
    match verdict {
        Verdict::Leave => Ok(()),
        Verdict::Delete => delete(client, step).await,
        Verdict::UnlockAndDelete(locks) => {
            set_locks(client, step, Locks::OPEN).await?;
            let deleted = delete(client, step).await;
            if deleted.as_ref().is_err_and(|error| error.kind() != ErrorKind::NotFound) {
                // Best effort: why the deletion was refused matters more than a lock that could not be put back.
                let _ = set_locks(client, step, locks).await;
            }
            deleted
        }
    }
}

async fn delete(client: &RegistryClient, step: &Step) -> Result<(), Error> {
    let name = step.repository.parse::<RepositoryName>()?;
    match &step.tag {
        Some(tag) => client.tags().delete(&name, &tag.parse::<TagName>()?).await,
        None => client.manifests().delete(&name, &step.digest.parse::<Digest>()?).await,
    }
}

async fn set_locks(client: &RegistryClient, step: &Step, locks: Locks) -> Result<(), Error> {
    let name = step.repository.parse::<RepositoryName>()?;
    let patch = ChangeableAttributesPatch {
        delete_enabled: Some(locks.delete_enabled()),
        write_enabled: Some(locks.write_enabled()),
        ..ChangeableAttributesPatch::default()
    };
    match &step.tag {
        Some(tag) => client.tags().update_attributes(&name, &tag.parse::<TagName>()?, &patch).await.map(drop),
        None => {
            let patch = ManifestChangeableAttributesPatch::from(patch);
            client.manifests().update_attributes(&name, &reference(step)?, &patch).await.map(drop)
        }
    }
}

fn reference(step: &Step) -> Result<Reference, Error> {
    Ok(Reference::Digest(step.digest.parse::<Digest>()?))
}
