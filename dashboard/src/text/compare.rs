//! Two images compared.

use crate::format;

pub(crate) const COMPARE: &str = "Compare";
pub(crate) const COMPARE_WITH: &str = "Compare with…";
pub(crate) const TITLE: &str = "Compare images";
pub(crate) const LEFT: &str = "First image";
pub(crate) const RIGHT: &str = "Second image";
pub(crate) const LEFT_PLATFORM: &str = "Platform of the first image";
pub(crate) const RIGHT_PLATFORM: &str = "Platform of the second image";
pub(crate) const FIRST: &str = "First";
pub(crate) const SECOND: &str = "Second";
pub(crate) const HINT: &str = "team/app:1.2, or contoso.azurecr.io/team/app:1.2";
pub(crate) const CHOOSE: &str = "Enter the two images to compare.";
pub(crate) const NOT_AN_IMAGE: &str = "This is not the name of an image";
pub(crate) const NOT_AN_IMAGE_REMEDY: &str = "Write it as repository:tag or repository@digest.";
pub(crate) const SIGN_IN_FIRST: &str = "You are not signed in to this registry";
pub(crate) const SIGN_IN_REMEDY: &str = "Open the registry in the navigation, sign in, and come back.";
pub(crate) const EMPTY_INDEX: &str = "The index lists no image.";
pub(crate) const CHECK_RAW: &str = "See Raw JSON of the manifest.";
pub(crate) const SUMMARY: &str = "Summary";
pub(crate) const CONFIGURATION: &str = "Configuration";
pub(crate) const LAYERS: &str = "Layers";
pub(crate) const FILES: &str = "Files";
pub(crate) const PACKAGES: &str = "Packages";
pub(crate) const ANNOTATIONS: &str = "Annotations";
pub(crate) const HISTORY: &str = "History";
pub(crate) const GROUP: &str = "Type";
pub(crate) const NAME: &str = "Name";
pub(crate) const PATH: &str = "Path";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const DIGEST: &str = "Digest";
pub(crate) const SIZE: &str = "Size";
pub(crate) const SHARED: &str = "Shared";
pub(crate) const INSTRUCTION: &str = "Instruction";
pub(crate) const SAME: &str = "No differences.";
pub(crate) const READING: &str = "Reading the layers…";
pub(crate) const EXPORT: &str = "Export comparison";
pub(crate) const AS_JSON: &str = "JSON";
pub(crate) const AS_MARKDOWN: &str = "Markdown";
pub(crate) const BINARY: &str = "These files are not text. Download them to compare them.";
pub(crate) const TOO_DIFFERENT: &str =
    "These files are too different to compare line by line. Download them to compare them.";
pub(crate) const SHOW_LINES: &str = "Show lines";
pub(crate) const LINES_CUT: &str = "Only the beginning is compared.";
pub(crate) const NONE: &str = "–";
pub(crate) const FAILED: &str = "The images could not be compared";
pub(crate) const RETRY: &str = "Reload the page and try again.";

pub(crate) fn open_failed(name: &str) -> String {
    format!("{name} could not be opened")
}

/// An image of an index.
pub(crate) fn of_platform(name: &str, platform: &str) -> String {
    format!("{name} ({platform})")
}

pub(crate) fn layers(shared: usize, base: u32, bytes: u64) -> String {
    let base = match base {
        0 => "no common base".to_owned(),
        1 => "the lowest layer is the common base".to_owned(),
        base => format!("the lowest {base} are the common base"),
    };
    format!("{shared} shared ({}); {base}", format::size(bytes))
}

pub(crate) fn files(added: u64, removed: u64, changed: u64, unchanged: u64) -> String {
    format!("{added} added, {removed} removed, {changed} changed, {unchanged} unchanged")
}

/// What it costs to compare the lines of a file.
pub(crate) fn lines_cost(bytes: u64) -> String {
    format!("To compare the lines, up to {} of the layers are downloaded.", format::size(bytes))
}

/// What the table of files shows of them.
pub(crate) fn files_cut(shown: usize, all: usize) -> String {
    format!(
        "{} of {} shown, by path. The JSON export has all of them.",
        format::count(shown),
        format::count(all)
    )
}

/// What differs of a file.
pub(crate) fn differing(name: &str, before: Option<&str>, after: Option<&str>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("{name} {before} → {after}"),
        _ => name.to_owned(),
    }
}

/// The sizes of a file in the two images.
pub(crate) fn sizes(first: &str, second: &str) -> String {
    format!("{first} → {second}")
}

pub(crate) fn differences(count: usize) -> String {
    format::counted(count, "difference", "differences")
}
