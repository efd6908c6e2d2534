//! The `acr purge` command of a rule, and where it would not do what the plan does.

use std::collections::HashSet;

use super::az::registry_name;
use super::quote::shell;
use crate::cleanup::filter::split;
use crate::cleanup::item::Target;
use crate::cleanup::plan::Plan;
use crate::cleanup::purge::simulate;
use crate::cleanup::rule::RuleText;
use crate::graph::Graph;
use crate::id::TagId;

/// A command, and what to know before it is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgeCommand {
    /// `az acr run` with `acr purge`; it deletes without asking, `--dry-run` shows what.
    pub command: String,
    /// Items that the command would delete and the plan keeps, as `repository:tag` or `repository@digest`.
    pub also_deletes: Vec<String>,
    /// Items that the plan deletes and the command would keep.
    pub does_not_delete: Vec<String>,
    /// What the command cannot say or does otherwise, as sentences.
    pub notes: Vec<String>,
}

/// The command for a rule.
#[must_use]
pub fn purge_line(registry: &str, rule: &RuleText) -> String {
    let mut purge = String::from("acr purge");
    for filter in &rule.filters {
        purge.push_str(&format!(" --filter {}", task_word(filter)));
    }
    purge.push_str(&format!(" --ago {}", if rule.ago.is_empty() { "0d" } else { &rule.ago }));
    if rule.keep > 0 {
        purge.push_str(&format!(" --keep {}", rule.keep));
    }
    if rule.untagged {
        purge.push_str(" --untagged");
    }
    if rule.include_locked {
        purge.push_str(" --include-locked");
    }
    let registry = shell(registry_name(registry));
    format!("az acr run --registry {registry} --timeout 3600 --cmd {} /dev/null", shell(&purge))
}

/// The command for a plan's rule, compared with the plan item by item.
#[must_use]
pub fn purge_command(graph: Graph<'_>, plan: &Plan) -> PurgeCommand {
    let inventory = graph.inventory();
    let command = purge_line(inventory.registry(), plan.rule().text());
    let purged = simulate(graph, plan.rule(), plan.made_at());
    // A tag goes with its manifest, whether or not it is selected.
    let selected: HashSet<TagId> = purged.tags.iter().copied().collect();
    let on_manifests = purged.manifests.iter().flat_map(|id| graph.tags_on(*id));
    let tags = purged.tags.iter().copied().chain(on_manifests.filter(|tag| !selected.contains(tag)));
    let tags = tags.map(Target::Tag);
    let purged: Vec<Target> = tags.chain(purged.manifests.iter().copied().map(Target::Manifest)).collect();
    let planned: Vec<Target> = plan.steps().iter().map(|step| step.target).collect();
    let without = |list: &[Target], other: &[Target]| -> Vec<String> {
        let mut other: Vec<&Target> = other.iter().collect();
        other.sort_unstable();
        let names =
            list.iter().filter(|target| other.binary_search(target).is_err()).map(|target| match target {
                Target::Tag(id) => inventory.tag_reference(*id),
                Target::Manifest(id) => inventory.manifest_reference(*id),
            });
        names.collect()
    };
    let also_deletes = without(&purged, &planned);
    let does_not_delete = without(&planned, &purged);
    let mut notes = notes(plan, &also_deletes, &does_not_delete);
    if !graph.is_complete() {
        notes.push(
            "Not all of the registry was read: acr purge may delete more than is known here.".to_owned(),
        );
    }
    PurgeCommand { command, also_deletes, does_not_delete, notes }
}

fn notes(plan: &Plan, also_deletes: &[String], does_not_delete: &[String]) -> Vec<String> {
    let rule = plan.rule().text();
    let mut notes = Vec::new();
    if !rule.protect.is_empty() {
        notes
            .push("acr purge has no protected tags: it deletes what these patterns protect here.".to_owned());
    }
    if plan.images_in_use() > 0 {
        notes.push("acr purge does not know which images are in use.".to_owned());
    }
    let repositories = rule.filters.iter().filter_map(|filter| split(filter));
    if repositories.map(|(repository, _)| repository).any(has_bare_alternatives) {
        notes.push(
            "acr purge reads `a|b` in a repository's expression as `^a` or `b$`, which matches more names."
                .to_owned(),
        );
    }
    if !also_deletes.is_empty() {
        notes.push(format!("acr purge would also delete {} items that this plan keeps.", also_deletes.len()));
    }
    if !does_not_delete.is_empty() {
        notes.push(format!("acr purge would keep {} items that this plan deletes.", does_not_delete.len()));
    }
    notes
}

/// Whether an expression has a `|` outside of groups and classes, which its anchors do not enclose.
fn has_bare_alternatives(expression: &str) -> bool {
    let (mut depth, mut in_class, mut is_escaped) = (0_usize, false, false);
    for c in expression.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ']' => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// A word inside the command of a task, which splits at spaces and knows quotes of its own.
fn task_word(text: &str) -> String {
    format!("'{}'", text.chars().filter(|c| !c.is_control()).collect::<String>().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_in_groups_and_classes_are_not_bare() {
        for expression in ["a|b", "(a)|b", r"a\(|b\)"] {
            assert!(has_bare_alternatives(expression), "{expression}");
        }
        for expression in ["(app|sub)", "(?i:a|b)/c", "a[|]b", r"a\|b", "app"] {
            assert!(!has_bare_alternatives(expression), "{expression}");
        }
    }
}
