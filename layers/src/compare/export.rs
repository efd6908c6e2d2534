//! A comparison as JSON and as Markdown.

use std::fmt::Write as _;

use serde::Serialize;

use super::configuration::HistoryChange;
use super::files::{FileChange, FileDifferences};
use super::layers::LayerComparison;
use super::packages::PackageChange;
use super::values::ValueChange;

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

    /// The comparison as Markdown (GitHub's tables). Names from the images are escaped, so that they stay text.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut out = format!("# {} compared with {}\n\n", escape(&self.before), escape(&self.after));
        let layers = &self.layers;
        let bytes =
            |layers: &[super::layers::LayerDescriptor]| layers.iter().map(|layer| layer.size).sum::<u64>();
        let _ = writeln!(
            out,
            "{} layers shared ({} bytes), {} removed ({} bytes), {} added ({} bytes).",
            layers.shared.len(),
            bytes(&layers.shared),
            layers.removed.len(),
            bytes(&layers.removed),
            layers.added.len(),
            bytes(&layers.added),
        );
        let sections = [
            ("Configuration", &self.settings),
            ("Environment", &self.environment),
            ("Labels", &self.labels),
            ("Annotations", &self.annotations),
        ];
        for (title, changes) in sections {
            let rows = changes.iter().map(|change| {
                [
                    change.name.clone(),
                    change.before.clone().unwrap_or_default(),
                    change.after.clone().unwrap_or_default(),
                ]
            });
            table(&mut out, title, ["Name", "Before", "After"], rows.collect());
        }
        self.history_markdown(&mut out);
        let packages = self.packages.iter().map(|package| {
            let name = format!("{} ({})", package.name, package.ecosystem.purl_type());
            [name, package.before.join(", "), package.after.join(", ")]
        });
        table(&mut out, "Packages", ["Package", "Before", "After"], packages.collect());
        if let Some(files) = &self.files {
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
            table(&mut out, "Files", ["Path", "Bytes before", "Bytes after"], rows.collect());
        }
        out
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
            let _ = writeln!(out, "1. {mark}{}", escape(command));
        }
    }
}

fn file_row(change: &FileChange) -> [String; 3] {
    let size = |file: &Option<super::files::FileFacts>| file.as_ref().map(|file| file.size.to_string());
    [change.path.clone(), size(&change.before).unwrap_or_default(), size(&change.after).unwrap_or_default()]
}

fn table(out: &mut String, title: &str, head: [&str; 3], rows: Vec<[String; 3]>) {
    if rows.is_empty() {
        return;
    }
    let [first, second, third] = head;
    let _ = write!(out, "\n## {title}\n\n| {first} | {second} | {third} |\n|---|---|---|\n");
    for row in rows.iter().take(MOST_ROWS) {
        let [first, second, third] = row.each_ref().map(|cell| escape(cell));
        let _ = writeln!(out, "| {first} | {second} | {third} |");
    }
    if let Some(more) = rows.len().checked_sub(MOST_ROWS).filter(|more| *more > 0) {
        let _ = writeln!(out, "\n{more} more are in the JSON export.");
    }
}

/// Text that Markdown and the HTML in it leave alone.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '|' | '!' | '~' | '@' => {
                escaped.push('\\');
                escaped.push(character);
            }
            // Bare addresses would become links.
            ':' if escaped.ends_with("http") || escaped.ends_with("https") => escaped.push_str("&#58;"),
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}
