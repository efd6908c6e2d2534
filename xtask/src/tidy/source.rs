//! The text files of the repository, as the rules read them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// What people write here, as opposed to what tools write.
const EXTENSIONS: &[&str] =
    &["css", "html", "js", "json", "jsx", "mjs", "npmrc", "rs", "sh", "toml", "ts", "tsx", "yaml", "yml"];

/// Folders of what is built or fetched.
const SKIPPED: &[&str] = &[".git", "node_modules", "pkg", "target"];

/// One file of the repository.
pub(super) struct SourceFile {
    /// The path below the root, with `/` between its parts.
    pub(super) path: String,
    /// The content.
    pub(super) text: String,
}

impl SourceFile {
    /// A file made up by a test of a rule.
    #[cfg(test)]
    pub(super) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the path lies in a folder, `client-wasm/src/js` matching both `client-wasm/src/js.rs` and what is below it.
    pub(super) fn is_in(&self, module: &str) -> bool {
        self.path.strip_prefix(module).is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
    }

    /// The lines of code with their numbers from 1: without comments, and up to the module of unit tests.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let shipped = self.text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
        let numbered = shipped.enumerate().map(|(index, line)| (index + 1, line));
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// A finding for each line of code that holds one of the words whole.
pub(super) fn named(file: &SourceFile, words: &[&str], what: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in file.code() {
        for word in words.iter().filter(|word| holds(line, word)) {
            found.push(format!("{}:{number}: {what} {word}", file.path));
        }
    }
    found
}

/// Whether `word` stands in `line` without a letter, digit or underscore next to it.
fn holds(line: &str, word: &str) -> bool {
    let joins = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line.get(..start).and_then(|text| text.chars().next_back());
        let after = line.get(start + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(joins) && !after.is_some_and(joins)
    })
}

/// Reads every source file below `root`, in the order of their paths.
pub(super) fn read_all(root: &Path) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    let all = walkdir::WalkDir::new(root).sort_by_file_name().into_iter();
    for entry in all.filter_entry(|entry| !SKIPPED.iter().any(|name| entry.file_name() == *name)) {
        let entry = entry.with_context(|| format!("cannot read {}", root.display()))?;
        let name = entry.file_name().to_string_lossy();
        let known = name.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension));
        if !entry.file_type().is_file() || !known {
            continue;
        }
        let relative = entry.path().strip_prefix(root)?;
        let path: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        let bytes =
            fs::read(entry.path()).with_context(|| format!("cannot read {}", entry.path().display()))?;
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(SourceFile { path: path.join("/"), text });
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_is_neither_comment_nor_unit_test() {
        let file = SourceFile::new("a.rs", "//! What.\nfn a() {}\n    // why\n#[cfg(test)]\nmod tests {}\n");
        assert_eq!(file.code().collect::<Vec<_>>(), [(2, "fn a() {}")]);
    }

    #[test]
    fn a_module_is_its_file_and_its_folder() {
        assert!(SourceFile::new("client/src/js.rs", "").is_in("client/src/js"));
        assert!(SourceFile::new("client/src/js/error.rs", "").is_in("client/src/js"));
        assert!(!SourceFile::new("client/src/json.rs", "").is_in("client/src/js"));
    }

    #[test]
    fn what_is_built_or_fetched_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src/a.rs", "target/b.rs", "x/node_modules/c.js", "image.png"] {
            fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
            fs::write(folder.path().join(path), "").unwrap();
        }
        let paths: Vec<_> = read_all(folder.path()).unwrap().into_iter().map(|file| file.path).collect();
        assert_eq!(paths, ["src/a.rs"]);
    }
}
