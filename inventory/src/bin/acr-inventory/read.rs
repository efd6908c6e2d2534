//! Reading a registry: the requests of a scan, several at the same time and as fast as the registry lets them, and their answers put into the
//! inventory.

use std::cell::RefCell;

use acr_client_wasm::{Environment, Error, RegistryClient};
use acr_inventory::request::{Answer, answer, store};
use acr_inventory::scan::{Outcome, Scan, Task};
use acr_inventory::{Inventory, RepositoryRow};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::pace::{Pace, Verdict};
use crate::progress::Reporter;

/// What to read, and how.
pub(crate) struct Request<'a> {
    /// The repositories to read, without the catalog; all of the registry where none is named.
    pub(crate) repositories: &'a [String],
    /// Requests at the same time.
    pub(crate) concurrency: usize,
    /// Whether progress is reported where there is no terminal too.
    pub(crate) verbose: bool,
}

/// A registry as it was read.
pub(crate) struct Reading {
    /// What was read. Its registry is what the service calls itself, whatever address it was reached by.
    pub(crate) inventory: Inventory,
    /// How many requests failed for good.
    pub(crate) failed: usize,
    /// The first of their errors.
    pub(crate) first_error: Option<Error>,
    /// The error after which nothing more was asked for.
    pub(crate) gave_up: Option<Error>,
}

/// Reads a registry. Where it asks to wait that is done, and what it fails to answer is asked for again a few times.
///
/// # Errors
/// Where the catalog cannot be read, or nothing at all. Anything else that cannot is counted.
pub(crate) async fn read_registry(
    client: &RegistryClient,
    environment: &impl Environment,
    request: &Request<'_>,
) -> Result<Reading, Error> {
    let mut reader = Reader::new(client, request);
    let pace = RefCell::new(Pace::default());
    let mut reporter = Reporter::new(request.verbose);
    let mut under_way = FuturesUnordered::new();
    loop {
        while under_way.len() < request.concurrency {
            let Some(task) = reader.next_task() else { break };
            let pace = &pace;
            under_way.push(async move {
                loop {
                    let wait = pace.borrow().wait(environment.now());
                    if wait.is_zero() {
                        break (ask(client, &task).await, task);
                    }
                    environment.sleep(wait).await;
                }
            });
        }
        let Some((answer, task)) = under_way.next().await else { break };
        let now = environment.now();
        if !reader.take(&task, answer, &mut pace.borrow_mut(), now) {
            break;
        }
        reporter.waits(pace.borrow().wait(now), now);
        if reporter.is_due(now) {
            reporter.report(&reader.scan.progress(&reader.inventory), now);
        }
    }
    reporter.clear();
    reader.finish()
}

/// An answer, and what the registry calls itself where it says so.
struct Answered {
    answer: Answer,
    registry: Option<String>,
}

async fn ask(client: &RegistryClient, task: &Task) -> Result<Answered, Error> {
    if let Task::Attributes { repository } = task {
        let attributes = client.repositories().attributes(&repository.parse()?).await?;
        let answer = Answer::Attributes(RepositoryRow::from(&attributes));
        return Ok(Answered { answer, registry: Some(attributes.registry) });
    }
    Ok(Answered { answer: answer(client, task).await?, registry: None })
}

struct Reader {
    inventory: Inventory,
    scan: Scan,
    /// Whether the catalog is not asked for.
    without_catalog: bool,
    first_error: Option<Error>,
    /// The last error of a request that was sent again.
    last_error: Option<Error>,
    catalog_error: Option<Error>,
    gave_up: Option<Error>,
    has_answers: bool,
}

fn is_catalog(task: &Task) -> bool {
    matches!(task, Task::Catalog { .. })
}

impl Reader {
    fn new(client: &RegistryClient, request: &Request<'_>) -> Self {
        let mut inventory = Inventory::new(client.login_server());
        for name in request.repositories {
            inventory.add_repository(name);
        }
        Self {
            inventory,
            scan: Scan::new(),
            without_catalog: !request.repositories.is_empty(),
            first_error: None,
            last_error: None,
            catalog_error: None,
            gave_up: None,
            has_answers: false,
        }
    }

    fn next_task(&mut self) -> Option<Task> {
        loop {
            let task = self.scan.next_task(&self.inventory)?;
            if !is_catalog(&task) || !self.without_catalog {
                return Some(task);
            }
            self.scan.finish(&task, Outcome::Failed);
        }
    }

    /// Takes an answer in; `false` where nothing more is to be asked for.
    fn take(
        &mut self,
        task: &Task,
        answered: Result<Answered, Error>,
        pace: &mut Pace,
        now: std::time::Duration,
    ) -> bool {
        let answer = answered.map(|answered| {
            if let Some(registry) = answered.registry.filter(|registry| !registry.is_empty()) {
                self.inventory.set_registry(&registry);
            }
            answered.answer
        });
        let Err(error) = store(&mut self.inventory, task, answer) else {
            pace.answered();
            self.has_answers = true;
            self.scan.finish(task, Outcome::Read);
            return true;
        };
        match pace.failed(&error, now) {
            Verdict::GiveUp => {
                self.gave_up = Some(error);
                return false;
            }
            Verdict::GoOn(outcome) => {
                self.scan.finish(task, outcome);
                if is_catalog(task) {
                    self.catalog_error = Some(error);
                } else if outcome == Outcome::Failed {
                    self.first_error.get_or_insert(error);
                } else {
                    self.last_error = Some(error);
                }
            }
        }
        true
    }

    fn finish(self) -> Result<Reading, Error> {
        if !self.has_answers
            && let Some(error) = self.gave_up
        {
            return Err(error);
        }
        let (catalog, others): (Vec<&Task>, Vec<&Task>) =
            self.scan.failed().into_iter().partition(|task| is_catalog(task));
        // A catalog that was not asked for is no failure.
        if !catalog.is_empty()
            && let Some(error) = self.catalog_error
        {
            return Err(error);
        }
        let failed = others.len();
        let first_error = self.first_error.or(self.last_error.filter(|_| failed > 0));
        Ok(Reading { inventory: self.inventory, failed, first_error, gave_up: self.gave_up })
    }
}
