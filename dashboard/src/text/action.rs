//! Changing things: buttons, dialogs, progress and results.

use crate::format;

pub(crate) const STOPPED_BY_HOST: &str = "The page around this dashboard has stopped it.";
pub(crate) const STOPPED_BY_HOST_REMEDY: &str = "Nothing was changed.";
pub(crate) const READ_ONLY: &str = "This page shows the registry for reading only.";
pub(crate) const NOT_ALLOWED: &str = "The gateway's configuration does not allow this.";
pub(crate) const BULK: &str = "Selected rows";
pub(crate) const UNTAG: &str = "Untag";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const LOCK: &str = "Lock";
pub(crate) const UNLOCK: &str = "Unlock";
pub(crate) const DELETE_REPOSITORY: &str = "Delete repository";
pub(crate) const UNTAG_EFFECT: &str = "Untag removes the tag and nothing else: the manifest stays, and no space is freed. It can be undone in this session while \
     the manifest exists.";
pub(crate) const DELETE_EFFECT: &str = "Delete removes the manifest and every tag on it. It cannot be undone. Layers that nothing else uses \
     are freed.";
pub(crate) const LOCK_EFFECT: &str = "Lock switches Write enabled and Delete enabled off: no push over it, no deletion. It can be unlocked again.";
pub(crate) const UNLOCK_EFFECT: &str = "Unlock switches Write enabled and Delete enabled on.";
pub(crate) const DELETE_REPOSITORY_EFFECT: &str = "The repository goes with all its manifests and tags. Nothing of it stays, and it cannot be undone. If anything in it is \
     locked, the registry refuses.";
pub(crate) const CHOSEN: &str = "What changes";
pub(crate) const LOCKED_SKIPPED: &str = "Locked, so left as it is";
pub(crate) const NOTHING_TO_DO: &str = "Everything chosen is locked. Unlock it first.";
pub(crate) const WAITING: &str = "not done";
pub(crate) const DONE: &str = "done";
pub(crate) const GONE: &str = "was gone already";
pub(crate) const SKIPPED: &str = "locked, skipped";
pub(crate) const FAILED: &str = "failed";
pub(crate) const STOP: &str = "Stop";
pub(crate) const STOPPING: &str = "Stopping…";
pub(crate) const HALTED: &str =
    "Not gone on with, since the rest would fail alike; what is not done was not asked for.";
pub(crate) const SIGN_IN_AND_GO_ON: &str = "Sign in again and go on";
pub(crate) const DO_THE_REST: &str = "Do the rest";
pub(crate) const TAG_TAKEN: &str = "It has been put on something else meanwhile, and is left as it is.";
pub(crate) const TAG_TAKEN_REMEDY: &str = "Untag it first if it shall come back.";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const UNTAGGED_HERE: &str = "Untagged in this session";

pub(crate) fn lacks(action: &str) -> String {
    format!("This session lacks the permission {action} on this repository.")
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
    format!("{action} {what} did not work")
}

pub(crate) fn tally(good: usize, bad: usize, all: usize) -> String {
    let done = format!("{} of {} done", format::count(good), format::count(all));
    if bad == 0 { done } else { format!("{done}, {} failed", format::count(bad)) }
}

pub(crate) fn repository_deleted(name: &str) -> String {
    format!("Repository {name} is deleted")
}

pub(crate) fn undo(name: &str) -> String {
    format!("Undo untag of {name}")
}

pub(crate) fn untagged(name: &str, count: usize) -> String {
    if count == 1 {
        format!("{name} is untagged")
    } else {
        format!("{} tags are removed", format::count(count))
    }
}

pub(crate) fn undone(tag: &str) -> String {
    format!("Tag {tag} is back")
}

pub(crate) fn undo_failed(tag: &str) -> String {
    format!("Tag {tag} could not be put back")
}

pub(crate) fn gone_with_last(name: &str) -> String {
    format!("Repository {name} is gone with its last manifest")
}
