//! Plans that are made in steps: of every registry that the tests build, the same as in one.

use acr_inventory::cleanup::{self, Plan, Planner, Progress, Rule, RuleText};
use acr_inventory::in_use::InUse;
use acr_inventory::{Graph, Instant};

use crate::sample::{Sample, day};

/// The plan, compared with what steps of one item, of a few and of all come to.
pub(crate) fn plan(graph: Graph<'_>, rule: &Rule, in_use: &InUse, now: Instant) -> Plan {
    let plan = cleanup::plan(graph, rule, in_use, now);
    for items in [1, 7, usize::MAX] {
        let (made, _) = in_steps(graph, Planner::new(graph, rule, in_use, now), items);
        assert_eq!(made.items(), plan.items(), "in steps of {items}");
        let sums = |plan: &Plan| (plan.steps().len(), plan.frees(), plan.manifest_bytes());
        assert_eq!(sums(&made), sums(&plan), "in steps of {items}");
        assert_eq!((made.made_at(), made.rule().text()), (now, rule.text()));
        assert!(made.is_of(graph.inventory()));
    }
    plan
}

/// The plan and how many steps it took.
fn in_steps(graph: Graph<'_>, planner: Planner, items: usize) -> (Plan, usize) {
    let (mut planner, mut steps) = (Box::new(planner), 1);
    loop {
        match planner.advance(graph, items) {
            Progress::Made(plan) => return (*plan, steps),
            Progress::Unfinished(unfinished) => (planner, steps) = (unfinished, steps + 1),
            Progress::Outdated => panic!("nothing has changed"),
        }
    }
}

fn everything() -> Rule {
    let filters = vec![".*:.*".to_owned()];
    RuleText { filters, untagged: true, ..RuleText::default() }.compile().unwrap()
}

/// How many steps of ten items the plan of a registry takes that deletes so many manifests.
fn steps(sample: &Sample, deleted: usize) -> usize {
    let inventory = sample.read();
    let graph = inventory.graph();
    let planner = Planner::new(graph, &everything(), &InUse::default(), day(100));
    let (plan, steps) = in_steps(graph, planner, 10);
    assert_eq!(plan.steps().len(), deleted);
    steps
}

#[test]
fn one_repository_and_one_chain_of_indexes_take_many_steps() {
    let mut chain = Sample::default();
    chain.image("app", "0", 10, &[]);
    for number in 1..200 {
        chain.index("app", &number.to_string(), 10, &[&(number - 1).to_string()]);
    }
    // Each is looked at to decide about it, to order it and to sum it up.
    assert!(steps(&chain, 200) >= 3 * 200 / 10);
    let mut circle = chain;
    for number in 1..200 {
        circle.cosign_tag("app", &(number - 1).to_string(), &number.to_string(), 10);
    }
    // The walk through what waits for each other, and a search of each that comes first, are added.
    assert!(steps(&circle, 200 + 199) >= 8 * 200 / 10);
    let mut wide = Sample::default();
    for number in 0..200 {
        wide.image("app", &number.to_string(), 10, &[]);
    }
    assert!(steps(&wide, 200) >= 3 * 200 / 10);
}

#[test]
fn what_stays_spreads_in_steps() {
    let mut sample = Sample::default();
    sample.image("app", "0", 10, &[]);
    for number in 1..200 {
        sample.index("app", &number.to_string(), 10, &[&(number - 1).to_string()]);
    }
    sample.tag("app", "outermost", "199", 99);
    let rule = RuleText { ago: "30d".to_owned(), ..everything().text().clone() }.compile().unwrap();
    let inventory = sample.read();
    let plan = plan(inventory.graph(), &rule, &InUse::default(), day(100));
    assert_eq!(plan.steps(), []);
}

#[test]
fn a_plan_is_not_continued_once_the_inventory_has_changed() {
    let mut sample = Sample::default();
    sample.image("app", "one", 10, &[("a", 10)]);
    sample.image("app", "two", 10, &[("b", 10)]);
    sample.tag("app", "1", "one", 10);
    let mut inventory = sample.read();
    let planner = Planner::new(inventory.graph(), &everything(), &InUse::default(), day(100));
    let Progress::Unfinished(planner) = Box::new(planner).advance(inventory.graph(), 1) else {
        panic!("one item is not all")
    };
    let Progress::Unfinished(planner) = planner.advance(inventory.graph(), 1) else {
        panic!("two items are not all")
    };
    inventory.remove_tag("app", "1");
    assert!(matches!(planner.advance(inventory.graph(), usize::MAX), Progress::Outdated));
}
