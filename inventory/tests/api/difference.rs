//! What happened between two inventories.

use acr_inventory::{Locks, difference};

use crate::sample::{LOCKED, MANIFEST, Sample, digest};

fn before() -> Sample {
    let mut sample = Sample::default();
    sample.image("app", "one", 1, &[("a", 10)]);
    sample.image("app", "two", 1, &[("b", 20)]);
    sample.tag("app", "latest", "one", 1);
    sample.tag("app", "old", "two", 1);
    sample.image("gone", "three", 1, &[("c", 30)]);
    sample
}

#[test]
fn pushed_moved_deleted_locked_and_grown_are_distinguished() {
    let mut after = Sample::default();
    after.image("app", "one", 1, &[("a", 10)]);
    after.image("app", "four", 2, &[("d", 400)]);
    after.tag("app", "latest", "four", 2);
    after.tag("app", "1.0", "one", 2);
    after.lock_manifest("app", "one");
    after.image("fresh", "one", 2, &[("a", 10)]);
    let found = difference(&before().read(), &after.read());
    assert_eq!(
        (found.added_repositories, found.deleted_repositories),
        (vec!["fresh".into()], vec!["gone".into()])
    );
    assert_eq!(found.pushed_tags, ["app:1.0"]);
    assert_eq!(found.deleted_tags, ["app:old"]);
    let moved = &found.moved_tags[0];
    assert_eq!((&*moved.tag, &moved.from, &moved.to), ("app:latest", &digest("one"), &digest("four")));
    assert_eq!(found.pushed_manifests.len(), 2);
    assert_eq!(found.deleted_manifests.len(), 2);
    assert_eq!((found.locks.len(), found.locks[0].from, found.locks[0].to), (1, Locks::OPEN, LOCKED));
    let app = found.grown.iter().find(|growth| growth.repository == "app").unwrap();
    assert_eq!((app.from, app.to), (30 + 2 * MANIFEST, 410 + 2 * MANIFEST));
}

#[test]
fn the_same_inventory_has_no_difference() {
    let inventory = before().read();
    assert!(difference(&inventory, &inventory).is_empty());
}

#[test]
fn what_was_not_read_is_not_said_to_be_deleted() {
    let before = before().read();
    let mut partly = acr_inventory::Inventory::new("contoso.azurecr.io");
    partly.add_repository("app");
    let found = difference(&before, &partly);
    assert!(found.is_empty());
    assert_eq!(found.incomplete, ["app", "gone"]);
}
