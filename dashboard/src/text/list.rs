//! Lists: searching, sorting, how complete they are, exporting.

use crate::format;

pub(crate) const SEARCH_REPOSITORIES: &str = "Search to filter repositories";
pub(crate) const SEARCH_TAGS: &str = "Search to filter tags";
pub(crate) const SEARCH_MANIFESTS: &str = "Search to filter manifests";
pub(crate) const SEARCH_HINT: &str = "Text, glob*, or /regex/";
pub(crate) const SEARCH_DIGEST_HINT: &str = "Name or digest: text, glob*, or /regex/";
pub(crate) const REFRESH: &str = "Refresh";
pub(crate) const STOP: &str = "Stop loading";
pub(crate) const RESUME: &str = "Resume";
pub(crate) const SHOW_MORE: &str = "Show more";
pub(crate) const COLUMNS: &str = "Columns";
pub(crate) const CSV: &str = "CSV";
pub(crate) const JSON: &str = "JSON";
pub(crate) const EXPORT_CSV: &str = "Export CSV";
pub(crate) const EXPORT_JSON: &str = "Export JSON";
pub(crate) const COMPLETE: &str = "complete";
pub(crate) const LOADING: &str = "loading…";
pub(crate) const STOPPED: &str = "stopped";
pub(crate) const NOTHING_MATCHES: &str = "Nothing matches";
pub(crate) const NOTHING_MATCHES_HINT: &str = "No name in this list matches the search.";
pub(crate) const CLEAR_SEARCH: &str = "Clear search";
pub(crate) const AS_TABLE: &str = "As a table";
pub(crate) const FLAT: &str = "Flat";
pub(crate) const TREE: &str = "Tree";
pub(crate) const VIEW: &str = "View";

pub(crate) fn shown(shown: usize, all: usize) -> String {
    format!("{} of {} shown", format::count(shown), format::count(all))
}

pub(crate) fn cut(size: &str) -> String {
    format!("Only the first {size} are shown. Copying includes everything.")
}

pub(crate) fn still_loading(so_far: usize) -> String {
    format!("still loading {}…", format::count(so_far))
}

pub(crate) fn partial(why: &str) -> String {
    format!("partial: {why}")
}

pub(crate) fn bad_search(problem: &str) -> String {
    format!("Invalid regular expression: {problem}")
}

pub(crate) fn selected(count: usize) -> String {
    format!("{} selected", format::count(count))
}

pub(crate) fn select_all(count: usize) -> String {
    format!("Select all {}", format::count(count))
}

pub(crate) fn select(name: &str) -> String {
    format!("Select {name}")
}

pub(crate) const CLEAR_SELECTION: &str = "Clear selection";
pub(crate) const THROTTLED: &str = "throttled";
pub(crate) const UNREACHABLE: &str = "no answer";
pub(crate) const PROXY_ENDED: &str = "proxy sign-in ended";
pub(crate) const REFUSED: &str = "refused";
pub(crate) const FAILED: &str = "failed";
