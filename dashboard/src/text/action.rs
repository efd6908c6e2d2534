//! Changing things: buttons, dialogs, progress and results.

use crate::format;

pub(crate) const STOPPED_BY_HOST: &str = "The page that embeds this dashboard prevented this change.";
pub(crate) const STOPPED_BY_HOST_REMEDY: &str = "Nothing was changed.";
pub(crate) const READ_ONLY: &str = "This dashboard is read-only.";
pub(crate) const NOT_ALLOWED: &str = "The gateway's configuration does not allow this action.";
pub(crate) const BULK: &str = "Selected rows";
pub(crate) const UNTAG: &str = "Untag";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const LOCK: &str = "Lock";
pub(crate) const UNLOCK: &str = "Unlock";
pub(crate) const DELETE_REPOSITORY: &str = "Delete repository";
pub(crate) const UNTAG_EFFECT: &str = "Untag removes the tag only. The manifest stays, and no space is freed. You can undo this during this session, as long as the manifest exists.";
pub(crate) const DELETE_EFFECT: &str = "Delete removes the manifest and every tag on it. Layers that nothing else uses are freed. This cannot be undone.";
pub(crate) const LOCK_EFFECT: &str = "Lock turns off Write enabled and Delete enabled: the items can be neither overwritten nor deleted until you unlock them.";
pub(crate) const UNLOCK_EFFECT: &str = "Unlock turns on Write enabled and Delete enabled.";
pub(crate) const DELETE_REPOSITORY_EFFECT: &str = "This deletes the repository with all its manifests and tags. It cannot be undone. If anything in the repository is locked, the registry refuses.";
pub(crate) const CHOSEN: &str = "Selected items";
pub(crate) const LOCKED_SKIPPED: &str = "Locked, will be skipped";
pub(crate) const NOTHING_TO_DO: &str = "All selected items are locked. Unlock them first.";
pub(crate) const WAITING: &str = "not done";
pub(crate) const DONE: &str = "done";
pub(crate) const GONE: &str = "already deleted";
pub(crate) const SKIPPED: &str = "locked, skipped";
pub(crate) const FAILED: &str = "failed";
pub(crate) const STOP: &str = "Stop";
pub(crate) const STOPPING: &str = "Stopping…";
pub(crate) const RESULTS: &str = "Results";
pub(crate) const HALTED: &str =
    "Stopped: the remaining items would fail for the same reason. No request was sent for them.";
pub(crate) const SIGN_IN_AND_GO_ON: &str = "Sign in again and continue";
pub(crate) const DO_THE_REST: &str = "Continue with the rest";
pub(crate) const TAG_TAKEN: &str = "The tag now points to another manifest and was left unchanged.";
pub(crate) const TAG_TAKEN_REMEDY: &str = "To restore it, remove the current tag first.";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const UNTAGGED_HERE: &str = "Untagged in this session";

pub(crate) fn lacks(action: &str) -> String {
    format!("This session does not have the permission {action} on this repository.")
}

pub(crate) fn title(action: &str, subject: &str) -> String {
    format!("{action} {subject}")
}

pub(crate) fn many(count: usize, repository: &str) -> String {
    format!("{} of {repository}", format::count(count))
}

pub(crate) fn and_more(count: usize) -> String {
    format!("and {} more", format::count(count))
}

pub(crate) fn type_to_confirm(what: &str) -> String {
    format!("Type {what} to confirm")
}

pub(crate) fn failed(action: &str, what: &str) -> String {
    format!("{action} {what} failed")
}

pub(crate) fn tally(good: usize, bad: usize, all: usize) -> String {
    let done = format!("{} of {} done", format::count(good), format::count(all));
    if bad == 0 { done } else { format!("{done}, {} failed", format::count(bad)) }
}

pub(crate) fn repository_deleted(name: &str) -> String {
    format!("Repository {name} deleted")
}

pub(crate) fn undo(name: &str) -> String {
    format!("Undo untag of {name}")
}

pub(crate) fn untagged(name: &str, count: usize) -> String {
    if count == 1 { format!("{name} untagged") } else { format!("{} tags removed", format::count(count)) }
}

pub(crate) fn undone(tag: &str) -> String {
    format!("Tag {tag} restored")
}

pub(crate) fn undo_failed(tag: &str) -> String {
    format!("Tag {tag} could not be restored")
}

pub(crate) fn gone_with_last(name: &str) -> String {
    format!("Repository {name} was deleted with its last manifest")
}
