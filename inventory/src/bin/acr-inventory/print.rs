//! The tables, as text and as JSON.

use std::fmt::Write as _;

use acr_inventory::cleanup::{Action, Plan, PurgeCommand};
use acr_inventory::lock::Finding;
use acr_inventory::{Bound, Figure, Figures, Graph, Inventory};
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
    aligned(&table) + &incomplete(graph)
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
    aligned(&table) + &incomplete(graph)
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
        return pretty(&json!({ "complete": graph.is_complete(), "findings": rows }));
    }
    let mut table = vec![["FINDING", "ITEM"].map(str::to_owned)];
    table.extend(rows.map(|(finding, item)| [finding.to_owned(), visible(&item)]));
    aligned(&table) + &incomplete(graph)
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
    text.push_str(&incomplete(graph));
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

/// A line that says so where not everything was read.
fn incomplete(graph: Graph<'_>) -> String {
    if graph.is_complete() {
        return String::new();
    }
    format!("incomplete: not all of {} was read\n", visible(graph.inventory().registry()))
}

/// JSON for people and programs.
pub(crate) fn pretty(value: &Value) -> String {
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
pub(crate) fn bytes(bytes: u64) -> String {
    if bytes < 1 << 20 {
        format!("{bytes} B")
    } else {
        format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
    }
}

/// Text of the registry without what a terminal would obey.
pub(crate) fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// A table with its columns aligned.
pub(crate) fn aligned<const N: usize>(table: &[[String; N]]) -> String {
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
