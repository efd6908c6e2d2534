//! The four switches, what each does and what they add up to.

pub(crate) const READ: &str = "Read enabled";
pub(crate) const WRITE: &str = "Write enabled";
pub(crate) const DELETE: &str = "Delete enabled";
pub(crate) const LIST: &str = "List enabled";

pub(crate) const READ_HINT: &str = "Off forbids pulling.";
pub(crate) const WRITE_HINT: &str = "Off forbids pushing over it, and deleting it too.";
pub(crate) const DELETE_HINT: &str = "Off forbids deleting it.";
pub(crate) const LIST_HINT: &str = "Off hides it from lists. Who knows its name still finds it.";
pub(crate) const REPOSITORY_WRITE_HINT: &str =
    "Off freezes everything in the repository: no push, no deletion.";
pub(crate) const REPOSITORY_DELETE_HINT: &str =
    "Off forbids deleting the repository. What is in it can still be deleted.";

pub(crate) const REPOSITORY: &str = "Repository";
pub(crate) const MANIFEST: &str = "Manifest";
pub(crate) const TAG: &str = "Tag";
pub(crate) const THE_REPOSITORY: &str = "the repository";
pub(crate) const THE_MANIFEST: &str = "the manifest";
pub(crate) const THE_TAG: &str = "the tag";

pub(crate) const EFFECT: &str = "What this adds up to";
pub(crate) const NO_EFFECT: &str =
    "Nothing is forbidden: it can be pulled, overwritten, deleted and found in lists.";
pub(crate) const INDEPENDENT: &str =
    "The levels are independent: switching one leaves the others as they are.";
pub(crate) const CANNOT_PULL: &str = "Cannot be pulled";
pub(crate) const CANNOT_OVERWRITE: &str = "Cannot be overwritten";
pub(crate) const CANNOT_DELETE: &str = "Cannot be deleted";
pub(crate) const NOT_LISTED: &str = "Not shown in lists";
pub(crate) const QUARANTINE: &str = "Quarantine state";
pub(crate) const QUARANTINE_DETAILS: &str = "Quarantine details";
pub(crate) const LOCKED: &str = "Locked";
pub(crate) const RESTRICTED: &str = "Restricted";

pub(crate) fn because(what: &str, reasons: &[String]) -> String {
    format!("{what}: {}.", reasons.join(", "))
}

pub(crate) fn read_off(the: &str) -> String {
    format!("{the} is read-locked")
}

pub(crate) fn write_off(the: &str) -> String {
    format!("{the} is write-locked")
}

pub(crate) fn delete_off(the: &str) -> String {
    format!("{the} is delete-locked")
}

pub(crate) fn list_off(the: &str) -> String {
    format!("{the} is hidden")
}

pub(crate) fn group(level: &str, name: &str) -> String {
    if name.is_empty() { level.to_owned() } else { format!("{level} {name}") }
}

pub(crate) fn changed(switch: &str, on: bool, what: &str) -> String {
    format!("{switch}: {} for {what}", if on { "on" } else { "off" })
}

pub(crate) fn change_failed(switch: &str, what: &str) -> String {
    format!("{switch} of {what} could not be changed")
}

pub(crate) fn not_as_asked(switch: &str, what: &str) -> String {
    format!("The registry answered, but {switch} of {what} is not as asked.")
}
