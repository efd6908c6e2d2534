//! What a deletion takes along, breaks and leaves.

use crate::format;

pub(crate) const TITLE: &str = "What else this means";
pub(crate) const FROZEN: &str =
    "The repository is write-locked: the registry will refuse every deletion in it.";
pub(crate) const WHOLE_REPOSITORY: &str = "These are all its manifests: the repository goes with them.";
pub(crate) const NOTHING_ELSE: &str = "Nothing else goes and nothing breaks: no other tag, image index, signature, SBOM or attestation hangs on it.";
pub(crate) const SKIP: &str = "Stop looking";
pub(crate) const FAILED: &str = "Looking for what else goes did not end";
pub(crate) const STOPPED: &str = "Stopped: what is above is not all.";
pub(crate) const LOOK_FURTHER: &str = "Look further";

fn some(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", format::count(count), if count == 1 { one } else { many })
}

/// `latest → linux/amd64`.
pub(crate) fn refers_to(what: &str, target: &str) -> String {
    format!("{what} → {target}")
}

pub(crate) fn looking(done: usize, all: usize) -> String {
    format!("Looking for what else goes: {} of {} answers…", format::count(done), format::count(all))
}

pub(crate) fn breaks(count: usize) -> String {
    let what = match count {
        1 => "Breaks an image index that stays".to_owned(),
        _ => format!("Breaks {} references of image indexes that stay", format::count(count)),
    };
    format!("{what}: pulling that platform fails afterwards.")
}

pub(crate) fn orphans(count: usize) -> String {
    format!(
        "{} subject: a signature, SBOM or attestation of what is gone says nothing any more. Azure may remove it too.",
        some(count, "referrer loses its", "referrers lose their")
    )
}

pub(crate) fn tags_go(count: usize) -> String {
    format!("{} as well:", some(count, "other tag goes", "other tags go"))
}

pub(crate) fn become_untagged(count: usize) -> String {
    format!(
        "{} left: there by digest, taking up space, and open to a retention policy for untagged manifests.",
        some(count, "manifest has no tag", "manifests have no tag")
    )
}

pub(crate) fn children_bare(count: usize) -> String {
    format!(
        "{} untagged, in no other image index, taking up space. Delete afterwards under Manifests, Untagged.",
        some(count, "manifest of the deleted index stays:", "manifests of deleted indexes stay:")
    )
}

pub(crate) fn children_kept(count: usize) -> String {
    format!(
        "{} in use, by a tag or by an image index that stays:",
        some(count, "manifest of the deleted index stays", "manifests of deleted indexes stay")
    )
}

pub(crate) fn not_listed(listed: usize) -> String {
    format!("Not checked: anything beyond the newest {}.", some(listed, "manifest", "manifests"))
}

pub(crate) fn not_read(count: usize) -> String {
    format!("Not checked: what {} to.", some(count, "image index refers", "image indexes refer"))
}

pub(crate) fn not_asked(count: usize) -> String {
    format!("Not checked: what refers to {} of what goes.", format::count(count))
}
