//! Any text as a snapshot: an error, or an inventory that is written, measured and planned without a fault.
#![no_main]

use acr_inventory::cleanup::{RuleText, Run, az_script, csv, json, plan, purge_command};
use acr_inventory::in_use::InUse;
use acr_inventory::snapshot::{read, write};
use acr_inventory::{Instant, difference, lock};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(snapshot) = read(text) else { return };
    let written = write(&snapshot);
    let again = read(&written).expect("what was written can be read");
    assert_eq!(write(&again), written);
    assert!(difference(&snapshot.inventory, &again.inventory).is_empty());
    let graph = snapshot.inventory.graph();
    let repositories: Vec<_> = graph.inventory().repositories().collect();
    let locks = lock::findings(graph, &repositories);
    let _ = (graph.registry_figures(), graph.bases(), graph.largest_layers(10), locks);
    let filters = vec![".*:.*".to_owned()];
    let rule = RuleText { filters, untagged: true, include_locked: true, ..RuleText::default() };
    let rule = rule.compile().expect("the rule is valid");
    let plan = plan(graph, &rule, &InUse::default(), Instant::from_ticks(i64::MAX));
    assert_eq!(Run::new(graph, &plan).map(|run| run.steps.len()), Some(plan.steps().len()));
    let _ = (json(graph, &plan), purge_command(graph, &plan));
    for export in [csv(graph, &plan), az_script(graph, &plan)] {
        assert!(export.chars().all(|c| !c.is_control() || matches!(c, '\r' | '\n')));
    }
});
