//! What a deletion takes along, breaks and leaves.

use crate::format;

pub(crate) const TITLE: &str = "Impact";
pub(crate) const FROZEN: &str = "The repository is write-locked: the registry refuses every deletion in it.";
pub(crate) const WHOLE_REPOSITORY: &str =
    "These are all manifests of the repository: the repository is deleted with them.";
pub(crate) const NOTHING_ELSE: &str = "Nothing else is deleted and nothing breaks: no other tag, image index, signature, SBOM or attestation depends on this.";
pub(crate) const SKIP: &str = "Stop checking";
pub(crate) const FAILED: &str = "Could not check everything that depends on this";
pub(crate) const STOPPED: &str = "Stopped: the list above is incomplete.";
pub(crate) const LOOK_FURTHER: &str = "Continue checking";

/// `SBOM → sha256:0123456789ab`.
pub(crate) fn refers_to(what: &str, target: &str) -> String {
    format!("{what} → {target}")
}

pub(crate) fn looking(done: usize, all: usize) -> String {
    format!("Checking what depends on this: {} of {}…", format::count(done), format::count(all))
}

pub(crate) fn breaks(count: usize) -> String {
    match count {
        1 => "Breaks an image index that is kept: this part of it can no longer be pulled.".to_owned(),
        _ => "Breaks image indexes that are kept: these parts of them can no longer be pulled.".to_owned(),
    }
}

/// `linux/amd64 sha256:… belongs to 1.4.0, and that tag breaks`.
pub(crate) fn belongs_to(part: &str, parents: &str) -> String {
    format!("{part} belongs to {parents}")
}

/// The tags that break, at least one.
pub(crate) fn breaks_tags(tags: &[String]) -> String {
    let consequence = if tags.len() == 1 { "that tag breaks" } else { "these tags break" };
    format!("{}, and {consequence}", listed(tags))
}

/// The untagged indexes that break, at least one.
pub(crate) fn breaks_indexes(indexes: &[String]) -> String {
    format!("{}, which {}", listed(indexes), if indexes.len() == 1 { "breaks" } else { "break" })
}

/// A few names in a sentence, and how many more there are.
fn listed(names: &[String]) -> String {
    const NAMED: usize = 3;
    match names {
        [all @ .., last] if !all.is_empty() && names.len() <= NAMED => {
            format!("{} and {last}", all.join(", "))
        }
        names if names.len() > NAMED => {
            let first: Vec<_> = names.iter().take(NAMED).map(String::as_str).collect();
            format!("{} and {} more", first.join(", "), format::count(names.len() - NAMED))
        }
        names => names.concat(),
    }
}

pub(crate) fn orphans(count: usize) -> String {
    format!(
        "{} subject: a signature, SBOM or attestation is useless without it. Azure may delete it as well.",
        format::counted(count, "referrer loses its", "referrers lose their")
    )
}

pub(crate) fn tags_go(count: usize) -> String {
    format!("{}:", format::counted(count, "other tag is deleted as well", "other tags are deleted as well"))
}

pub(crate) fn become_untagged(count: usize) -> String {
    format!(
        "{} left: available by digest only, and subject to a retention policy for untagged manifests.",
        format::counted(count, "manifest has no tag", "manifests have no tag")
    )
}

pub(crate) fn children_bare(count: usize) -> String {
    format!(
        "{} untagged and outside any other image index. To free the space, delete afterwards under Manifests, Untagged.",
        format::counted(
            count,
            "manifest of the deleted index becomes",
            "manifests of deleted indexes become"
        )
    )
}

pub(crate) fn children_kept(count: usize) -> String {
    format!(
        "{} in use by a tag or another image index:",
        format::counted(count, "manifest of the deleted index stays", "manifests of deleted indexes stay")
    )
}

pub(crate) fn not_listed(listed: usize) -> String {
    format!(
        "Not checked: manifests older than the newest {}.",
        format::counted(listed, "manifest", "manifests")
    )
}

pub(crate) fn not_read(count: usize) -> String {
    format!("Not checked: the contents of {}.", format::counted(count, "image index", "image indexes"))
}

pub(crate) fn not_asked(count: usize) -> String {
    format!("Not checked: the referrers of {}.", format::counted(count, "manifest", "manifests"))
}
