//! Reading a registry: the requests of a scan, several at the same time, and their answers put into the inventory.

use acr_client_wasm::{
    Error, ErrorKind, ListOptions, ManifestListOptions, Reference, RegistryClient, RepositoryName,
    TagListOptions,
};
use acr_inventory::scan::{Outcome, Scan, Task};
use acr_inventory::{Content, Inventory, ManifestRow, Page, RepositoryRow, TagRow};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

/// Items a page: more than the registry's own 100 makes fewer requests.
const PAGE: u32 = 1000;

/// A registry as it was read.
pub(crate) struct Reading {
    /// What was read.
    pub(crate) inventory: Inventory,
    /// How many requests failed for good.
    pub(crate) failed: usize,
    /// The first of their errors.
    pub(crate) first_error: Option<Error>,
}

/// Reads a registry, or some of its repositories where any are named, with at most so many requests at the same time.
///
/// # Errors
/// Where the catalog cannot be read. Anything else that cannot is counted.
pub(crate) async fn read_registry(
    client: &RegistryClient,
    repositories: &[String],
    concurrency: usize,
) -> Result<Reading, Error> {
    let mut inventory = Inventory::new(client.login_server());
    for name in repositories {
        inventory.add_repository(name);
    }
    let is_catalog = |task: &Task| matches!(task, Task::Catalog { .. });
    let mut scan = Scan::new();
    let mut under_way = FuturesUnordered::new();
    let mut first_error = None;
    loop {
        while under_way.len() < concurrency {
            let Some(task) = scan.next_task(&inventory) else { break };
            if is_catalog(&task) && !repositories.is_empty() {
                scan.finish(&task, Outcome::Failed);
                continue;
            }
            under_way.push(async move { (answer(client, &task).await, task) });
        }
        let Some((answer, task)) = under_way.next().await else { break };
        match answer {
            Ok(answer) => {
                answer.store(&mut inventory, &task);
                scan.finish(&task, Outcome::Read);
            }
            Err(error) if error.kind() == ErrorKind::NotFound && !is_catalog(&task) => {
                gone(&mut inventory, &task);
                scan.finish(&task, Outcome::Read);
            }
            Err(error) if is_catalog(&task) => return Err(error),
            Err(error) => {
                scan.finish(&task, Outcome::Failed);
                first_error.get_or_insert(error);
            }
        }
    }
    // The catalog that was not asked for is no failure.
    let failed = scan.failed().iter().filter(|task| !is_catalog(task)).count();
    Ok(Reading { inventory, failed, first_error })
}

/// What a request was answered with.
enum Answer {
    Catalog(Page<String>),
    Manifests(Page<ManifestRow>),
    Tags(Page<TagRow>),
    Attributes(RepositoryRow),
    Content(Content),
}

impl Answer {
    fn store(self, inventory: &mut Inventory, task: &Task) {
        match (self, task) {
            (Self::Catalog(page), _) => inventory.read_catalog(&page),
            (Self::Manifests(page), Task::Manifests { repository, .. }) => {
                inventory.read_manifests(repository, &page)
            }
            (Self::Tags(page), Task::Tags { repository, .. }) => inventory.read_tags(repository, &page),
            (Self::Attributes(row), Task::Attributes { repository }) => {
                inventory.read_repository(repository, row)
            }
            (Self::Content(content), Task::Content { digest, .. }) => {
                inventory.read_content(digest, &content)
            }
            _ => {}
        }
    }
}

/// A list or a manifest that is answered with 404 is gone.
fn gone(inventory: &mut Inventory, task: &Task) {
    match task {
        Task::Catalog { .. } => {}
        Task::Content { repository, digest } => inventory.remove_manifest(repository, digest),
        Task::Manifests { repository, .. }
        | Task::Tags { repository, .. }
        | Task::Attributes { repository } => {
            inventory.remove_repository(repository);
        }
    }
}

async fn answer(client: &RegistryClient, task: &Task) -> Result<Answer, Error> {
    Ok(match task {
        Task::Catalog { after } => {
            let options = ListOptions { n: Some(PAGE), ..ListOptions::default() };
            Answer::Catalog(page(client.repositories().list(options), after, |name| name.to_string()).await?)
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
    })
}

fn name(text: &str) -> Result<RepositoryName, Error> {
    Ok(text.parse::<RepositoryName>()?)
}

async fn page<T, U>(
    pager: acr_client_wasm::Pager<T>,
    after: &str,
    row: impl Fn(T) -> U,
) -> Result<Page<U>, Error> {
    let mut pager = if after.is_empty() { pager } else { pager.resume(after) };
    let page = pager.next_page().await?;
    let (items, next) = page.map(|page| (page.items, page.continuation_token)).unwrap_or_default();
    Ok(Page { after: after.to_owned(), next, rows: items.into_iter().map(row).collect() })
}
