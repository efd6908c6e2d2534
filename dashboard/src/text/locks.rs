//! Locks as rules: what should be locked and is not, and locking all that match a pattern.

use crate::format;

pub(crate) const LOCKS: &str = "Locks";
pub(crate) const HINT: &str = "A lock on a tag does not protect its manifest, and a lock on an index does not protect the manifests that it lists: each of them can still be deleted by its digest.";
pub(crate) const FINDINGS: &str = "Lock findings";
const NO_FINDINGS: &str = "Every release is locked, and so is everything below a lock.";
pub(crate) const ITEM: &str = "Item";
pub(crate) const FINDING: &str = "Finding";
pub(crate) const DETAILS: &str = "Details";
pub(crate) const RELEASE: &str = "Release not locked";
pub(crate) const RELEASE_DETAILS: &str = "The tag looks like a release. It can be moved or deleted.";
pub(crate) const MANIFEST: &str = "Manifest not locked";
pub(crate) const CHILD: &str = "Child not locked";
pub(crate) const RULE: &str = "Lock by pattern";
pub(crate) const TAGS: &str = "Tags to lock";
pub(crate) const TAGS_HINT: &str = "One expression per line, for every repository, or repository:tag-expression. The manifests of these tags are locked too, and the children of indexes.";
pub(crate) const PREVIEW: &str = "Preview locks";
pub(crate) const PLAN: &str = "Lock plan";
pub(crate) const KIND: &str = "Type";
pub(crate) const TAG: &str = "Tag";
pub(crate) const INDEX: &str = "Image index";
pub(crate) const IMAGE: &str = "Manifest";
pub(crate) const PART_OF: &str = "Belongs to";
pub(crate) const LOCK_ALL: &str = "Lock all";

pub(crate) fn manifest_details(tag: &str) -> String {
    format!("The tag {tag} is locked, and its manifest can be deleted by digest.")
}

pub(crate) fn child_details(index: &str) -> String {
    format!("The index {index} is locked. Deleting this manifest breaks that platform.")
}

/// How many findings there are. Until everything is read, there may be more.
pub(crate) fn findings(count: usize, is_complete: bool) -> String {
    match (count, is_complete) {
        (0, true) => NO_FINDINGS.to_owned(),
        (0, false) => "No findings so far. Not everything has been read.".to_owned(),
        (count, true) => format::counted(count, "finding", "findings"),
        (count, false) => {
            format!("{} so far. Not everything has been read.", format::counted(count, "finding", "findings"))
        }
    }
}

pub(crate) fn bad_pattern(problem: &str) -> String {
    format!("The pattern cannot be used: {problem}")
}

/// What a plan locks, in one sentence, and what it need not lock.
pub(crate) fn outline(tags: usize, manifests: usize, already: usize) -> String {
    let plan = match (tags, manifests) {
        (0, 0) => "There is nothing to lock.".to_owned(),
        _ => format!(
            "Locks {} and {}.",
            format::counted(tags, "tag", "tags"),
            format::counted(manifests, "manifest", "manifests")
        ),
    };
    match already {
        0 => plan,
        1 => format!("{plan} 1 matching tag is locked already, with everything below it."),
        _ => format!(
            "{plan} {} matching tags are locked already, with everything below them.",
            format::count(already)
        ),
    }
}

/// Of tags whose manifests were not read.
pub(crate) fn unread(count: usize) -> String {
    format!(
        "{} not read completely, so some of their children may be missing here.",
        format::counted(count, "matching tag was", "matching tags were")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn until_everything_is_read_nothing_is_called_locked() {
        assert_eq!(findings(0, true), NO_FINDINGS);
        assert_eq!(findings(0, false), "No findings so far. Not everything has been read.");
        assert_eq!(findings(1, true), "1 finding");
        assert_eq!(findings(2, false), "2 findings so far. Not everything has been read.");
    }

    #[test]
    fn a_plan_is_one_sentence_and_says_what_is_locked_already() {
        assert_eq!(outline(1, 2, 0), "Locks 1 tag and 2 manifests.");
        assert_eq!(outline(0, 0, 0), "There is nothing to lock.");
        let already = outline(0, 0, 1);
        assert_eq!(
            already,
            "There is nothing to lock. 1 matching tag is locked already, with everything below it."
        );
    }
}
