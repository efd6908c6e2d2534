//! Snapshots: what an analysis read, as a file.

use crate::format;

pub(crate) const SNAPSHOTS: &str = "Snapshots";
pub(crate) const HINT: &str = "A snapshot is one file with everything that the analysis read. It contains names, digests, sizes and locks, and no credentials.";
pub(crate) const SAVE: &str = "Save snapshot";
pub(crate) const OPEN: &str = "Open snapshot";
pub(crate) const OPEN_HINT: &str =
    "Open snapshot shows what such a file contains, without any request to the registry.";
pub(crate) const CLOSE: &str = "Close snapshot";
pub(crate) const COMPARE: &str = "Compare with snapshot";
pub(crate) const FILE_TO_OPEN: &str = "Snapshot file to open";
pub(crate) const FILE_TO_COMPARE: &str = "Snapshot file to compare with";
pub(crate) const UNREADABLE: &str = "the browser could not read the file";
pub(crate) const CHANGES: &str = "Changes since the snapshot";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const ITEM: &str = "Item";
pub(crate) const DETAILS: &str = "Details";
pub(crate) const PUSHED: &str = "Pushed";
pub(crate) const MOVED: &str = "Moved";
pub(crate) const DELETED: &str = "Deleted";
pub(crate) const LOCKED: &str = "Locked";
pub(crate) const UNLOCKED: &str = "Unlocked";
pub(crate) const GROWN: &str = "Grown";
pub(crate) const SHRUNK: &str = "Shrunk";
pub(crate) const NOT_COMPARED: &str = "Not compared: not read completely";

pub(crate) fn reading(percent: u32) -> String {
    format!("Reading the snapshot: {percent} %")
}

/// What an open snapshot is. A file states its registry itself, so that may be anything.
pub(crate) fn snapshot_of(file: &str, registry: &str, taken: Option<&str>) -> String {
    const LONGEST: usize = 120;
    let short = |text: &str| -> String {
        match text.chars().nth(LONGEST) {
            Some(_) => text.chars().take(LONGEST).chain(['…']).collect(),
            None => text.to_owned(),
        }
    };
    let saved = taken.map_or_else(|| "saved at an unknown time".to_owned(), |taken| format!("saved {taken}"));
    format!("Snapshot {} of {}, {saved}. Nothing can be changed here.", short(file), short(registry))
}

pub(crate) fn open_failed(why: &str) -> String {
    format!("The snapshot cannot be opened: {why}")
}

pub(crate) fn failed(why: &str) -> String {
    format!("The snapshot cannot be compared: {why}")
}

pub(crate) fn other_registry(server: &str) -> String {
    format!("it is a snapshot of {server}")
}

pub(crate) fn from_to(from: &str, to: &str) -> String {
    format!("from {from} to {to}")
}

pub(crate) fn since(taken: &str, count: usize) -> String {
    match count {
        0 => format!("Nothing has changed since {taken}."),
        _ => format!("{} since {taken}", format::counted(count, "change", "changes")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_named_with_its_registry_and_its_time() {
        let named = snapshot_of("a.jsonl", "contoso.azurecr.io", Some("1 Jan 2026"));
        assert_eq!(
            named,
            "Snapshot a.jsonl of contoso.azurecr.io, saved 1 Jan 2026. Nothing can be changed here."
        );
        let hostile = snapshot_of("a.jsonl", &"x".repeat(100_000), None);
        assert!(hostile.len() < 250 && hostile.contains("x…, saved at an unknown time"));
    }
}
