//! The published semantics of `acr purge`, as a table, and where a plan is safer.

use acr_inventory::cleanup::{Action, RuleText, Target, purge_command, simulate_purge};
use acr_inventory::in_use::InUse;
use acr_inventory::{Locks, RepositoryRow};

use crate::sample::{Sample, day, digest, manifest};
use crate::stepwise::plan;

fn rule(filter: &str, ago: &str, keep: u32, untagged: bool, include_locked: bool) -> RuleText {
    let filters = vec![filter.to_owned()];
    RuleText { filters, ago: ago.to_owned(), keep, untagged, include_locked, ..RuleText::default() }
}

/// On day 100: `app` with five tags ten days apart, the oldest first, one of them locked, and untagged manifests.
fn registry() -> Sample {
    let mut sample = Sample::default();
    for (number, name) in ["v1", "v2", "v3", "test-1", "v4"].into_iter().enumerate() {
        let updated = 50 + 10 * i64::try_from(number).unwrap();
        sample.image("app", name, updated, &[(name, 10)]);
        sample.tag("app", name, name, updated);
    }
    sample.lock_tag("app", "v2");
    sample.image("app", "dangling-old", 20, &[("d1", 10)]);
    sample.image("app", "dangling-new", 95, &[("d2", 10)]);
    sample.image("other", "o", 10, &[("o", 10)]);
    sample.tag("other", "v1", "o", 10);
    sample
}

/// Rule; tags that go; manifests that go.
type Row = (RuleText, &'static [&'static str], &'static [&'static str]);

#[test]
fn acr_purge_deletes_what_its_documentation_says() {
    let table: [Row; 12] = [
        (rule("app:.*", "15d", 0, false, false), &["app:test-1", "app:v3", "app:v1"], &[]),
        (rule("app:^v", "15d", 0, false, false), &["app:v3", "app:v1"], &[]),
        (rule("app:est", "0d", 0, false, false), &["app:test-1"], &[]),
        (rule("app:^v", "0d", 0, false, true), &["app:v4", "app:v3", "app:v2", "app:v1"], &[]),
        // Exactly the age stays.
        (rule("app:v3", "30d", 0, false, false), &[], &[]),
        (rule("app:v3", "29d23h", 0, false, false), &["app:v3"], &[]),
        // The newest of those that would go are kept: neither the locked nor the young count.
        (rule("app:.*", "15d", 2, false, false), &["app:v1"], &[]),
        (rule("app:.*", "15d", 9, false, false), &[], &[]),
        (rule("ap:.*", "0d", 0, false, false), &[], &[]),
        (rule(".*:^v1$", "0d", 0, false, false), &["app:v1", "other:v1"], &[]),
        (rule(".*:^$", "30d", 0, true, false), &[], &["dangling-old"]),
        (rule("app:^v1$", "15d", 0, true, false), &["app:v1"], &["v1", "dangling-old"]),
    ];
    let inventory = registry().read();
    for (rule, tags, manifests) in table {
        let purged = simulate_purge(inventory.graph(), &rule.compile().unwrap(), day(100));
        let gone: Vec<String> = purged.tags.iter().map(|tag| inventory.tag_reference(*tag)).collect();
        assert_eq!(gone, tags, "{rule:?}");
        let of = |id| inventory.digest_text(inventory.manifest_digest(id).unwrap());
        let gone: Vec<String> = purged.manifests.iter().map(|id| of(*id)).collect();
        assert_eq!(gone, manifests.iter().map(|name| digest(name)).collect::<Vec<_>>(), "{rule:?}");
    }
}

#[test]
fn where_nothing_refers_to_anything_a_plan_is_what_acr_purge_does() {
    let inventory = registry().read();
    for keep in 0..4 {
        for filter in ["app:.*", ".*:^v", ".*:^$", "other:1"] {
            for include_locked in [false, true] {
                let rule = rule(filter, "15d", keep, true, include_locked).compile().unwrap();
                let purged = simulate_purge(inventory.graph(), &rule, day(100));
                let plan = plan(inventory.graph(), &rule, &InUse::default(), day(100));
                let mut expected: Vec<Target> = purged.tags.into_iter().map(Target::Tag).collect();
                expected.extend(purged.manifests.into_iter().map(Target::Manifest));
                let mut planned: Vec<Target> = plan.steps().iter().map(|step| step.target).collect();
                expected.sort_unstable();
                planned.sort_unstable();
                assert_eq!(planned, expected, "{filter} {keep}");
                assert!(plan.steps().iter().all(|step| step.action != Action::Keep));
            }
        }
    }
}

/// The names of the manifests that a simulation deletes, of these.
fn gone(sample: &Sample, rule: &RuleText, names: &[&'static str]) -> Vec<&'static str> {
    let inventory = sample.read();
    let purged = simulate_purge(inventory.graph(), &rule.compile().unwrap(), day(100));
    let is_gone = |name: &&&str| purged.manifests.contains(&manifest(&inventory, "app", name));
    names.iter().filter(is_gone).copied().collect()
}

#[test]
fn acr_purge_deletes_an_index_that_has_a_subject_and_keeps_its_children() {
    let mut sample = Sample::default();
    sample.image("app", "subject", 10, &[("s", 10)]);
    sample.tag("app", "1", "subject", 99);
    sample.image("app", "child", 10, &[("c", 10)]);
    sample.index("app", "index", 10, &["child"]);
    sample.index("app", "empty", 10, &[]);
    for index in ["index", "empty"] {
        sample.contents.get_mut(&digest(index)).unwrap().subject = Some(digest("subject"));
    }
    let rule = rule("app:.*", "30d", 0, true, false);
    assert_eq!(gone(&sample, &rule, &["subject", "child", "index", "empty"]), ["index"]);
    let inventory = sample.read();
    let plan = plan(inventory.graph(), &rule.compile().unwrap(), &InUse::default(), day(100));
    assert_eq!(plan.steps(), []);
    let compared = purge_command(inventory.graph(), &plan);
    assert_eq!(compared.also_deletes, [format!("app@{}", digest("index"))]);
}

#[test]
fn what_the_registry_refuses_or_deletes_by_itself_is_no_difference() {
    let mut sample = Sample::default();
    sample.image("app", "subject", 10, &[("s", 10)]);
    sample.referrer("app", "signature", 10, "subject", 10);
    sample.referrer("app", "attestation", 10, "signature", 10);
    sample.tag("app", "1", "subject", 10);
    let rule = rule("(app|sub):.*", "30d", 0, true, false);
    let names = ["subject", "signature", "attestation"];
    assert_eq!(gone(&sample, &rule, &names), names);
    let compared = |sample: &Sample| {
        let inventory = sample.read();
        let plan = plan(inventory.graph(), &rule.compile().unwrap(), &InUse::default(), day(100));
        let command = purge_command(inventory.graph(), &plan);
        (plan.steps().len(), command.also_deletes, command.does_not_delete, command.notes)
    };
    assert_eq!(compared(&sample), (4, vec![], vec![], vec![]));
    let locks = Locks::new(true, false, true, true);
    sample.repositories.insert("app".to_owned(), RepositoryRow { locks, ..RepositoryRow::default() });
    assert_eq!(compared(&sample), (0, vec![], vec![], vec![]));
}

#[test]
fn a_plan_keeps_what_acr_purge_breaks() {
    let mut sample = Sample::default();
    sample.image("app", "amd64", 10, &[("l", 10)]);
    sample.index("app", "index", 10, &["amd64"]);
    sample.lock_manifest("app", "index");
    sample.image("app", "kept", 10, &[("k", 10)]);
    sample.tag("app", "keep", "kept", 99);
    sample.image("app", "signature", 10, &[("s", 10)]);
    sample.cosign_tag("app", "kept", "signature", 10);
    let inventory = sample.read();
    let rule = rule("app:.*", "30d", 0, true, false).compile().unwrap();
    let purged = simulate_purge(inventory.graph(), &rule, day(100));
    let child = inventory.find_manifest("app", &digest("amd64")).unwrap();
    let signature = inventory.find_manifest("app", &digest("signature")).unwrap();
    assert!(purged.manifests.contains(&child) && purged.manifests.contains(&signature));
    let plan = plan(inventory.graph(), &rule, &InUse::default(), day(100));
    assert_eq!(plan.steps(), []);
    let reasons: Vec<String> = plan.items().iter().map(|item| plan.reason(inventory.graph(), item)).collect();
    assert!(reasons.iter().any(|reason| reason.starts_with("child of app@sha256:")), "{reasons:?}");
    assert!(reasons.contains(&"signature of app:keep".to_owned()), "{reasons:?}");
}

#[test]
fn of_one_moment_the_same_tag_is_kept_as_by_the_plan_whatever_was_read_first() {
    let mut sample = Sample::default();
    for name in ["b", "a"] {
        sample.image("app", name, 10, &[(name, 10)]);
        sample.tag("app", name, name, 10);
    }
    let inventory = sample.read();
    let rule = rule("app:.*", "30d", 1, false, false).compile().unwrap();
    let purged = simulate_purge(inventory.graph(), &rule, day(100));
    let gone: Vec<String> = purged.tags.iter().map(|tag| inventory.tag_reference(*tag)).collect();
    let plan = plan(inventory.graph(), &rule, &InUse::default(), day(100));
    let planned: Vec<String> =
        plan.steps().iter().map(|step| plan.reference(inventory.graph(), step)).collect();
    assert_eq!((gone.as_slice(), planned.as_slice()), (&["app:b".to_owned()][..], &["app:b".to_owned()][..]));
}
