//! Text that is damaged, random or written to mislead: an error, or something that can be used like any other.

use acr_inventory::cleanup::{Age, Filter, RuleText, Run, az_script, csv, json, purge_command};
use acr_inventory::in_use::InUse;
use acr_inventory::snapshot::{Snapshot, read, write};
use acr_inventory::{Instant, difference, is_release, lock};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::sample::{Sample, day};
use crate::stepwise::plan;

/// The lines of a snapshot, without the last one.
fn lines() -> Vec<String> {
    let mut sample = Sample::default();
    sample.image("team/app", "one", 1, &[("base", 1000), ("a", 10)]);
    sample.index("team/app", "index", 2, &["one", "missing"]);
    sample.referrer("team/app", "sbom", 3, "index", 7);
    sample.tag("team/app", "1.0", "index", 2);
    sample.cosign_tag("team/app", "index", "one", 2);
    sample.image("other", "two", 4, &[("base", 2000)]);
    sample.tag("other", "latest", "two", 4);
    let text = write(&Snapshot { inventory: sample.read(), taken: day(7) });
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.pop();
    lines
}

/// What must hold of every text: of one that is a snapshot, that it is written as it was read, and that everything can be asked.
fn exercise(text: &str) -> Result<bool, TestCaseError> {
    let Ok(snapshot) = read(text) else { return Ok(false) };
    let written = write(&snapshot);
    let again = read(&written).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert_eq!(write(&again), written);
    prop_assert!(difference(&snapshot.inventory, &again.inventory).is_empty());
    let graph = snapshot.inventory.graph();
    let repositories: Vec<_> = graph.inventory().repositories().collect();
    let locks = lock::findings(graph, &repositories);
    let _ = (graph.registry_figures(), graph.bases(), graph.largest_layers(10), locks);
    let filters = vec![".*:.*".to_owned()];
    let rule = RuleText { filters, untagged: true, include_locked: true, ..RuleText::default() };
    let plan = plan(graph, &rule.compile().unwrap(), &InUse::default(), Instant::from_ticks(i64::MAX));
    prop_assert_eq!(Run::new(graph, &plan).unwrap().steps.len(), plan.steps().len());
    let _ = (json(graph, &plan), purge_command(graph, &plan));
    for export in [csv(graph, &plan), az_script(graph, &plan)] {
        prop_assert!(export.chars().all(|c| !c.is_control() || matches!(c, '\r' | '\n')));
    }
    Ok(true)
}

#[test]
fn the_snapshot_that_is_damaged_here_is_one() {
    let lines = lines();
    let whole = format!("{}\n{{\"end\":{{\"lines\":{}}}}}\n", lines.join("\n"), lines.len());
    assert!(exercise(&whole).unwrap());
}

proptest! {
    /// Lines that are left out, repeated or moved, and numbers that are others, in a file whose end is right.
    #[test]
    fn snapshots_that_contradict_themselves(
        moves in prop::collection::vec((any::<Index>(), any::<Index>(), 0..3_u8), 0..6),
        numbers in prop::collection::vec((any::<Index>(), any::<Index>(), prop::sample::select(vec!["0", "1", "7", "-1", "4294967295", "9223372036854775807", "18446744073709551615"])), 0..6),
    ) {
        let mut lines = lines();
        for (from, to, kind) in moves {
            // The header stays the first line.
            let (from, to) = (1 + from.index(lines.len() - 1), 1 + to.index(lines.len() - 1));
            let line = if kind == 0 { lines[from].clone() } else { lines.remove(from) };
            if kind < 2 {
                lines.insert(to.min(lines.len()), line);
            }
            if lines.len() < 2 {
                break;
            }
        }
        for (line, place, number) in numbers {
            let line = line.index(lines.len());
            let line = &mut lines[line];
            let digits: Vec<usize> = line.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
            if !digits.is_empty() {
                let at = *place.get(&digits);
                line.replace_range(at..=at, number);
            }
        }
        let end = format!("{{\"end\":{{\"lines\":{}}}}}", lines.len());
        exercise(&format!("{}\n{end}\n", lines.join("\n")))?;
    }

    #[test]
    fn any_text_as_a_snapshot(text in ".*", tail in ".*") {
        exercise(&text)?;
        exercise(&format!("{}\n{tail}", lines()[0]))?;
    }

    #[test]
    fn any_text_as_images_in_use(text in "[a-z{}\\[\\]:\"',@/. \n-]*|.*") {
        let first = InUse::parse(&text);
        let mut twice = first.clone();
        twice.add(&text);
        let names = |in_use: &InUse| in_use.of_registry("contoso.azurecr.io").len();
        prop_assert_eq!(names(&twice), names(&first), "what is added again adds nothing");
    }

    #[test]
    fn any_text_as_a_rule(text in "[a-z:.*()\\[\\]0-9-]*|.*") {
        for filter in [Filter::parse(&text), Filter::parse_protection(&text)].into_iter().flatten() {
            let _ = filter.matches_repository("team/app") && filter.matches_tag("1.0");
        }
        if let Ok(age) = Age::parse(&text) {
            prop_assert_eq!(age.before(Instant::from_ticks(0)).ticks(), -age.ticks());
        }
        prop_assert!(!is_release(&text) || text.contains('.'));
        let parts = vec![text.clone()];
        let _ = RuleText { filters: parts.clone(), protect: parts, ago: text, ..RuleText::default() }.compile();
    }
}
