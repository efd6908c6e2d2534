//! Running a plan: checks, order, failures, and going on after a reload.

use std::collections::HashSet;

use acr_inventory::cleanup::{Observed, RuleText, Run, StepState, Verdict};
use acr_inventory::in_use::InUse;
use acr_inventory::{Inventory, Locks};

use crate::sample::{LOCKED, MANIFEST, Sample, day, digest};
use crate::stepwise::plan;

fn registry() -> Inventory {
    let mut sample = Sample::default();
    sample.image("app", "amd64", 10, &[("a", 10)]);
    sample.index("app", "index", 10, &["amd64"]);
    sample.tag("app", "1", "index", 10);
    sample.referrer("app", "sbom", 10, "index", 5);
    sample.image("app", "alone", 10, &[("b", 20)]);
    sample.read()
}

fn run() -> Run {
    let inventory = registry();
    let filters = vec!["app:.*".to_owned()];
    let rule = RuleText { filters, ago: "30d".to_owned(), untagged: true, ..RuleText::default() };
    let plan = plan(inventory.graph(), &rule.compile().unwrap(), &InUse::default(), day(100));
    Run::new(inventory.graph(), &plan).unwrap()
}

/// What the registry says where nothing changed.
fn unchanged(run: &Run, place: usize) -> Observed {
    let step = &run.steps[place];
    Observed {
        digest: step.digest.clone(),
        updated: step.updated,
        locks: Locks::OPEN,
        tags: Vec::new(),
        manifest: run.manifest_of(place).map(|manifest| {
            Box::new(Observed {
                digest: manifest.digest.clone(),
                updated: manifest.updated,
                locks: Locks::OPEN,
                tags: step.tag.iter().cloned().collect(),
                manifest: None,
            })
        }),
    }
}

#[test]
fn an_index_goes_before_its_children_even_when_steps_run_at_the_same_time() {
    let mut run = run();
    let mut first = Vec::new();
    while let Some(place) = run.next_step() {
        first.push(place);
    }
    // The tag, and the manifest that nothing else depends on.
    assert_eq!(first.len(), 2);
    let mut rounds = 0;
    while !run.is_finished() {
        for place in std::mem::take(&mut first) {
            let observed = unchanged(&run, place);
            assert_eq!(run.check(place, Some(&observed)), Verdict::Delete);
            run.done(place);
        }
        first.extend(std::iter::from_fn(|| run.next_step()));
        rounds += 1;
    }
    assert_eq!(rounds, 3, "the tag, then the index, then its child and its referrer");
    let report = run.report();
    assert_eq!((report.done, report.waiting, report.freed), (5, 0, 35 + 4 * MANIFEST));
}

#[test]
fn what_changed_since_the_plan_stays_and_keeps_what_follows() {
    type Change = fn(&mut Observed);
    let cases: [(Change, &str); 4] = [
        (|observed| observed.digest = "sha256:other".to_owned(), "moved"),
        (|observed| observed.updated = Some(day(99)), "updated"),
        (|observed| observed.locks = LOCKED, "locked"),
        (|observed| observed.updated = None, "updated"),
    ];
    for (change, word) in cases {
        let mut run = run();
        let tag = run.steps.iter().position(|step| step.tag.is_some()).unwrap();
        while let Some(place) = run.next_step() {
            let mut observed = unchanged(&run, place);
            if place == tag {
                change(&mut observed);
            }
            if run.check(place, Some(&observed)) == Verdict::Delete {
                run.done(place);
            }
        }
        assert!(matches!(&run.steps[tag].state, StepState::Changed(why) if why.contains(word)), "{word}");
        let report = run.report();
        assert_eq!((report.done, report.changed, report.blocked), (1, 1, 3));
        assert!(run.is_finished());
    }
}

#[test]
fn a_plan_of_an_inventory_that_changed_cannot_be_run() {
    let mut inventory = registry();
    let filters = vec!["app:.*".to_owned()];
    let rule = RuleText { filters, untagged: true, ..RuleText::default() }.compile().unwrap();
    let plan = plan(inventory.graph(), &rule, &InUse::default(), day(100));
    assert!(plan.is_of(&inventory) && Run::new(inventory.graph(), &plan).is_some());
    inventory.forget_lists();
    assert!(!plan.is_of(&inventory));
    assert_eq!(Run::new(inventory.graph(), &plan), None);
}

#[test]
fn a_tag_stays_with_a_manifest_that_changed_or_that_something_newer_needs() {
    let mut locked = run();
    let tag = locked.steps.iter().position(|step| step.tag.is_some()).unwrap();
    let mut observed = unchanged(&locked, tag);
    observed.manifest.as_mut().unwrap().locks = LOCKED;
    assert_eq!(locked.check(tag, Some(&observed)), Verdict::Leave);
    assert!(matches!(locked.steps[tag].state, StepState::Changed(_)));
    let mut needed = run();
    needed.keep("app", &HashSet::from([digest("index")]));
    assert_eq!(needed.check(tag, Some(&unchanged(&needed, tag))), Verdict::Leave);
    let rest: Vec<usize> = std::iter::from_fn(|| needed.next_step()).collect();
    assert_eq!(rest.len(), 1, "children and referrers of the index stay with it: {:?}", needed.steps);
    assert!(needed.known_in("app").contains(&digest("alone")) && needed.known_in("other").is_empty());
}

#[test]
fn what_was_found_to_be_needed_while_a_step_ran_is_not_deleted_once_that_is_tried_again() {
    for put_back in [|run: &mut Run, place| run.again(place), |run: &mut Run, place| run.failed(place, "500")]
    {
        let mut run = run();
        let begun: Vec<usize> = std::iter::from_fn(|| run.next_step()).collect();
        let alone = begun.into_iter().find(|place| run.steps[*place].digest == digest("alone")).unwrap();
        run.keep("app", &HashSet::from([digest("alone")]));
        put_back(&mut run, alone);
        assert!(matches!(run.steps[alone].state, StepState::Changed(_)), "{:?}", run.steps[alone]);
        assert_eq!(run.check(alone, Some(&unchanged(&run, alone))), Verdict::Leave);
    }
}

#[test]
fn a_plan_is_not_of_an_inventory_in_which_something_was_locked_since() {
    let mut inventory = registry();
    let rule = RuleText { filters: vec!["app:.*".to_owned()], ..RuleText::default() };
    let plan = plan(inventory.graph(), &rule.compile().unwrap(), &InUse::default(), day(100));
    assert!(plan.is_of(&inventory));
    inventory.enable_tag_changes("app", "1", false);
    assert!(!plan.is_of(&inventory));
    let version = inventory.version();
    inventory.enable_manifest_changes("app", &digest("alone"), false);
    assert_ne!(inventory.version(), version);
}

#[test]
fn a_manifest_that_has_a_tag_again_stays() {
    let mut run = run();
    let alone = run.steps.iter().position(|step| step.tag.is_none() && step.after.is_empty()).unwrap();
    let observed = Observed { tags: vec!["new".to_owned()], ..unchanged(&run, alone) };
    assert_eq!(run.check(alone, Some(&observed)), Verdict::Leave);
    assert!(matches!(run.steps[alone].state, StepState::Changed(_)));
}

#[test]
fn one_failure_does_not_stop_the_rest_and_what_is_gone_counts_as_done() {
    let mut run = run();
    let mut first = true;
    while let Some(place) = run.next_step() {
        if std::mem::take(&mut first) {
            assert_eq!(run.check(place, None), Verdict::Leave);
        } else if run.steps[place].after.is_empty() {
            run.failed(place, "405");
        } else {
            run.gone(place);
        }
    }
    let report = run.report();
    assert_eq!((report.gone, report.failed, report.freed), (4, 1, 0));
}

#[test]
fn a_run_goes_on_after_a_reload() {
    let mut run = run();
    let place = run.next_step().unwrap();
    run.pause();
    assert_eq!(run.next_step(), None);
    let mut restored: Run = serde_json::from_str(&serde_json::to_string(&run).unwrap()).unwrap();
    assert_eq!(restored, run);
    restored.resume();
    assert_eq!(restored.next_step(), Some(place), "what was under way is checked again");
    restored.again(place);
    assert_eq!(restored.next_step(), Some(place));
    restored.done(place);
    restored.stop();
    assert!(restored.next_step().is_none() && restored.is_finished());
    assert_eq!(restored.report().waiting, 4);
}

#[test]
fn what_was_under_way_during_a_pause_is_not_begun_again() {
    let mut run = run();
    let place = run.next_step().unwrap();
    run.pause();
    run.unpause();
    let others: Vec<usize> = std::iter::from_fn(|| run.next_step()).collect();
    assert!(!others.is_empty() && !others.contains(&place));
    assert_eq!(run.steps[place].state, StepState::Running);
}

#[test]
fn a_locked_item_is_unlocked_only_where_the_plan_says_so() {
    let mut sample = Sample::default();
    sample.image("app", "image", 10, &[("a", 10)]);
    sample.lock_manifest("app", "image");
    let inventory = sample.read();
    let filters = vec!["app:.*".to_owned()];
    let rule = RuleText { filters, untagged: true, include_locked: true, ..RuleText::default() };
    let plan = plan(inventory.graph(), &rule.compile().unwrap(), &InUse::default(), day(100));
    let mut run = Run::new(inventory.graph(), &plan).unwrap();
    let place = run.next_step().unwrap();
    let observed = Observed { locks: LOCKED, ..unchanged(&run, place) };
    assert_eq!(run.check(place, Some(&observed)), Verdict::UnlockAndDelete(LOCKED));
}
