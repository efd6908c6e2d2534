//! Circles of modules: files that import each other, directly or through others.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::import::Import;

/// A finding for each group of files of which each reaches every other, with one way around.
pub(super) fn findings(imports: &[Import]) -> Vec<String> {
    let mut graph: BTreeMap<&str, BTreeMap<&str, &Import>> = BTreeMap::new();
    for import in imports {
        graph.entry(&import.from).or_default().entry(&import.to).or_insert(import);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|file| (*file, reachable(&graph, file))).collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut findings = Vec::new();
    for (file, others) in &reached {
        if !others.contains(file) || done.contains(file) {
            continue;
        }
        let group: BTreeSet<&str> = others
            .iter()
            .filter(|other| reached.get(**other).is_some_and(|back| back.contains(file)))
            .copied()
            .collect();
        findings.push(describe(&graph, file, &group));
        done.extend(group);
    }
    findings
}

fn reachable<'a>(graph: &BTreeMap<&'a str, BTreeMap<&'a str, &Import>>, from: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(file) = waiting.pop() {
        for next in graph.get(file).into_iter().flat_map(BTreeMap::keys) {
            if seen.insert(*next) {
                waiting.push(next);
            }
        }
    }
    seen
}

/// The files of a group, and the shortest way from its first file back to it.
fn describe(graph: &BTreeMap<&str, BTreeMap<&str, &Import>>, start: &str, group: &BTreeSet<&str>) -> String {
    let mut before: BTreeMap<&str, &Import> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(file) = waiting.pop_front().filter(|_| !before.contains_key(start)) {
        for (next, import) in graph.get(file).into_iter().flatten() {
            if group.contains(next) && !before.contains_key(next) {
                before.insert(next, import);
                waiting.push_back(next);
            }
        }
    }
    let mut steps = Vec::new();
    let mut file = start;
    while let Some(import) = before.get(file) {
        steps.push(format!("{}:{} names {} of {}", import.from, import.line, import.path, import.to));
        file = &import.from;
        if file == start {
            break;
        }
    }
    steps.reverse();
    let files: Vec<&str> = group.iter().copied().collect();
    format!("{start}: circle of modules: {} ({})", files.join(", "), steps.join("; "))
}
