//! Where an inventory comes from: a snapshot file, or a registry that is scanned.

use std::io::Read as _;
use std::path::Path;

use acr_client_wasm::{
    Credential, Error, ErrorKind, ListOptions, ManifestListOptions, Reference, RegistryClient,
    RepositoryName, Secret, TagListOptions,
};
use acr_inventory::scan::{Outcome, Scan, Task};
use acr_inventory::snapshot::{Snapshot, read};
use acr_inventory::{Content, Instant, Inventory, ManifestRow, Page, RepositoryRow, TagRow};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::failure::Failure;
use crate::options::Options;
use crate::transport::{HyperTransport, SystemEnvironment};

/// Items a page: more than the registry's own 100 makes fewer requests.
const PAGE: u32 = 1000;

/// An inventory, and how much of it could be had.
pub(crate) struct Loaded {
    pub(crate) snapshot: Snapshot,
    failed: usize,
}

impl Loaded {
    /// 5 where something could not be read, else 0.
    pub(crate) fn exit_code(&self) -> u8 {
        if self.failed > 0 { 5 } else { 0 }
    }
}

/// Reads a source: a file where there is one of that name, else a registry.
pub(crate) fn load(source: &str, options: &Options) -> Result<Loaded, Failure> {
    if Path::new(source).is_file() {
        let text =
            std::fs::read_to_string(source).map_err(|error| Failure::file(Path::new(source), &error))?;
        let snapshot = read(&text).map_err(|error| Failure::snapshot(source, &error))?;
        return Ok(Loaded { snapshot, failed: 0 });
    }
    let endpoint = if source.contains("://") { source.to_owned() } else { format!("https://{source}") };
    let host = endpoint.split("://").nth(1).unwrap_or_default();
    if !host.contains(['.', ':']) && !host.starts_with("localhost") {
        return Err(Failure::File(format!("{source} is neither a file nor a registry")));
    }
    let transport = HyperTransport::new().map_err(|error| Failure::Usage(error.to_string()))?;
    let client = RegistryClient::builder(&endpoint)
        .credential(credential(options)?)
        .transport(transport)
        .environment(SystemEnvironment)
        .build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Usage(error.to_string()))?;
    runtime.block_on(scan(&client, options))
}

/// The credential of the environment. It is never an argument, which other users of the machine can see.
fn credential(options: &Options) -> Result<Credential, Failure> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let Some(token) = variable("ACR_REFRESH_TOKEN") {
        return Ok(Credential::RefreshToken(Secret::new(token)));
    }
    let Some(username) = variable("ACR_USERNAME") else { return Ok(Credential::Anonymous) };
    let password = if options.password_stdin {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.map_err(|error| Failure::Usage(format!("standard input: {error}")))?;
        Some(text.trim_end_matches(['\r', '\n']).to_owned())
    } else {
        variable("ACR_PASSWORD")
    };
    let password =
        password.ok_or_else(|| Failure::Usage("ACR_USERNAME is set and ACR_PASSWORD is not".to_owned()))?;
    Ok(Credential::Password { username, password: Secret::new(password) })
}

async fn scan(client: &RegistryClient, options: &Options) -> Result<Loaded, Failure> {
    let mut inventory = Inventory::new(client.login_server());
    if !options.repository.is_empty() {
        for name in &options.repository {
            inventory.add_repository(name);
        }
    }
    let started = SystemEnvironment::now_instant();
    let mut scan = Scan::new();
    let mut under_way = FuturesUnordered::new();
    let mut first_error = None;
    loop {
        while under_way.len() < usize::from(options.concurrency) {
            let Some(task) = scan.next_task(&inventory) else { break };
            if matches!(task, Task::Catalog { .. }) && !options.repository.is_empty() {
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
            Err(error) if error.kind() == ErrorKind::NotFound => {
                gone(&mut inventory, &task);
                scan.finish(&task, Outcome::Read);
            }
            Err(error) => {
                let fatal = matches!(task, Task::Catalog { .. });
                scan.finish(&task, Outcome::Failed);
                if fatal {
                    return Err(error.into());
                }
                first_error.get_or_insert(error);
            }
        }
    }
    // The catalog that was not asked for is no failure.
    let failed = scan.failed().iter().filter(|task| !matches!(task, Task::Catalog { .. })).count();
    if let Some(error) = first_error {
        eprintln!("acr-inventory: {failed} requests failed, the first with: {error}");
    }
    Ok(Loaded { snapshot: Snapshot { inventory, taken: started }, failed })
}

impl SystemEnvironment {
    fn now_instant() -> Instant {
        use acr_client_wasm::Environment as _;
        let millis = i64::try_from(Self.now().as_millis()).unwrap_or(i64::MAX);
        Instant::from_unix_millis(millis)
    }
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
