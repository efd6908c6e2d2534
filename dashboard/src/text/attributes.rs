//! The four switches, what each does and what they add up to.

pub(crate) const READ: &str = "Read enabled";
pub(crate) const WRITE: &str = "Write enabled";
pub(crate) const DELETE: &str = "Delete enabled";
pub(crate) const LIST: &str = "List enabled";

pub(crate) const READ_HINT: &str = "When off, this cannot be pulled.";
pub(crate) const WRITE_HINT: &str = "When off, this can be neither overwritten nor deleted.";
pub(crate) const DELETE_HINT: &str = "When off, this cannot be deleted.";
pub(crate) const LIST_HINT: &str = "When off, this is hidden from lists. It can still be pulled by name.";
pub(crate) const REPOSITORY_WRITE_HINT: &str =
    "When off, nothing in the repository can be pushed or deleted.";
pub(crate) const REPOSITORY_DELETE_HINT: &str =
    "When off, the repository cannot be deleted. Its tags and manifests still can.";

pub(crate) const REPOSITORY: &str = "Repository";
pub(crate) const MANIFEST: &str = "Manifest";
pub(crate) const TAG: &str = "Tag";
pub(crate) const THE_REPOSITORY: &str = "the repository";
pub(crate) const THE_MANIFEST: &str = "the manifest";
pub(crate) const THE_TAG: &str = "the tag";

pub(crate) const EFFECT: &str = "Effective protection";
pub(crate) const NO_EFFECT: &str =
    "Not protected: it can be pulled, overwritten and deleted, and it appears in lists.";
pub(crate) const INDEPENDENT: &str = "The levels are independent: changing one does not change the others.";
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
    format!("The registry accepted the request, but did not change {switch} of {what}.")
}
