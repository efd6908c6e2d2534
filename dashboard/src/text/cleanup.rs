//! Cleanup: the rule, the plan, and its run.

use crate::format;

pub(crate) const CLEANUP: &str = "Cleanup";
pub(crate) const INTRODUCTION: &str = "A rule selects what to delete, in the vocabulary of acr purge. The preview deletes nothing. Children of an image index that stays, signatures of an image that stays, and images in use are always kept.";
pub(crate) const NEEDS_ANALYSIS: &str = "Run “Analyze storage” first. The preview is made from what it reads, and repositories that were not read completely are left alone.";
pub(crate) const OF_SNAPSHOT: &str = "Ages are counted from when the snapshot was saved.";
pub(crate) const RULE: &str = "Rule";
pub(crate) const FILTER: &str = "Filter";
pub(crate) const FILTER_HINT: &str = "One repository:tag-expression per line. The repository expression has to match the full name; the tag expression may match anywhere.";
pub(crate) const AGO: &str = "Older than";
pub(crate) const AGO_HINT: &str = "For example 30d, 1d12h or 90m. Empty for any age.";
pub(crate) const KEEP: &str = "Keep newest";
pub(crate) const KEEP_HINT: &str =
    "How many of the newest selected tags, and of the newest untagged manifests, to keep in each repository.";
pub(crate) const UNTAGGED: &str = "Untagged manifests";
pub(crate) const UNTAGGED_HINT: &str = "Also delete manifests that have no tag.";
pub(crate) const INCLUDE_LOCKED: &str = "Include locked";
pub(crate) const INCLUDE_LOCKED_HINT: &str = "Unlock and delete what is locked.";
pub(crate) const PROTECT: &str = "Protect tags";
pub(crate) const PROTECT_HINT: &str = "One expression per line, for every repository, or repository:tag-expression. What matches is always kept.";
pub(crate) const IN_USE: &str = "Images in use";
pub(crate) const IN_USE_HINT: &str = "Paste or drop the output of kubectl get pods -o json, compose files, Helm output or plain text. It is read in this browser only.";
pub(crate) const NOT_A_NUMBER: &str = "“Keep newest” has to be a number.";
pub(crate) const PREVIEW: &str = "Preview";
pub(crate) const PLAN: &str = "Cleanup plan";
pub(crate) const ITEM: &str = "Item";
pub(crate) const ACTION: &str = "Action";
pub(crate) const REASON: &str = "Reason";
pub(crate) const FREES: &str = "Frees";
pub(crate) const SHOW: &str = "Show";
pub(crate) const ALL: &str = "All";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const UNTAG: &str = "Untag";
pub(crate) const KEPT: &str = "Keep";
pub(crate) const NOTHING_TO_DELETE: &str = "The rule deletes nothing.";
pub(crate) const EXPORT_PLAN: &str = "Export plan";
pub(crate) const SCRIPT: &str = "az acr script";
pub(crate) const COPY_PURGE: &str = "Copy acr purge command";
pub(crate) const PURGE_DIFFERS: &str = "Where acr purge behaves differently";
pub(crate) const PURGE_SAME: &str = "acr purge would delete the same items as this plan.";
pub(crate) const ALSO_DELETES: &str = "acr purge would also delete";
pub(crate) const DOES_NOT_DELETE: &str = "acr purge would keep";
pub(crate) const RUN: &str = "Run cleanup";
pub(crate) const RUN_FAILED: &str = "The cleanup was not started";
pub(crate) const RUN_EFFECT: &str = "Each item is checked again right before it is deleted, and left alone if it was changed, moved or locked since the preview, or if a newer image needs it. This cannot be undone.";
pub(crate) const RUNNING: &str = "Cleanup is running";
pub(crate) const PAUSED: &str = "Cleanup is paused";
pub(crate) const FINISHED: &str = "Cleanup has finished";
pub(crate) const NOT_KEPT: &str = "The storage of this browser is full or blocked, so this cleanup cannot continue after a reload. Keep this page open until it has finished.";
pub(crate) const PROGRESS: &str = "Progress of the cleanup";
pub(crate) const RESULTS: &str = "Cleanup results";
pub(crate) const RESULT: &str = "Result";
pub(crate) const WAITING: &str = "waiting";
pub(crate) const IN_PROGRESS: &str = "in progress";
pub(crate) const DONE: &str = "deleted";
pub(crate) const UNTAGGED_NOW: &str = "untagged";
pub(crate) const GONE: &str = "already deleted";
pub(crate) const BLOCKED: &str = "skipped: an item that has to go first was not deleted";
pub(crate) const STALE: &str = "The rule or the registry’s content has changed since this preview.";
pub(crate) const STALE_REMEDY: &str = "Press “Preview” again, and check the plan.";

pub(crate) const FILE_NOT_READ: &str =
    "The browser could not read it: it is a folder, too large, or was changed meanwhile.";
pub(crate) const FILE_REMEDY: &str =
    "Drop the file again, or paste its content. Its images are not protected otherwise.";

pub(crate) fn file_not_read(name: &str) -> String {
    format!("{name} was not read")
}

pub(crate) fn rule_problem(problem: &str) -> String {
    format!("The rule cannot be used: {problem}")
}

pub(crate) fn skipped(why: &str) -> String {
    format!("skipped: {why}")
}

pub(crate) fn failed(why: &str) -> String {
    format!("failed: {why}")
}

pub(crate) fn step_failed(repository: &str) -> String {
    format!("An item of {repository} could not be deleted")
}

pub(crate) fn images_found(found: usize, here: usize, unresolved: usize) -> String {
    let found = format::counted(found, "image", "images");
    let mut text = format!("{found} found, {} of this registry", format::count(here));
    if unresolved > 0 {
        text.push_str(&format!(
            "; {} left out, since variables decide what they are",
            format::count(unresolved)
        ));
    }
    text
}

/// What a plan does, in one sentence.
pub(crate) fn outline(manifests: usize, tags: usize, frees: &str) -> String {
    format!(
        "Deletes {} and removes {}. Frees {frees}.",
        format::counted(manifests, "manifest", "manifests"),
        format::counted(tags, "tag", "tags")
    )
}

/// How a run stands.
pub(crate) fn standing(done: usize, all: usize, freed: &str) -> String {
    format!("{} of {} items done · {freed} freed", format::count(done), format::count(all))
}

pub(crate) fn left_out(skipped: usize, failed: usize) -> String {
    format!("{} skipped · {} failed", format::count(skipped), format::count(failed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_one_sentence() {
        let text = outline(1, 2, "3.0 MiB").replace('\u{a0}', " ");
        assert_eq!(text, "Deletes 1 manifest and removes 2 tags. Frees 3.0 MiB.");
    }
}
