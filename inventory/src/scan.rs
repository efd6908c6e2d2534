//! What to ask a registry next, so that an inventory becomes complete: lists first, since they carry sizes, then every manifest once.
//!
//! Nothing is kept but what is under way: what is missing follows from the inventory, so a scan goes on after a reload, from a snapshot,
//! or after the registry changed.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::id::DigestId;
use crate::inventory::Inventory;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Task {
    /// A page of the catalog, by its cursor; answer with [`Inventory::read_catalog`].
    Catalog {
        /// The cursor; empty for the first page.
        after: String,
    },
    /// A page of a repository's manifests; answer with [`Inventory::read_manifests`].
    Manifests {
        /// The repository.
        repository: String,
        /// The cursor; empty for the first page.
        after: String,
    },
    /// A page of a repository's tags; answer with [`Inventory::read_tags`].
    Tags {
        /// The repository.
        repository: String,
        /// The cursor; empty for the first page.
        after: String,
    },
    /// A repository's attributes, for its locks; answer with [`Inventory::read_repository`].
    Attributes {
        /// The repository.
        repository: String,
    },
    /// A manifest's content; answer with [`Inventory::read_content`].
    Content {
        /// A repository that has it.
        repository: String,
        /// The manifest's digest.
        digest: String,
    },
    /// An image's config, for the digests of its uncompressed layers; answer with [`Inventory::read_diff_ids`]. Asked for after everything
    /// else, and only once [`Scan::read_configs`] was called.
    Config {
        /// A repository that has the image.
        repository: String,
        /// The image's digest.
        image: String,
        /// The config's digest.
        config: String,
    },
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// What it answered was read into the inventory.
    Read,
    /// It is to be sent again, since no answer came. After a few times it has failed.
    Retry,
    /// It is to be sent again, since the registry asked to wait or the scan was paused: however often that happens, it has not failed.
    Later,
    /// It failed for good: not permitted, or content that cannot be read. It is not asked for again.
    Failed,
}

/// How far a scan is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Requests that were answered.
    pub done: usize,
    /// Requests that are known to remain; lists may turn out to have more pages.
    pub remaining: usize,
    /// Requests that failed for good.
    pub failed: usize,
    /// Whether all lists were read, so that `remaining` cannot grow any more.
    pub lists_complete: bool,
}

/// The queue of a scan.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// Pages of lists and attributes, which go first.
    lists: VecDeque<Task>,
    contents: VecDeque<Task>,
    in_flight: HashSet<Task>,
    failed: HashSet<Task>,
    attempts: HashMap<Task, u32>,
    done: usize,
    /// Whether an answer came since the contents were queued.
    stale: bool,
    /// Whether a list was answered since the lists were queued.
    stale_lists: bool,
    /// The repository that is read before the others.
    first: Option<String>,
    /// Whether configs are asked for.
    with_configs: bool,
    /// The images whose configs were read, by digest: one that states no digests of layers is not asked for again.
    configs: HashSet<String>,
}

/// A request that ends without an answer so often has failed for good.
const MOST_ATTEMPTS: u32 = 5;

impl Scan {
    /// A scan that has not begun.
    #[must_use]
    pub fn new() -> Self {
        Self { stale: true, stale_lists: true, ..Self::default() }
    }

    /// Reads a repository before the others: the one that a person looks at.
    pub fn read_first(&mut self, repository: &str) {
        self.first = Some(repository.to_owned());
        self.lists.clear();
        self.contents.clear();
        self.stale = true;
        self.stale_lists = true;
    }

    /// Reads the config of each image too, with which [`Graph::repeated`](crate::Graph::repeated) finds layers that are stored in several
    /// compressions.
    pub fn read_configs(&mut self) {
        self.with_configs = true;
        self.stale = true;
    }

    /// The next request; `None` while the rest waits for what is under way, and at the end. The caller bounds how many are under way.
    pub fn next_task(&mut self, inventory: &Inventory) -> Option<Task> {
        if self.stale_lists {
            self.stale_lists = false;
            self.lists = self.wanted(missing_lists(inventory));
        }
        if self.lists.is_empty() && self.contents.is_empty() && self.stale {
            self.stale = false;
            self.contents = self.wanted(missing_contents(inventory));
            if self.contents.is_empty() {
                self.contents = self.wanted(self.missing_configs(inventory));
            }
        }
        let task = self.lists.pop_front().or_else(|| self.contents.pop_front())?;
        self.in_flight.insert(task.clone());
        Some(task)
    }

    /// Records how a request ended, after its answer was read into the inventory.
    pub fn finish(&mut self, task: &Task, outcome: Outcome) {
        self.in_flight.remove(task);
        self.stale = true;
        self.stale_lists |= task.is_list();
        match outcome {
            Outcome::Read => {
                self.done += 1;
                if let Task::Config { image, .. } = task {
                    self.configs.insert(image.clone());
                }
            }
            Outcome::Failed => {
                self.failed.insert(task.clone());
            }
            Outcome::Retry => {
                let attempts = self.attempts.entry(task.clone()).or_default();
                *attempts += 1;
                if *attempts >= MOST_ATTEMPTS {
                    self.failed.insert(task.clone());
                } else {
                    self.put_back(task);
                }
            }
            Outcome::Later => self.put_back(task),
        }
    }

    /// Whether nothing is left to ask for and nothing is under way. What failed stays unread.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        let nothing_queued = self.lists.is_empty() && self.contents.is_empty();
        nothing_queued && self.in_flight.is_empty() && !self.stale && !self.stale_lists
    }

    /// Asks again for what failed.
    pub fn retry_failed(&mut self) {
        self.failed.clear();
        self.attempts.clear();
        self.stale = true;
        self.stale_lists = true;
    }

    /// What failed for good, in order.
    #[must_use]
    pub fn failed(&self) -> Vec<&Task> {
        let mut failed: Vec<&Task> = self.failed.iter().collect();
        failed.sort_unstable();
        failed
    }

    /// How far the scan is.
    #[must_use]
    pub fn progress(&self, inventory: &Inventory) -> Progress {
        let (lists, contents) = (missing_lists(inventory), missing_contents(inventory));
        let open = |tasks: &[Task]| tasks.iter().filter(|task| !self.failed.contains(task)).count();
        let open_lists = open(&lists);
        Progress {
            done: self.done,
            remaining: open_lists + open(&contents) + open(&self.missing_configs(inventory)),
            failed: self.failed.len(),
            lists_complete: open_lists == 0,
        }
    }

    /// The config of every image whose layers' uncompressed digests are not known, each image once. Images that are compressed differently
    /// may have the same config, which is asked for with each of them.
    fn missing_configs(&self, inventory: &Inventory) -> Vec<Task> {
        let mut tasks = Vec::new();
        let mut seen: HashSet<DigestId> = HashSet::new();
        for id in inventory.repositories().filter(|_| self.with_configs) {
            for manifest in inventory.manifests(id).filter_map(|id| inventory.manifest(id)) {
                let content = inventory.content_of(manifest.digest).and_then(|id| inventory.content(id));
                let Some(config) = content.and_then(|content| inventory.unread_config(content)) else {
                    continue;
                };
                let image = inventory.digest_text(manifest.digest);
                if seen.insert(manifest.digest) && !self.configs.contains(&image) {
                    tasks.push(Task::Config {
                        repository: inventory.repository_name(id).to_owned(),
                        image,
                        config: inventory.digest_text(config),
                    });
                }
            }
        }
        tasks
    }

    fn put_back(&mut self, task: &Task) {
        let queue = if task.is_list() { &mut self.lists } else { &mut self.contents };
        queue.push_back(task.clone());
    }

    /// What is neither under way nor has failed, in the order in which it is asked for.
    fn wanted(&self, tasks: Vec<Task>) -> VecDeque<Task> {
        let wanted = |task: &Task| !self.in_flight.contains(task) && !self.failed.contains(task);
        let is_first = |task: &Task| self.first.is_some() && task.repository() == self.first.as_deref();
        let (first, rest): (Vec<Task>, Vec<Task>) = tasks.into_iter().filter(wanted).partition(is_first);
        first.into_iter().chain(rest).collect()
    }
}

impl Task {
    /// Whether it is a list or attributes, not content.
    fn is_list(&self) -> bool {
        !matches!(self, Self::Content { .. } | Self::Config { .. })
    }

    /// The repository that it is about; `None` for the catalog.
    #[must_use]
    pub fn repository(&self) -> Option<&str> {
        match self {
            Self::Catalog { .. } => None,
            Self::Manifests { repository, .. }
            | Self::Tags { repository, .. }
            | Self::Attributes { repository }
            | Self::Content { repository, .. }
            | Self::Config { repository, .. } => Some(repository),
        }
    }
}

impl Progress {
    /// Milliseconds that the rest takes at a rate of so many requests a minute; `None` for a rate of nothing.
    #[must_use]
    pub fn millis_left(&self, requests_per_minute: f64) -> Option<u64> {
        // The cast saturates, and a remainder beyond 2^53 requests is not a case.
        let left = self.remaining as f64 * 60_000.0 / requests_per_minute;
        (requests_per_minute > 0.0 && left.is_finite()).then_some(left as u64)
    }
}

/// Every page of a list, and every repository's attributes, that can be asked for now and was not read.
fn missing_lists(inventory: &Inventory) -> Vec<Task> {
    let mut tasks = Vec::new();
    if let Some(after) = inventory.catalog().gap() {
        tasks.push(Task::Catalog { after: after.to_owned() });
    }
    for entry in inventory.repositories().filter_map(|id| inventory.repository(id)) {
        let repository = || entry.name.to_string();
        if let Some(after) = entry.manifest_pages.gap() {
            tasks.push(Task::Manifests { repository: repository(), after: after.to_owned() });
        }
        if let Some(after) = entry.tag_pages.gap() {
            tasks.push(Task::Tags { repository: repository(), after: after.to_owned() });
        }
        if entry.row.is_none() {
            tasks.push(Task::Attributes { repository: repository() });
        }
    }
    tasks
}

/// Every manifest that a list names and that was not read, each digest once.
fn missing_contents(inventory: &Inventory) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut seen: HashSet<DigestId> = HashSet::new();
    for id in inventory.repositories() {
        for manifest in inventory.manifests(id).filter_map(|id| inventory.manifest(id)) {
            let unread = inventory.content_of(manifest.digest).is_none();
            if unread && !inventory.is_unreadable(manifest.digest) && seen.insert(manifest.digest) {
                let digest = inventory.digest_text(manifest.digest);
                tasks.push(Task::Content { repository: inventory.repository_name(id).to_owned(), digest });
            }
        }
    }
    tasks
}
