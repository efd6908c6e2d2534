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
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// What it answered was read into the inventory.
    Read,
    /// It is to be sent again: no answer came, or the registry asked to wait.
    Retry,
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
    queue: VecDeque<Task>,
    in_flight: HashSet<Task>,
    failed: HashSet<Task>,
    attempts: HashMap<Task, u32>,
    done: usize,
    stale: bool,
}

/// A request that ends without an answer so often has failed for good.
const MOST_ATTEMPTS: u32 = 5;

impl Scan {
    /// A scan that has not begun.
    #[must_use]
    pub fn new() -> Self {
        Self { stale: true, ..Self::default() }
    }

    /// The next request; `None` while the rest waits for what is under way, and at the end. The caller bounds how many are under way.
    pub fn next_task(&mut self, inventory: &Inventory) -> Option<Task> {
        if self.queue.is_empty() && self.stale {
            self.stale = false;
            self.fill(inventory);
        }
        let task = self.queue.pop_front()?;
        self.in_flight.insert(task.clone());
        Some(task)
    }

    /// Records how a request ended, after its answer was read into the inventory.
    pub fn finish(&mut self, task: &Task, outcome: Outcome) {
        self.in_flight.remove(task);
        self.stale = true;
        match outcome {
            Outcome::Read => self.done += 1,
            Outcome::Failed => {
                self.failed.insert(task.clone());
            }
            Outcome::Retry => {
                let attempts = self.attempts.entry(task.clone()).or_default();
                *attempts += 1;
                if *attempts >= MOST_ATTEMPTS {
                    self.failed.insert(task.clone());
                } else {
                    self.queue.push_back(task.clone());
                }
            }
        }
    }

    /// Whether nothing is left to ask for and nothing is under way. What failed stays unread.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.queue.is_empty() && self.in_flight.is_empty() && !self.stale
    }

    /// Asks again for what failed.
    pub fn retry_failed(&mut self) {
        self.failed.clear();
        self.attempts.clear();
        self.stale = true;
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
        let missing = missing(inventory);
        let remaining = missing.tasks.iter().filter(|task| !self.failed.contains(task)).count();
        Progress {
            done: self.done,
            remaining,
            failed: self.failed.len(),
            lists_complete: missing.lists_complete,
        }
    }

    fn fill(&mut self, inventory: &Inventory) {
        let wanted = |task: &Task| !self.in_flight.contains(task) && !self.failed.contains(task);
        self.queue = missing(inventory).tasks.into_iter().filter(wanted).collect();
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

struct Missing {
    tasks: Vec<Task>,
    lists_complete: bool,
}

/// Everything that can be asked for now and was not read.
fn missing(inventory: &Inventory) -> Missing {
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
    let lists_complete = tasks.is_empty();
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
    Missing { tasks, lists_complete }
}
