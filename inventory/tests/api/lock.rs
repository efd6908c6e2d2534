//! Locks as rules.

use acr_inventory::cleanup::RuleError;
use acr_inventory::lock::{Finding, LockPlan, findings, lock_plan};
use acr_inventory::{Inventory, Locks, RepositoryId, RepositoryRow};

use crate::sample::{Sample, digest, manifest, tag};

fn registry() -> Sample {
    let mut sample = Sample::default();
    sample.image("app", "amd64", 1, &[("a", 10)]);
    sample.index("app", "index", 1, &["amd64"]);
    sample.tag("app", "1.0.0", "index", 1);
    sample.tag("app", "latest", "index", 1);
    sample
}

fn repositories(inventory: &Inventory) -> Vec<RepositoryId> {
    inventory.repositories().collect()
}

fn found(inventory: &Inventory) -> Vec<Finding> {
    findings(inventory.graph(), &repositories(inventory))
}

fn planned(inventory: &Inventory, patterns: &[String]) -> Result<LockPlan, RuleError> {
    lock_plan(inventory.graph(), &repositories(inventory), patterns)
}

#[test]
fn releases_manifests_and_children_that_are_not_locked_are_found() {
    let mut sample = registry();
    let inventory = sample.read();
    assert_eq!(found(&inventory), [Finding::ReleaseNotLocked(tag(&inventory, "app", "1.0.0"))]);
    sample.lock_tag("app", "1.0.0");
    let inventory = sample.read();
    let [index, child] = ["index", "amd64"].map(|name| manifest(&inventory, "app", name));
    let release = tag(&inventory, "app", "1.0.0");
    assert_eq!(found(&inventory), [Finding::ManifestNotLocked { tag: release, manifest: index }]);
    sample.lock_manifest("app", "index");
    let inventory = sample.read();
    assert_eq!(found(&inventory), [Finding::ChildNotLocked { index, child }]);
    sample.lock_manifest("app", "amd64");
    assert_eq!(found(&sample.read()), []);
}

#[test]
fn the_lock_of_a_repository_covers_what_is_in_it() {
    let mut sample = registry();
    let locks = Locks::new(true, false, true, true);
    sample.repositories.insert("app".to_owned(), RepositoryRow { locks, ..RepositoryRow::default() });
    assert_eq!(found(&sample.read()), []);
    // The switch of deletion is that of the repository as such.
    let locks = Locks::new(false, true, true, true);
    sample.repositories.insert("app".to_owned(), RepositoryRow { locks, ..RepositoryRow::default() });
    assert_eq!(found(&sample.read()).len(), 1);
}

#[test]
fn locking_a_pattern_covers_manifests_and_children() {
    let mut sample = registry();
    let inventory = sample.read();
    let patterns = [r"app:^\d+\.\d+\.\d+$".to_owned()];
    let plan = planned(&inventory, &patterns).unwrap();
    assert_eq!(plan.tags, [tag(&inventory, "app", "1.0.0")]);
    assert_eq!((plan.manifests.len(), plan.already_locked, plan.unread.len()), (2, 0, 0));
    sample.lock_tag("app", "1.0.0");
    sample.lock_manifest("app", "index");
    sample.lock_manifest("app", "amd64");
    let locked = sample.read();
    let plan = planned(&locked, &patterns).unwrap();
    assert_eq!((plan.tags.len(), plan.manifests.len(), plan.already_locked), (0, 0, 1));
    let mut partly = registry().lists();
    partly.mark_unreadable(&digest("index"));
    assert_eq!(planned(&partly, &patterns).unwrap().unread.len(), 1);
    assert!(planned(&locked, &["(".to_owned()]).is_err());
}

#[test]
fn only_the_repositories_that_are_asked_about_are_looked_at() {
    let mut sample = registry();
    sample.image("other", "amd64", 1, &[("a", 10)]);
    sample.tag("other", "2.0.0", "amd64", 1);
    let inventory = sample.read();
    let app = [inventory.find_repository("app").unwrap()];
    assert_eq!((found(&inventory).len(), findings(inventory.graph(), &app).len()), (2, 1));
    let everything = [".*".to_owned()];
    let plan = lock_plan(inventory.graph(), &app, &everything).unwrap();
    assert_eq!((planned(&inventory, &everything).unwrap().tags.len(), plan.tags.len()), (3, 2));
}
