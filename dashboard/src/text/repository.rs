//! Repositories, their tags and manifests.

use crate::format;

pub(crate) const REPOSITORY: &str = "Repository";
pub(crate) const TAGS: &str = "Tags";
pub(crate) const TAG: &str = "Tag";
pub(crate) const MANIFESTS: &str = "Manifests";
pub(crate) const ATTRIBUTES: &str = "Attributes";
pub(crate) const STORAGE: &str = "Storage";
pub(crate) const CLEANUP: &str = "Cleanup";
pub(crate) const DIGEST: &str = "Digest";
pub(crate) const PLATFORM: &str = "Platform";
pub(crate) const SIZE: &str = "Size";
pub(crate) const TYPE: &str = "Type";
pub(crate) const LAST_UPDATED: &str = "Last updated";
pub(crate) const CREATED: &str = "Created";
pub(crate) const LOCKS: &str = "Locks";
pub(crate) const NOT_LOCKED: &str = "None";
/// In the place of what only the repository's attributes have, where they could not be read.
pub(crate) const NOT_READ: &str = "Could not be read. Refresh to try again.";
pub(crate) const EMPTY_REGISTRY: &str = "No repositories";
pub(crate) const EMPTY_REGISTRY_HINT: &str = "This registry is empty. Push an image to create a repository.";
pub(crate) const NO_CATALOG: &str = "Repository-scoped tokens and ABAC roles often may not list repositories. You can still open a repository by its name, and pin it to keep it here.";
pub(crate) const OPEN_BY_NAME: &str = "Open a repository by name";
pub(crate) const OPEN: &str = "Open";
pub(crate) const COPY_PATH: &str = "Copy login server and repository";
pub(crate) const PIN: &str = "Pin";
pub(crate) const UNPIN: &str = "Unpin";
pub(crate) const NO_TAGS: &str = "No tags";
pub(crate) const NO_TAGS_HINT: &str = "This repository has no tags. Untagged manifests, if there are any, are listed under Manifests and take up space.";
pub(crate) const NO_MANIFESTS: &str = "No manifests";
pub(crate) const NO_MANIFESTS_HINT: &str = "The repository has no manifests of this kind.";
pub(crate) const ALL: &str = "All";
pub(crate) const TAGGED: &str = "Tagged";
pub(crate) const UNTAGGED: &str = "Untagged";
pub(crate) const ARTIFACTS: &str = "Artifacts";
pub(crate) const SAME_DIGEST: &str = "Also on this digest";
pub(crate) const SHOW: &str = "Show";
pub(crate) const MULTI_PLATFORM: &str = "multi-platform";
pub(crate) const NOT_IN_API: &str =
    "The registry's API does not report who pushed an image or when it was last pulled.";

pub(crate) fn counts(tags: u64, manifests: u64) -> String {
    let part = |number: u64, one: &str, many: &str| {
        let count = format::count(usize::try_from(number).unwrap_or(usize::MAX));
        format!("{count}\u{a0}{}", if number == 1 { one } else { many })
    };
    format!("{}, {}", part(tags, "tag", "tags"), part(manifests, "manifest", "manifests"))
}

pub(crate) fn in_folder(count: usize) -> String {
    format::counted(count, "repository", "repositories")
}

pub(crate) fn switched_off(names: &[&str]) -> String {
    format!("Off: {}", names.join(", "))
}

/// Of an untagged manifest that an index lists.
pub(crate) fn child_of(index: &str) -> String {
    format!("child of {index}")
}

/// Of an untagged manifest with a subject. `kind` is what it is, as a title; what is no more than an artifact refers to its subject.
pub(crate) fn referrer_of(kind: &str, subject: &str) -> String {
    match kind {
        "" | "Artifact" | "Image" => format!("refers to {subject}"),
        "SBOM" => format!("SBOM of {subject}"),
        kind => format!("{} of {subject}", kind.to_lowercase()),
    }
}

pub(crate) fn open_failed(repository: &str) -> String {
    format!("Repository {repository} could not be opened")
}

pub(crate) fn tags_failed(repository: &str) -> String {
    format!("The tags of {repository} could not be listed")
}

pub(crate) fn manifests_failed(repository: &str) -> String {
    format!("The manifests of {repository} could not be listed")
}

pub(crate) fn indexes_failed(repository: &str) -> String {
    format!("The platforms in the indexes of {repository} could not be read")
}

pub(crate) fn indexes_asked(asked: usize, all: usize) -> String {
    format!("Platforms of {} of {} tagged indexes shown", format::count(asked), format::count(all))
}

pub(crate) fn look_at_rest(count: usize) -> String {
    format!("Show the other {}", format::count(count))
}

pub(crate) fn more_tags(count: usize) -> String {
    format!("+{count}")
}
