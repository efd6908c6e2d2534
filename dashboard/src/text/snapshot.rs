//! Snapshots: what an analysis read, as a file.

use crate::format;

pub(crate) const SNAPSHOTS: &str = "Snapshots";
pub(crate) const HINT: &str = "A snapshot is one file with everything that the analysis read. It contains names, digests, sizes and locks, and no credentials.";
pub(crate) const SAVE: &str = "Save snapshot";
pub(crate) const COMPARE: &str = "Compare with snapshot";
pub(crate) const FILE: &str = "Snapshot file";
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
        1 => format!("1 change since {taken}"),
        _ => format!("{} changes since {taken}", format::count(count)),
    }
}
