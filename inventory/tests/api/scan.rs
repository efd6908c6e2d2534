//! Scans: what is asked for, in which order, and when it ends.

use std::collections::BTreeSet;

use acr_inventory::scan::{Outcome, Scan, Task};
use acr_inventory::{Inventory, Page, RepositoryRow};

use crate::sample::{Sample, digest, reference};

fn registry() -> Sample {
    let mut sample = Sample::default();
    for repository in ["app", "copy"] {
        sample.image(repository, "one", 1, &[("a", 10)]);
        sample.index(repository, "index", 1, &["one"]);
        sample.tag(repository, "1", "index", 1);
    }
    sample
}

/// Answers a task from the sample, lists in pages of one row.
fn answer(sample: &Sample, inventory: &mut Inventory, task: &Task) {
    fn page<T: Clone>(rows: &[T], after: &str) -> Page<T> {
        let place: usize = after.parse().unwrap_or_default();
        let next = (place + 1 < rows.len()).then(|| (place + 1).to_string());
        Page { after: after.to_owned(), next, rows: rows.get(place).cloned().into_iter().collect() }
    }
    match task {
        Task::Catalog { after } => {
            let names: Vec<String> = sample.manifests.keys().cloned().collect();
            inventory.read_catalog(&page(&names, after));
        }
        Task::Manifests { repository, after } => {
            inventory.read_manifests(repository, &page(&sample.manifests[repository], after));
        }
        Task::Tags { repository, after } => {
            inventory.read_tags(repository, &page(&sample.tags[repository], after));
        }
        Task::Attributes { repository } => inventory.read_repository(repository, RepositoryRow::default()),
        Task::Content { digest, .. } => inventory.read_content(digest, &sample.contents[digest]),
        Task::Config { image, .. } => {
            let layers = sample.contents[image].blobs.len() - 1;
            inventory.read_diff_ids(image, &vec![digest("plain"); layers]);
        }
    }
}

#[test]
fn a_scan_reads_lists_first_and_every_manifest_once() {
    let sample = registry();
    let mut inventory = Inventory::new("contoso.azurecr.io");
    let mut scan = Scan::new();
    let mut tasks = Vec::new();
    while let Some(task) = scan.next_task(&inventory) {
        answer(&sample, &mut inventory, &task);
        scan.finish(&task, Outcome::Read);
        tasks.push(task);
    }
    assert!(scan.is_finished() && inventory.graph().is_complete());
    let contents = tasks.iter().filter(|task| matches!(task, Task::Content { .. })).count();
    assert_eq!(contents, 2, "the same digest in two repositories is read once");
    let distinct: BTreeSet<&Task> = tasks.iter().collect();
    assert_eq!(distinct.len(), tasks.len());
    let progress = scan.progress(&inventory);
    assert_eq!((progress.done, progress.remaining), (tasks.len(), 0));
    let mut again = Scan::new();
    assert_eq!(again.next_task(&inventory), None, "a second visit asks for nothing that is known");
    assert!(again.is_finished());
}

#[test]
fn every_page_of_a_list_comes_before_any_manifest() {
    let sample = registry();
    let mut inventory = Inventory::new("contoso.azurecr.io");
    let mut scan = Scan::new();
    scan.read_first("copy");
    let mut tasks = Vec::new();
    while let Some(task) = scan.next_task(&inventory) {
        answer(&sample, &mut inventory, &task);
        scan.finish(&task, Outcome::Read);
        tasks.push(task);
    }
    let first_content = tasks.iter().position(|task| matches!(task, Task::Content { .. })).unwrap();
    let last_list = tasks.iter().rposition(|task| !matches!(task, Task::Content { .. })).unwrap();
    assert!(last_list < first_content, "{tasks:?}");
    let repositories: Vec<&str> = tasks.iter().filter_map(Task::repository).collect();
    let known = repositories.iter().position(|name| *name == "copy").unwrap();
    assert!(repositories[known..].iter().take(3).all(|name| *name == "copy"), "{repositories:?}");
}

#[test]
fn lists_that_are_forgotten_are_read_again_and_contents_are_not() {
    let sample = registry();
    let mut inventory = Inventory::new("contoso.azurecr.io");
    let read = |inventory: &mut Inventory| {
        let mut scan = Scan::new();
        let mut contents = 0;
        while let Some(task) = scan.next_task(inventory) {
            answer(&sample, inventory, &task);
            scan.finish(&task, Outcome::Read);
            contents += usize::from(matches!(task, Task::Content { .. }));
        }
        contents
    };
    assert_eq!(read(&mut inventory), 2);
    let figures = inventory.graph().registry_figures();
    inventory.forget_lists();
    assert_eq!(inventory.repositories().count(), 0);
    assert_eq!(read(&mut inventory), 0);
    assert_eq!(inventory.graph().registry_figures(), figures);
}

#[test]
fn what_has_to_wait_never_fails() {
    let inventory = Inventory::new("contoso.azurecr.io");
    let mut scan = Scan::new();
    for _ in 0..20 {
        let task = scan.next_task(&inventory).unwrap();
        scan.finish(&task, Outcome::Later);
    }
    assert!(scan.failed().is_empty() && !scan.is_finished());
}

#[test]
fn a_scan_waits_for_what_is_under_way() {
    let sample = registry();
    let mut inventory = Inventory::new("contoso.azurecr.io");
    let mut scan = Scan::new();
    let catalog = scan.next_task(&inventory).unwrap();
    assert_eq!(scan.next_task(&inventory), None);
    assert!(!scan.is_finished());
    answer(&sample, &mut inventory, &catalog);
    scan.finish(&catalog, Outcome::Read);
    assert!(scan.next_task(&inventory).is_some());
}

#[test]
fn what_fails_is_tried_again_and_given_up() {
    let inventory = Inventory::new("contoso.azurecr.io");
    let mut scan = Scan::new();
    let mut attempts = 0;
    while let Some(task) = scan.next_task(&inventory) {
        attempts += 1;
        scan.finish(&task, Outcome::Retry);
    }
    assert!(attempts > 1 && scan.is_finished());
    assert_eq!((scan.failed().len(), scan.progress(&inventory).remaining), (1, 0));
    scan.retry_failed();
    let task = scan.next_task(&inventory).unwrap();
    scan.finish(&task, Outcome::Failed);
    assert_eq!((scan.next_task(&inventory), scan.is_finished()), (None, true));
}

#[test]
fn time_left_follows_from_the_rate() {
    let sample = registry();
    let inventory = sample.lists();
    let progress = Scan::new().progress(&inventory);
    assert_eq!(progress.remaining, 4, "two manifests and the attributes of two repositories");
    assert_eq!(progress.millis_left(120.0), Some(2_000));
    assert_eq!((progress.millis_left(0.0), progress.millis_left(f64::NAN)), (None, None));
    assert!(inventory.find_digest(&digest("one")).is_some());
}

#[test]
fn configs_are_read_last_once_an_image_and_only_when_they_are_asked_for() {
    let mut sample = registry();
    sample.image("app", "two", 1, &[("b", 20)]);
    for image in ["one", "two"] {
        let content = sample.contents.get_mut(&digest(image)).unwrap();
        content.blobs.insert(0, reference("config of both", 5));
        content.has_config = true;
    }
    let mut inventory = Inventory::new("contoso.azurecr.io");
    let read = |scan: &mut Scan, inventory: &mut Inventory| {
        let mut configs = Vec::new();
        while let Some(task) = scan.next_task(inventory) {
            answer(&sample, inventory, &task);
            scan.finish(&task, Outcome::Read);
            configs.push(matches!(task, Task::Config { .. }));
        }
        configs
    };
    let mut scan = Scan::new();
    assert!(!read(&mut scan, &mut inventory).contains(&true) && scan.is_finished());
    scan.read_configs();
    assert_eq!(scan.progress(&inventory).remaining, 2);
    assert_eq!(read(&mut scan, &mut inventory), [true, true]);
    let repeated = inventory.graph().repeated();
    assert_eq!((repeated.len(), repeated[0].layers.len(), repeated[0].excess), (1, 2, 20));
    let mut again = Scan::new();
    again.read_configs();
    assert!(read(&mut again, &mut inventory).is_empty(), "what is known is not asked for again");
}

#[test]
fn a_config_that_states_no_layers_is_asked_for_once() {
    let mut sample = Sample::default();
    sample.image("app", "odd", 1, &[("a", 10)]);
    let content = sample.contents.get_mut(&digest("odd")).unwrap();
    content.blobs.insert(0, reference("config", 5));
    content.has_config = true;
    let mut inventory = sample.read();
    inventory.read_repository("app", RepositoryRow::default());
    let mut scan = Scan::new();
    scan.read_configs();
    let task = scan.next_task(&inventory).unwrap();
    assert!(matches!(task, Task::Config { .. }));
    inventory.read_diff_ids(&digest("odd"), &[]);
    scan.finish(&task, Outcome::Read);
    assert_eq!((scan.next_task(&inventory), scan.is_finished()), (None, true));
}
