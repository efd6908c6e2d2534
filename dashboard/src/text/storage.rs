//! Storage: what takes the space of a registry, and how far the analysis is that finds it out.

use crate::format;

pub(crate) const STORAGE: &str = "Storage";
pub(crate) const ANALYZE: &str = "Analyze storage";
pub(crate) const PAUSE: &str = "Pause";
pub(crate) const RESUME: &str = "Resume";
pub(crate) const STOP: &str = "Stop";
pub(crate) const INTRODUCTION: &str = "The analysis reads the lists of every repository, then each manifest once. It changes nothing, and it continues while you use other screens.";
pub(crate) const READING_LISTS: &str = "Reading lists";
pub(crate) const READING_MANIFESTS: &str = "Reading manifests";
pub(crate) const PAUSED: &str = "Paused";
pub(crate) const STOPPED: &str = "Stopped before everything was read";
pub(crate) const COMPLETE: &str = "Complete";
pub(crate) const INCOMPLETE: &str = "Some requests failed, so the figures are not complete";
pub(crate) const PROGRESS: &str = "Progress of the analysis";
pub(crate) const SAVED_UNFINISHED: &str = "The snapshot was saved before everything was read. A figure marked “at least” may be larger, one marked “at most” may be smaller, and one marked “about” may be either.";
pub(crate) const NOT_FINAL: &str = "Not everything is read yet. A figure marked “at least” can still grow, one marked “at most” can still shrink, and one marked “about” can do either.";
pub(crate) const UNSTATED_SIZES: &str = "Some images are in Docker’s schema 1 format, which does not state the sizes of layers. Figures that include such images are lower bounds.";
pub(crate) const NOT_KEPT: &str = "The storage of this browser is full or blocked, so the results of this analysis are not kept for the next visit. Nothing is lost while this page is open.";

pub(crate) const LOGICAL: &str = "Logical size";
pub(crate) const LOGICAL_HINT: &str = "Every image counted in full, as if nothing were shared.";
pub(crate) const UNIQUE: &str = "Unique";
pub(crate) const UNIQUE_HINT: &str = "Content that is used only here.";
pub(crate) const SHARED: &str = "Shared";
pub(crate) const SHARED_HINT: &str = "Content that is used here and elsewhere, counted once.";
pub(crate) const UNTAGGED: &str = "Untagged";
pub(crate) const UNTAGGED_HINT: &str = "What deleting the manifests without a tag would free.";
pub(crate) const RECLAIMABLE: &str = "Reclaimable";
pub(crate) const RECLAIMABLE_HINT: &str = "What deleting this would free.";
pub(crate) const SIZES: &str =
    "The registry stores each layer once, however many images use it. All sizes are compressed sizes.";

pub(crate) const NAME: &str = "Name";
pub(crate) const SEARCH: &str = "Search to filter storage";
pub(crate) const UNTAGGED_MANIFESTS: &str = "Untagged manifests";
pub(crate) const SHARED_CONTENT: &str = "Shared content";
pub(crate) const TREEMAP: &str = "Stored content";
pub(crate) const NOTHING: &str = "Nothing is stored here";
pub(crate) const NOTHING_HINT: &str = "As far as the analysis has read, there is no manifest here.";

pub(crate) const LAYERS: &str = "Largest layers";
pub(crate) const LAYER: &str = "Layer";
pub(crate) const SIZE: &str = "Size";
pub(crate) const USED_BY: &str = "Used by";
pub(crate) const BASES: &str = "Base images";
pub(crate) const BASES_HINT: &str =
    "As the images state them. Several versions of a base image are stored side by side.";
pub(crate) const REPEATED: &str = "Repeated content";
pub(crate) const REPEATED_HINT: &str = "A layer that is compressed in several ways is stored once for each of them, although its content is the same.";
pub(crate) const REPEATED_LAYERS: &str = "Repeated layers";
pub(crate) const FIND_REPEATED: &str = "Find repeated layers";
pub(crate) const FIND_REPEATED_HINT: &str =
    "This reads the configuration of each image, with one request each.";
pub(crate) const NONE_REPEATED: &str = "No layer is stored in several compressions.";
pub(crate) const CONTENT: &str = "Content";
pub(crate) const STORED_AS: &str = "Stored as";
pub(crate) const EXCESS: &str = "Excess";
pub(crate) const VERSIONS: &str = "Versions";
pub(crate) const IMAGES: &str = "Images";
pub(crate) const GROWTH: &str = "Growth over time";
pub(crate) const GROWTH_HINT: &str = "By the times at which the manifests that are stored now were first pushed. What was deleted since is not included.";
pub(crate) const MONTH: &str = "Month";
pub(crate) const ADDED: &str = "Added";
pub(crate) const TOTAL: &str = "Total";
pub(crate) const MANIFESTS: &str = "Manifests";

pub(crate) fn request_failed(repository: Option<&str>) -> String {
    match repository {
        Some(name) => format!("Repository {name} could not be read completely"),
        None => "The repositories could not be listed".to_owned(),
    }
}

pub(crate) fn done_of(done: usize, all: usize) -> String {
    format!("{} of {} requests", format::count(done), format::count(all))
}

pub(crate) fn failed(count: usize) -> String {
    format!("{} failed", format::count(count))
}

/// How long something takes, rounded up to seconds or minutes.
pub(crate) fn time_left(millis: u64) -> String {
    let seconds = millis.div_ceil(1000).max(1);
    match (seconds, seconds.div_ceil(60)) {
        (1, _) => "about 1 second left".to_owned(),
        (..90, _) => format!("about {seconds} seconds left"),
        (_, minutes) => format!("about {minutes} minutes left"),
    }
}

pub(crate) fn smaller(count: usize) -> String {
    format!("{} smaller", format::count(count))
}

pub(crate) fn repeated(count: usize) -> String {
    format!("{} stored in several compressions.", format::counted(count, "layer is", "layers are"))
}

pub(crate) fn versions(count: usize) -> String {
    format::counted(count, "version", "versions")
}

/// A version of a base image and how many images are built on it.
pub(crate) fn images(count: usize) -> String {
    format::counted(count, "image", "images")
}

pub(crate) fn manifests(count: usize) -> String {
    format::counted(count, "manifest", "manifests")
}

pub(crate) fn storage_of(name: &str) -> String {
    format!("Storage of {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_is_rounded_up() {
        for (millis, text) in [
            (0, "about 1 second left"),
            (1001, "about 2 seconds left"),
            (89_000, "about 89 seconds left"),
            (90_000, "about 2 minutes left"),
            (600_001, "about 11 minutes left"),
        ] {
            assert_eq!(time_left(millis), text);
        }
    }
}
