//! A comparison as JSON and as Markdown.

use std::fmt::Write as _;

use serde::Serialize;

use super::configuration::HistoryChange;
use super::files::{FileChange, FileDifferences, FileFacts};
use super::layers::{LayerComparison, LayerDescriptor};
use super::packages::PackageChange;
use super::values::ValueChange;
use crate::path::display_path;

/// Everything that differs between two images.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Comparison {
    /// The reference of the first image.
    pub before: String,
    /// The reference of the second image.
    pub after: String,
    /// The layers.
    pub layers: LayerComparison,
    /// The settings of the configuration that differ.
    pub settings: Vec<ValueChange>,
    /// The variables of the environment that differ.
    pub environment: Vec<ValueChange>,
    /// The labels that differ.
    pub labels: Vec<ValueChange>,
    /// The annotations of the manifests that differ.
    pub annotations: Vec<ValueChange>,
    /// The histories side by side.
    pub history: Vec<HistoryChange>,
    /// The packages that differ.
    pub packages: Vec<PackageChange>,
    /// The files; `None` where they were not compared.
    pub files: Option<FileDifferences>,
}

/// Rows of a table that Markdown shows; the rest is in the JSON.
const MOST_ROWS: usize = 500;

impl Comparison {
    /// The comparison as indented JSON.
    ///
    /// # Errors
    /// None that this type can cause; the signature is that of the serializer.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }

    /// The comparison as Markdown (GitHub's tables). What comes from the images is in code spans, so that it stays text.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut out = format!("# {} compared with {}\n", value(&self.before), value(&self.after));
        self.layers_markdown(&mut out);
        let sections = [
            ("Configuration", &self.settings),
            ("Environment", &self.environment),
            ("Labels", &self.labels),
            ("Annotations", &self.annotations),
        ];
        let side = |side: &Option<String>| side.as_deref().map_or_else(absent, value);
        for (title, changes) in sections {
            let rows = changes.iter().map(|change| {
                let (before, after) = (side(&change.before), side(&change.after));
                vec![value(&change.name), before, after]
            });
            table(&mut out, title, &["Name", "Before", "After"], rows);
        }
        self.history_markdown(&mut out);
        let versions =
            |versions: &[String]| if versions.is_empty() { absent() } else { value(&versions.join(", ")) };
        let packages = self.packages.iter().map(|package| {
            let name = format!("{} ({})", value(&package.name), package.ecosystem.purl_type());
            vec![name, versions(&package.before), versions(&package.after)]
        });
        table(&mut out, "Packages", &["Package", "Before", "After"], packages);
        self.files_markdown(&mut out);
        out
    }

    fn layers_markdown(&self, out: &mut String) {
        let layers = &self.layers;
        let bytes = |layers: &[LayerDescriptor]| layers.iter().map(|layer| layer.size).sum::<u64>();
        let _ = writeln!(
            out,
            "\n{} layers shared ({} bytes), {} removed ({} bytes), {} added ({} bytes).",
            layers.shared.len(),
            bytes(&layers.shared),
            layers.removed.len(),
            bytes(&layers.removed),
            layers.added.len(),
            bytes(&layers.added),
        );
        let groups = [(&layers.shared, "shared"), (&layers.removed, "removed"), (&layers.added, "added")];
        let rows = groups.into_iter().flat_map(|(layers, change)| {
            layers
                .iter()
                .map(move |layer| vec![value(&layer.digest), change.to_owned(), layer.size.to_string()])
        });
        table(out, "Layers", &["Digest", "Change", "Bytes"], rows);
    }

    fn history_markdown(&self, out: &mut String) {
        if self.history.iter().all(|step| matches!(step, HistoryChange::Same(_))) {
            return;
        }
        out.push_str("\n## History\n\n");
        for step in &self.history {
            let (mark, command) = match step {
                HistoryChange::Same(command) => ("", command),
                HistoryChange::Removed(command) => ("removed: ", command),
                HistoryChange::Added(command) => ("added: ", command),
            };
            let _ = writeln!(out, "1. {mark}{}", value(command));
        }
    }

    fn files_markdown(&self, out: &mut String) {
        let Some(files) = &self.files else { return };
        let _ = write!(
            out,
            "\n{} files added ({} bytes), {} removed ({} bytes), {} changed, {} unchanged.\n",
            files.added.count,
            files.added.after_bytes,
            files.removed.count,
            files.removed.before_bytes,
            files.changed.count,
            files.unchanged,
        );
        let rows = files.changes.iter().map(file_row);
        table(out, "Files", &["Path", "Bytes before", "Bytes after", "Changed"], rows);
    }
}

fn file_row(change: &FileChange) -> Vec<String> {
    let size = |file: &Option<FileFacts>| file.as_ref().map_or_else(absent, |file| file.size.to_string());
    let differing = change.differing.iter().map(|fact| match (&fact.before, &fact.after) {
        (Some(before), Some(after)) => format!("{} {} → {}", fact.name, code(before), code(after)),
        _ => fact.name.clone(),
    });
    let differing = differing.collect::<Vec<_>>().join(", ");
    // Paths and targets are escaped for display already.
    vec![code(&change.path), size(&change.before), size(&change.after), differing]
}

fn table(out: &mut String, title: &str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let _ = write!(out, "\n## {title}\n\n| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows.by_ref().take(MOST_ROWS) {
        // A pipe ends a cell, in a code span as well.
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', r"\|")).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    let more = rows.count();
    if more > 0 {
        let _ = writeln!(out, "\n{more} more are in the JSON export.");
    }
}

/// Where an image has no such value.
fn absent() -> String {
    "–".to_owned()
}

/// A value of an image: escaped for display, as a code span.
fn value(text: &str) -> String {
    code(&display_path(text.as_bytes()))
}

/// Text that Markdown takes as it is: a code span between more backticks than the text has in a row.
fn code(text: &str) -> String {
    if text.is_empty() {
        return "*empty*".to_owned();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // One space is removed from both ends, so that text can begin or end with a backtick; not from text of spaces alone.
    let is_edge = |c: char| c == '`' || c == ' ';
    let is_padded =
        (text.starts_with(is_edge) || text.ends_with(is_edge)) && !text.trim_matches(' ').is_empty();
    let space = if is_padded { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}
