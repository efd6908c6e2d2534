//! Plans: actions, reasons, order, and what is freed.

use acr_inventory::cleanup::{Action, Item, Plan, RuleText, Target};
use acr_inventory::in_use::InUse;
use acr_inventory::{Bound, Inventory, Locks, Page, RepositoryRow};

use crate::sample::{MANIFEST, Sample, day, digest, manifest, tag};
use crate::stepwise::plan;

fn rule(filter: &str) -> RuleText {
    let filters = vec![filter.to_owned()];
    RuleText { filters, ago: "30d".to_owned(), untagged: true, ..RuleText::default() }
}

fn plan_of(inventory: &Inventory, rule: &RuleText, in_use: &str) -> Plan {
    plan(inventory.graph(), &rule.compile().unwrap(), &InUse::parse(in_use), day(100))
}

fn item(plan: &Plan, target: Target) -> Item {
    *plan.items().iter().find(|item| item.target == target).unwrap()
}

fn reason(inventory: &Inventory, plan: &Plan, target: Target) -> (Action, String) {
    let item = item(plan, target);
    (item.action, plan.reason(inventory.graph(), &item))
}

#[test]
fn every_item_has_its_reason() {
    let mut sample = Sample::default();
    for (name, updated) in
        [("old", 10), ("young", 95), ("locked", 11), ("latest", 12), ("used", 13), ("new", 50)]
    {
        sample.image("app", name, updated, &[(name, 10)]);
        sample.tag("app", name, name, updated);
    }
    sample.lock_tag("app", "locked");
    let inventory = sample.read();
    let rule = RuleText { keep: 1, protect: vec!["^latest$".to_owned()], ..rule("app:.*") };
    let workload = r#"{"kind":"Deployment","metadata":{"name":"web"},"image":"contoso.azurecr.io/app:used"}"#;
    let plan = plan_of(&inventory, &rule, workload);
    let of = |name| reason(&inventory, &plan, Target::Tag(tag(&inventory, "app", name)));
    assert_eq!(of("old"), (Action::Untag, "selected, older than 30d".to_owned()));
    assert_eq!(of("young"), (Action::Keep, "younger than 30d".to_owned()));
    assert_eq!(of("locked"), (Action::Keep, "locked".to_owned()));
    assert_eq!(of("latest"), (Action::Keep, "protected by ^latest$".to_owned()));
    assert_eq!(of("used"), (Action::Keep, "in use by deployment/web".to_owned()));
    assert_eq!(of("new"), (Action::Keep, "newest 1".to_owned()));
    let old = reason(&inventory, &plan, Target::Manifest(manifest(&inventory, "app", "old")));
    // As in `acr purge`, the newest untagged manifests are kept like the newest tags.
    assert_eq!(old, (Action::Keep, "newest 1".to_owned()));
    let kept = reason(&inventory, &plan, Target::Manifest(manifest(&inventory, "app", "used")));
    assert_eq!(kept, (Action::Keep, "tagged used".to_owned()));
    assert_eq!(plan.images_in_use(), 1);
    let all = plan_of(&inventory, &RuleText { keep: 0, ..rule }, workload);
    let old = reason(&inventory, &all, Target::Manifest(manifest(&inventory, "app", "old")));
    assert_eq!(old, (Action::Delete, "no tag left".to_owned()));
}

#[test]
fn an_index_goes_before_its_children_and_signatures_after_their_subject() {
    let mut sample = Sample::default();
    sample.image("app", "amd64", 10, &[("base", 1000), ("a", 10)]);
    sample.image("app", "arm64", 10, &[("base", 1000), ("b", 20)]);
    sample.index("app", "index", 10, &["amd64", "arm64"]);
    sample.tag("app", "1.0", "index", 10);
    sample.referrer("app", "sbom", 99, "index", 5);
    sample.image("app", "signature", 99, &[("s", 7)]);
    sample.cosign_tag("app", "index", "signature", 99);
    let inventory = sample.read();
    let plan = plan_of(&inventory, &rule("app:^1"), "");
    let place = |target| plan.steps().iter().position(|step| step.target == target).unwrap();
    let of = |name| place(Target::Manifest(manifest(&inventory, "app", name)));
    assert!(of("index") < of("amd64") && of("index") < of("arm64"));
    assert!(of("index") < of("sbom") && of("index") < of("signature"));
    // The tag by which the signature is found goes between what it signs and the signature.
    let signature_tag = plan.steps().iter().position(
        |step| matches!(step.target, Target::Tag(tag) if inventory.tag_name(tag).ends_with(".sig")),
    );
    assert!(signature_tag > Some(of("index")) && signature_tag < Some(of("signature")));
    assert!(place(Target::Tag(tag(&inventory, "app", "1.0"))) < of("index"));
    assert_eq!(plan.frees().bytes, 1000 + 10 + 20 + 5 + 7 + 5 * MANIFEST);
    assert_eq!(plan.manifest_bytes(), 5 * MANIFEST);
    let sum: u64 = plan.steps().iter().map(|step| step.frees).sum();
    assert_eq!(sum, plan.frees().bytes, "the steps add up to the total");
}

#[test]
fn what_something_refers_to_that_stays_is_never_in_a_plan() {
    let mut sample = Sample::default();
    sample.image("app", "child", 10, &[("c", 10)]);
    sample.index("app", "inner", 10, &["child"]);
    sample.index("app", "outer", 10, &["inner"]);
    sample.tag("app", "keep", "outer", 99);
    sample.tag("app", "gone", "child", 10);
    sample.referrer("app", "attestation", 10, "child", 5);
    // A referrer with a tag of its own that stays keeps its subject: the registry may delete it together with that.
    sample.image("app", "subject", 10, &[("x", 10)]);
    sample.referrer("app", "tagged-referrer", 10, "subject", 5);
    sample.tag("app", "report", "tagged-referrer", 99);
    let inventory = sample.read();
    let plan = plan_of(&inventory, &rule("app:.*"), "");
    let steps: Vec<Target> = plan.steps().iter().map(|step| step.target).collect();
    assert_eq!(steps, [Target::Tag(tag(&inventory, "app", "gone"))]);
    let of = |name| reason(&inventory, &plan, Target::Manifest(manifest(&inventory, "app", name))).1;
    assert!(of("child").starts_with("child of app@sha256:"), "{}", of("child"));
    assert_eq!(of("inner"), "child of app:keep");
    assert!(of("attestation").starts_with("referrer of app"), "{}", of("attestation"));
    assert_eq!(of("subject"), "subject of app:report, which stays");
}

#[test]
fn a_digest_in_use_stays_in_every_repository() {
    let mut sample = Sample::default();
    for repository in ["app", "copy"] {
        sample.image(repository, "image", 10, &[("l", 10)]);
    }
    let inventory = sample.read();
    let plan = plan_of(&inventory, &rule(".*:.*"), &format!("contoso.azurecr.io/app@{}", digest("image")));
    assert_eq!(plan.steps(), []);
}

#[test]
fn a_digest_in_use_keeps_its_tags_where_its_manifest_was_not_listed_too() {
    let mut sample = Sample::default();
    sample.image("app", "image", 10, &[("l", 10)]);
    sample.tag("app", "1", "image", 10);
    sample.manifests.clear();
    let mut inventory = sample.lists();
    inventory.read_catalog(&Page { rows: vec!["app".to_owned()], ..Page::default() });
    let plan = plan_of(&inventory, &rule(".*:.*"), &format!("contoso.azurecr.io/app@{}", digest("image")));
    assert_eq!(plan.steps(), []);
}

#[test]
fn an_image_in_use_may_be_named_by_its_config() {
    let mut sample = Sample::default();
    sample.image("app", "image", 10, &[("config", 5), ("l", 10)]);
    sample.tag("app", "1", "image", 10);
    sample.contents.get_mut(&digest("image")).unwrap().has_config = true;
    let inventory = sample.read();
    let named = |word: &str| format!("contoso.azurecr.io/app@{}", digest(word));
    assert_eq!(plan_of(&inventory, &rule(".*:.*"), &named("config")).steps(), []);
    assert_ne!(plan_of(&inventory, &rule(".*:.*"), &named("l")).steps(), []);
}

#[test]
fn the_tag_of_a_signature_stays_while_what_it_signs_may_not_have_been_read() {
    let mut sample = Sample::default();
    sample.image("app", "image", 10, &[("l", 10)]);
    sample.image("app", "signature", 10, &[("s", 7)]);
    sample.cosign_tag("app", "image", "signature", 10);
    let tags = sample.tags.clone();
    sample.manifests.clear();
    let mut inventory = sample.lists();
    inventory.read_catalog(&Page { rows: vec!["app".to_owned()], ..Page::default() });
    let plan = plan_of(&inventory, &rule(".*:.*"), "");
    assert_eq!(plan.steps(), []);
    let signature = Target::Tag(tag(&inventory, "app", &tags["app"][0].name));
    assert_eq!(reason(&inventory, &plan, signature).1, "what it may belong to was not read");
}

#[test]
fn nothing_goes_where_a_dependent_may_not_have_been_read() {
    let mut sample = Sample::default();
    sample.image("app", "orphan", 10, &[("l", 10)]);
    sample.image("app", "unread", 10, &[("m", 10)]);
    sample.tag("app", "1", "unread", 99);
    let mut inventory = sample.lists();
    inventory.read_content(&digest("orphan"), &sample.contents[&digest("orphan")]);
    inventory.mark_unreadable(&digest("unread"));
    let plan = plan_of(&inventory, &rule("app:.*"), "");
    assert_eq!(plan.steps(), []);
    let orphan = Target::Manifest(manifest(&inventory, "app", "orphan"));
    assert_eq!(reason(&inventory, &plan, orphan).1, "not everything that may depend on it was read");
}

#[test]
fn what_other_repositories_use_is_not_freed_and_is_not_certain_until_they_are_read() {
    let mut sample = Sample::default();
    sample.image("app", "image", 10, &[("shared", 1000), ("own", 10)]);
    sample.image("other", "elsewhere", 99, &[("shared", 1000)]);
    sample.tag("other", "1", "elsewhere", 99);
    let inventory = sample.read();
    let plan = plan_of(&inventory, &rule("app:.*"), "");
    assert_eq!((plan.frees().bytes, plan.frees().bound), (10 + MANIFEST, Bound::Exact));
    let mut partly = sample.lists();
    partly.read_content(&digest("image"), &sample.contents[&digest("image")]);
    let plan = plan_of(&partly, &rule("app:.*"), "");
    assert_eq!((plan.frees().bytes, plan.frees().bound), (1010 + MANIFEST, Bound::AtMost));
}

#[test]
fn a_repository_that_is_locked_stays_although_locked_items_are_included() {
    let mut sample = Sample::default();
    sample.image("app", "image", 10, &[("l", 10)]);
    sample.tag("app", "1", "image", 10);
    let locks = Locks::new(true, false, true, true);
    sample.repositories.insert("app".to_owned(), RepositoryRow { locks, ..RepositoryRow::default() });
    let rule = RuleText { include_locked: true, ..rule("app:.*") };
    assert_eq!(plan_of(&sample.read(), &rule, "").steps(), []);
    sample.repositories.clear();
    sample.lock_tag("app", "1");
    sample.lock_manifest("app", "image");
    let inventory = sample.read();
    let unlocked: Vec<bool> = plan_of(&inventory, &rule, "").steps().iter().map(|step| step.unlock).collect();
    assert_eq!(unlocked, [true, true]);
}

#[test]
fn without_untagged_only_tags_go_and_signatures_stay() {
    let mut sample = Sample::default();
    sample.image("app", "image", 10, &[("l", 10)]);
    sample.tag("app", "1", "image", 10);
    sample.image("app", "signature", 10, &[("s", 7)]);
    sample.cosign_tag("app", "image", "signature", 10);
    let inventory = sample.read();
    let plan = plan_of(&inventory, &RuleText { untagged: false, ..rule("app:.*") }, "");
    let steps: Vec<Target> = plan.steps().iter().map(|step| step.target).collect();
    assert_eq!(steps, [Target::Tag(tag(&inventory, "app", "1"))]);
    assert_eq!((plan.frees().bytes, plan.frees().bound), (0, Bound::Exact));
}

#[test]
fn references_in_a_circle_end() {
    let mut sample = Sample::default();
    sample.index("app", "a", 10, &["b"]);
    sample.index("app", "b", 10, &["a"]);
    sample.index("app", "self", 10, &["self", "missing"]);
    sample.referrer("app", "r", 10, "r", 5);
    let inventory = sample.read();
    let plan = plan_of(&inventory, &rule("app:.*"), "");
    assert_eq!(plan.steps().len(), 4);
    assert_eq!(plan.frees().bytes, 4 * MANIFEST + 5);
}
