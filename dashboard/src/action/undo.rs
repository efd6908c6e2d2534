//! Restoring a tag while its manifest still exists: the manifest is pushed again under the tag.

use acr_client_wasm::{
    Digest, Error, ErrorKind, MediaType, Reference, RegistryClient, RepositoryName, TagName,
};

/// A tag that was removed in this session, and the manifest it pointed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Untagged {
    pub(crate) repository: RepositoryName,
    pub(crate) tag: TagName,
    pub(crate) digest: Digest,
}

/// The result of restoring a tag.
pub(crate) enum Restored {
    Done,
    /// The tag points to another manifest by now, and was left unchanged.
    Taken,
}

/// Restores a tag: at most three requests, and none that changes anything where the tag exists.
///
/// # Errors
///
/// Whatever the registry answers to reading the tag, reading the manifest or pushing it.
pub(crate) async fn restore(client: &RegistryClient, untagged: &Untagged) -> Result<Restored, Error> {
    match client.tags().attributes(&untagged.repository, &untagged.tag).await {
        Ok(now) if now.tag.digest == untagged.digest.as_str() => return Ok(Restored::Done),
        Ok(_) => return Ok(Restored::Taken),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let reference = Reference::Digest(untagged.digest.clone());
    let content =
        client.manifests().content(&untagged.repository, &reference, MediaType::ACCEPT_MANIFESTS).await?;
    let tag = Reference::Tag(untagged.tag.clone());
    client.manifests().create(&untagged.repository, &tag, &content.media_type, content.bytes).await?;
    Ok(Restored::Done)
}
