//! A difference, as text and as JSON.

use acr_inventory::{Difference, Locks};
use serde_json::{Value, json};

use crate::print::{aligned, bytes, pretty, visible};

/// A difference; `is_complete` says whether everything was read on both sides.
pub(crate) fn difference(found: &Difference, is_complete: bool, as_json: bool) -> String {
    if as_json {
        let moved: Vec<Value> = found
            .moved_tags
            .iter()
            .map(|one| json!({ "tag": one.tag, "from": one.from, "to": one.to }))
            .collect();
        let locks: Vec<Value> = found
            .locks
            .iter()
            .map(|one| json!({ "name": one.name, "from": switches(one.from), "to": switches(one.to) }))
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
            "complete": is_complete,
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
    table.extend(found.locks.iter().map(|one| {
        ["locks".into(), format!("{} {} -> {}", visible(&one.name), words(one.from), words(one.to))]
    }));
    let grown = found.grown.iter();
    table.extend(grown.map(|one| {
        ["grown".into(), format!("{} {} -> {}", visible(&one.repository), bytes(one.from), bytes(one.to))]
    }));
    let mut text = if table.is_empty() { "no difference\n".to_owned() } else { aligned(&table) };
    if !is_complete {
        text.push_str("incomplete: not everything was read on both sides\n");
    }
    text
}

fn switches(locks: Locks) -> Value {
    json!({
        "deleteEnabled": locks.delete_enabled(), "writeEnabled": locks.write_enabled(),
        "readEnabled": locks.read_enabled(), "listEnabled": locks.list_enabled(),
    })
}

/// The switches that are off.
fn words(locks: Locks) -> String {
    let switches = [
        ("delete", locks.delete_enabled()),
        ("write", locks.write_enabled()),
        ("read", locks.read_enabled()),
        ("list", locks.list_enabled()),
    ];
    let off: Vec<&str> = switches.iter().filter(|(_, is_on)| !is_on).map(|(name, _)| *name).collect();
    if off.is_empty() { "unlocked".to_owned() } else { format!("no {}", off.join(", no ")) }
}
