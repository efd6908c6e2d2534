//! Reading a registry: the requests of a scan, several at the same time, and their answers put into the inventory.

use acr_client_wasm::{Error, RegistryClient};
use acr_inventory::Inventory;
use acr_inventory::request::{answer, store};
use acr_inventory::scan::{Outcome, Scan, Task};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

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
        match store(&mut inventory, &task, answer) {
            Ok(()) => scan.finish(&task, Outcome::Read),
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
