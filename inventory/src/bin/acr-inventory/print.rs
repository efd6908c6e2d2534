//! The tables, as text and as JSON.

use std::fmt::Write as _;

use acr_inventory::cleanup::{Action, Plan, PurgeCommand};
use acr_inventory::lock::Finding;
use acr_inventory::{Bound, Difference, Figure, Figures, Graph, Inventory};
use serde_json::{Value, json};

/// Bytes by repository, and of the registry.
pub(crate) fn storage(inventory: &Inventory, as_json: bool) -> String {
    let graph = inventory.graph();
    let ids: Vec<_> = inventory.repositories().collect();
    let groups: Vec<&[_]> = ids.iter().map(std::slice::from_ref).collect();
    let names = ids.iter().map(|id| inventory.repository_name(*id).to_owned());
    let mut rows: Vec<(String, Figures)> = names.zip(graph.group_figures(&groups)).collect();
    rows.sort_by(|one, other| {
        other.1.unique.bytes.cmp(&one.1.unique.bytes).then_with(|| one.0.cmp(&other.0))
    });
    let total = graph.registry_figures();
    if as_json {
        let repositories: Vec<Value> =
            rows.iter().map(|(name, figures)| json!({ "name": name, "figures": figures })).collect();
        return pretty(&json!({
            "registry": inventory.registry(), "complete": graph.is_complete(), "total": total, "repositories": repositories,
        }));
    }
    let mut table =
        vec![["NAME", "LOGICAL", "UNIQUE", "SHARED", "UNTAGGED", "RECLAIMABLE"].map(str::to_owned)];
    rows.push((format!("{} (total)", inventory.registry()), total));
    for (name, figures) in rows {
        let Figures { logical, unique, shared, untagged, reclaimable, .. } = figures;
        let [logical, unique, shared, untagged, reclaimable] =
            [logical, unique, shared, untagged, reclaimable].map(figure);
        table.push([visible(&name), logical, unique, shared, untagged, reclaimable]);
    }
    aligned(&table)
}

/// The largest layers.
pub(crate) fn layers(inventory: &Inventory, limit: usize, as_json: bool) -> String {
    let graph = inventory.graph();
    let layers = graph.largest_layers(limit);
    let images = |digest| {
        let images = graph.images_with(digest).into_iter();
        let mut images: Vec<String> = images.map(|id| inventory.manifest_reference(id)).collect();
        images.sort_unstable();
        images
    };
    if as_json {
        let rows: Vec<Value> = layers
            .iter()
            .map(|layer| json!({ "digest": inventory.digest_text(layer.digest), "size": layer.size, "images": images(layer.digest) }))
            .collect();
        return pretty(&json!({ "complete": graph.is_complete(), "layers": rows }));
    }
    let mut table = vec![["DIGEST", "SIZE", "USES"].map(str::to_owned)];
    for layer in layers {
        table.push([inventory.digest_text(layer.digest), bytes(layer.size), layer.uses.to_string()]);
    }
    aligned(&table)
}

/// What is locked less than it seems.
pub(crate) fn locks(graph: Graph<'_>, findings: &[Finding], as_json: bool) -> String {
    let inventory = graph.inventory();
    let rows = findings.iter().map(|finding| match finding {
        Finding::ReleaseNotLocked(tag) => ("releaseNotLocked", inventory.tag_reference(*tag)),
        Finding::ManifestNotLocked { tag, manifest } => (
            "manifestNotLocked",
            format!("{} ({})", inventory.manifest_reference(*manifest), inventory.tag_reference(*tag)),
        ),
        Finding::ChildNotLocked { index, child } => (
            "childNotLocked",
            format!("{} (of {})", inventory.manifest_reference(*child), inventory.manifest_reference(*index)),
        ),
    });
    if as_json {
        let rows: Vec<Value> =
            rows.map(|(finding, item)| json!({ "finding": finding, "item": item })).collect();
        return pretty(&json!({ "findings": rows }));
    }
    let mut table = vec![["FINDING", "ITEM"].map(str::to_owned)];
    table.extend(rows.map(|(finding, item)| [finding.to_owned(), visible(&item)]));
    aligned(&table)
}

/// A plan as a table, with a sentence about images in use where there are any, and what it frees.
pub(crate) fn plan(graph: Graph<'_>, plan: &Plan, in_use: Option<&str>) -> String {
    let mut table = vec![["ACTION", "ITEM", "REASON", "FREES"].map(str::to_owned)];
    for item in plan.items() {
        let action = match item.action {
            Action::Keep => "keep",
            Action::Untag => "untag",
            Action::Delete => "delete",
        };
        let frees = if item.frees > 0 { bytes(item.frees) } else { String::new() };
        let (reference, reason) = (plan.reference(graph, item), plan.reason(graph, item));
        table.push([action.to_owned(), visible(&reference), visible(&reason), frees]);
    }
    let mut text = aligned(&table);
    text.push('\n');
    if let Some(in_use) = in_use {
        text.push_str(&visible(in_use));
        text.push('\n');
    }
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{} steps; frees {}", plan.steps().len(), figure(plan.frees()));
    text
}

/// The command of `acr purge`, and where it would behave differently.
pub(crate) fn purge(command: &PurgeCommand) -> String {
    let mut text = String::new();
    for note in &command.notes {
        let _ = writeln!(text, "# {}", visible(note));
    }
    for item in &command.also_deletes {
        let _ = writeln!(text, "# would also delete {}", visible(item));
    }
    for item in &command.does_not_delete {
        let _ = writeln!(text, "# would keep {}", visible(item));
    }
    text + &command.command
}

/// A difference.
pub(crate) fn difference(found: &Difference, as_json: bool) -> String {
    if as_json {
        let moved: Vec<Value> = found
            .moved_tags
            .iter()
            .map(|one| json!({ "tag": one.tag, "from": one.from, "to": one.to }))
            .collect();
        let locks: Vec<Value> = found
            .locks
            .iter()
            .map(|one| json!({ "name": one.name, "from": one.from, "to": one.to }))
            .collect();
        let grown: Vec<Value> = found
            .grown
            .iter()
            .map(|one| json!({ "repository": one.repository, "from": one.from, "to": one.to }))
            .collect();
        return pretty(&json!({
            "addedRepositories": found.added_repositories, "deletedRepositories": found.deleted_repositories,
            "pushedTags": found.pushed_tags, "movedTags": moved, "deletedTags": found.deleted_tags,
            "pushedManifests": found.pushed_manifests, "deletedManifests": found.deleted_manifests,
            "locks": locks, "grown": grown, "incomplete": found.incomplete,
        }));
    }
    let mut table: Vec<[String; 2]> = Vec::new();
    let mut add = |what: &str, names: &[String]| {
        table.extend(names.iter().map(|name| [what.to_owned(), visible(name)]));
    };
    add("added", &found.added_repositories);
    add("deleted", &found.deleted_repositories);
    add("pushed", &found.pushed_tags);
    add("pushed", &found.pushed_manifests);
    add("deleted", &found.deleted_tags);
    add("deleted", &found.deleted_manifests);
    add("incomplete", &found.incomplete);
    table.extend(
        found
            .moved_tags
            .iter()
            .map(|one| ["moved".into(), visible(&format!("{} {} -> {}", one.tag, one.from, one.to))]),
    );
    table.extend(found.locks.iter().map(|one| ["locks".into(), visible(&one.name)]));
    let grown = found.grown.iter();
    table.extend(grown.map(|one| {
        ["grown".into(), format!("{} {} -> {}", visible(&one.repository), bytes(one.from), bytes(one.to))]
    }));
    if table.is_empty() { "no difference\n".to_owned() } else { aligned(&table) }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A figure with the sign of what it is a bound of.
fn figure(figure: Figure) -> String {
    let sign = match figure.bound {
        Bound::Exact => "",
        Bound::AtLeast => ">=",
        Bound::AtMost => "<=",
        Bound::Estimate => "~",
    };
    format!("{sign}{}", bytes(figure.bytes))
}

/// Bytes in MiB, below one as they are.
fn bytes(bytes: u64) -> String {
    if bytes < 1 << 20 {
        format!("{bytes} B")
    } else {
        format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
    }
}

/// Text of the registry without what a terminal would obey.
fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn aligned<const N: usize>(table: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in table {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in table {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}
