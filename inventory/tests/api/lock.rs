//! Locks as rules.

use acr_inventory::lock::{Finding, findings, lock_plan};

use crate::sample::{Sample, digest, manifest, tag};

fn registry() -> Sample {
    let mut sample = Sample::default();
    sample.image("app", "amd64", 1, &[("a", 10)]);
    sample.index("app", "index", 1, &["amd64"]);
    sample.tag("app", "1.0.0", "index", 1);
    sample.tag("app", "latest", "index", 1);
    sample
}

#[test]
fn releases_manifests_and_children_that_are_not_locked_are_found() {
    let mut sample = registry();
    let inventory = sample.read();
    assert_eq!(findings(inventory.graph()), [Finding::ReleaseNotLocked(tag(&inventory, "app", "1.0.0"))]);
    sample.lock_tag("app", "1.0.0");
    let inventory = sample.read();
    let [index, child] = ["index", "amd64"].map(|name| manifest(&inventory, "app", name));
    let release = tag(&inventory, "app", "1.0.0");
    assert_eq!(findings(inventory.graph()), [Finding::ManifestNotLocked { tag: release, manifest: index }]);
    sample.lock_manifest("app", "index");
    let inventory = sample.read();
    assert_eq!(findings(inventory.graph()), [Finding::ChildNotLocked { index, child }]);
    sample.lock_manifest("app", "amd64");
    assert_eq!(findings(sample.read().graph()), []);
}

#[test]
fn locking_a_pattern_covers_manifests_and_children() {
    let mut sample = registry();
    let inventory = sample.read();
    let patterns = [r"app:^\d+\.\d+\.\d+$".to_owned()];
    let plan = lock_plan(inventory.graph(), &patterns).unwrap();
    assert_eq!(plan.tags, [tag(&inventory, "app", "1.0.0")]);
    assert_eq!((plan.manifests.len(), plan.already_locked, plan.unread.len()), (2, 0, 0));
    sample.lock_tag("app", "1.0.0");
    sample.lock_manifest("app", "index");
    sample.lock_manifest("app", "amd64");
    let locked = sample.read();
    let plan = lock_plan(locked.graph(), &patterns).unwrap();
    assert_eq!((plan.tags.len(), plan.manifests.len(), plan.already_locked), (0, 0, 1));
    let mut partly = registry().lists();
    partly.mark_unreadable(&digest("index"));
    assert_eq!(lock_plan(partly.graph(), &patterns).unwrap().unread.len(), 1);
    assert!(lock_plan(locked.graph(), &["(".to_owned()]).is_err());
}
