//! The requests of a scan, and their answers put into the inventory.

use acr_client_wasm::{
    Error, ErrorKind, ListOptions, ManifestListOptions, Pager, Reference, RegistryClient, RepositoryName,
    TagListOptions,
};
use serde_json::Value;

use crate::inventory::{Inventory, Page};
use crate::record::{Content, ManifestRow, RepositoryRow, TagRow};
use crate::scan::Task;

/// Items a page: more than the registry's own 100 makes fewer requests.
const PAGE: u32 = 1000;

/// A larger config is not read: no image has one.
const LARGEST_CONFIG: u64 = 8 * 1024 * 1024;

/// What a request was answered with.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A page of the catalog.
    Catalog(Page<String>),
    /// A page of a repository's manifests.
    Manifests(Page<ManifestRow>),
    /// A page of a repository's tags.
    Tags(Page<TagRow>),
    /// A repository's attributes.
    Attributes(RepositoryRow),
    /// A manifest's content.
    Content(Content),
    /// The digests of an image's uncompressed layers, the lowest first. Empty where its config is not that of an image.
    DiffIds(Vec<String>),
}

/// Sends the request of a task.
///
/// # Errors
/// Those of Repository_GetList, Manifests_GetList, Tag_GetList, Repository_GetAttributes, Manifests_Get and Blob_Get, and
/// [`ErrorKind::InvalidInput`] where a list named something that no repository or digest is called, or a config is larger than any image's.
pub async fn answer(client: &RegistryClient, task: &Task) -> Result<Answer, Error> {
    Ok(match task {
        Task::Catalog { after } => {
            let options = ListOptions { n: Some(PAGE), ..ListOptions::default() };
            let page = page(client.repositories().list(options), after, |name| name).await?;
            // The lists of repositories that come one after the other are read next.
            let names: Vec<RepositoryName> = page.rows.iter().filter_map(|name| name.parse().ok()).collect();
            client.share_tokens(&names);
            Answer::Catalog(page)
        }
        Task::Manifests { repository, after } => {
            let options = ManifestListOptions { n: Some(PAGE), ..ManifestListOptions::default() };
            let pager = client.manifests().list(&name(repository)?, options);
            Answer::Manifests(page(pager, after, |row| ManifestRow::from(&row)).await?)
        }
        Task::Tags { repository, after } => {
            let options = TagListOptions { n: Some(PAGE), ..TagListOptions::default() };
            let pager = client.tags().list(&name(repository)?, options);
            Answer::Tags(page(pager, after, |row| TagRow::from(&row)).await?)
        }
        Task::Attributes { repository } => {
            let attributes = client.repositories().attributes(&name(repository)?).await?;
            Answer::Attributes(RepositoryRow::from(&attributes))
        }
        Task::Content { repository, digest } => {
            let reference = Reference::Digest(digest.parse()?);
            let manifest = client.manifests().get(&name(repository)?, &reference).await?;
            let size = u64::try_from(manifest.bytes.len()).unwrap_or(u64::MAX);
            Answer::Content(Content::of_manifest(&manifest.manifest, size))
        }
        Task::Config { repository, config, .. } => {
            let digest = config.parse()?;
            let bytes = client.blobs().get_bytes(&name(repository)?, &digest, LARGEST_CONFIG).await?;
            // Other fields may be malformed.
            let config: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            let diff_ids = config.pointer("/rootfs/diff_ids").and_then(Value::as_array);
            let texts = diff_ids.into_iter().flatten().filter_map(Value::as_str);
            Answer::DiffIds(texts.map(str::to_owned).collect())
        }
    })
}

/// Puts what a task was answered with into the inventory. A list or a manifest that is answered with 404 is gone, which is an answer too;
/// content that is not what its digest names stays unknown for good.
///
/// # Errors
/// The error of the answer, where nothing could be read from it.
pub fn store(inventory: &mut Inventory, task: &Task, answer: Result<Answer, Error>) -> Result<(), Error> {
    let error = match answer {
        Ok(answer) => {
            answer.store(inventory, task);
            return Ok(());
        }
        Err(error) => error,
    };
    match (error.kind(), task) {
        (_, Task::Catalog { .. }) => Err(error),
        (ErrorKind::NotFound, Task::Content { repository, digest }) => {
            inventory.remove_manifest(repository, digest);
            Ok(())
        }
        (
            ErrorKind::NotFound,
            Task::Manifests { repository, .. }
            | Task::Tags { repository, .. }
            | Task::Attributes { repository },
        ) => {
            inventory.remove_repository(repository);
            Ok(())
        }
        (ErrorKind::Decode | ErrorKind::DigestMismatch, Task::Content { digest, .. }) => {
            inventory.mark_unreadable(digest);
            Err(error)
        }
        _ => Err(error),
    }
}

impl Answer {
    fn store(self, inventory: &mut Inventory, task: &Task) {
        match (self, task) {
            (Self::Catalog(page), _) => inventory.read_catalog(&page),
            (Self::Manifests(page), Task::Manifests { repository, .. }) => {
                inventory.read_manifests(repository, &page);
            }
            (Self::Tags(page), Task::Tags { repository, .. }) => inventory.read_tags(repository, &page),
            (Self::Attributes(row), Task::Attributes { repository }) => {
                inventory.read_repository(repository, row);
            }
            (Self::Content(content), Task::Content { digest, .. }) => {
                inventory.read_content(digest, &content);
            }
            (Self::DiffIds(diff_ids), Task::Config { image, .. }) => {
                inventory.read_diff_ids(image, &diff_ids);
            }
            // An answer to another task says nothing about this one.
            _ => {}
        }
    }
}

fn name(text: &str) -> Result<RepositoryName, Error> {
    Ok(text.parse::<RepositoryName>()?)
}

async fn page<T, U>(pager: Pager<T>, after: &str, row: impl Fn(T) -> U) -> Result<Page<U>, Error> {
    let mut pager = if after.is_empty() { pager } else { pager.resume(after) };
    let page = pager.next_page().await?;
    let (items, next) = page.map(|page| (page.items, page.continuation_token)).unwrap_or_default();
    Ok(Page { after: after.to_owned(), next, rows: items.into_iter().map(row).collect() })
}
