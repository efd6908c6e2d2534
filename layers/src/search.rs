//! Finding paths by text, glob or regular expression.

use crate::path::display_path;
use crate::tree::{NodeId, Tree};

/// What to find in paths.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// Text anywhere in the path or in what [`display_path`] makes of it, without regard to case.
    Text(String),
    /// A glob. Without a slash it is matched against names, with one against paths (`usr/**/*.so`).
    Glob(String),
    /// A regular expression, matched against the path without a leading slash, and against what [`display_path`] makes of
    /// it.
    Regex(regex_lite::Regex),
}

/// A regular expression that is not valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid regular expression: {0}")]
pub struct PatternError(String);

impl Pattern {
    /// Compiles a regular expression.
    ///
    /// # Errors
    /// [`PatternError`] with the reason, for an invalid or too large expression.
    pub fn regex(expression: &str) -> Result<Self, PatternError> {
        regex_lite::RegexBuilder::new(expression)
            .size_limit(1 << 20)
            .build()
            .map(Self::Regex)
            .map_err(|error| PatternError(error.to_string()))
    }

    /// Whether a path matches; `name` is its last component. Bytes that are not UTF-8 are matched as U+FFFD by regular
    /// expressions.
    #[must_use]
    pub fn matches(&self, path: &[u8], name: &[u8]) -> bool {
        match self {
            Self::Text(text) => contains_text(path, text),
            Self::Glob(glob) => {
                let glob = glob.strip_prefix('/').unwrap_or(glob);
                fast_glob::glob_match(glob, if glob.contains('/') { path } else { name })
            }
            Self::Regex(regex) => {
                regex.is_match(&String::from_utf8_lossy(path))
                    || (!is_plain(path) && regex.is_match(&display_path(path)))
            }
        }
    }
}

fn contains_text(path: &[u8], text: &str) -> bool {
    // Nearly all paths are displayed as they are, and in ASCII, where nothing has to be copied.
    if is_plain(path) && text.is_ascii() {
        return contains_ignoring_case(path, text.as_bytes());
    }
    let text = text.to_lowercase();
    if path.is_ascii() && !text.is_ascii() {
        return false;
    }
    let is_in = |form: &str| form.to_lowercase().contains(&text);
    is_in(&String::from_utf8_lossy(path)) || is_in(&display_path(path))
}

/// Whether a path is displayed as it is, as every one is of ASCII without controls and backslashes.
fn is_plain(path: &[u8]) -> bool {
    path.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b'\\')
}

fn contains_ignoring_case(path: &[u8], text: &[u8]) -> bool {
    text.is_empty() || path.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text))
}

impl Tree {
    /// The nodes whose path matches, depth first. The iterator can be left and continued, so that a long search yields
    /// to a page's other work.
    pub fn search<'a>(&'a self, pattern: &'a Pattern) -> impl Iterator<Item = NodeId> + 'a {
        let mut path: Vec<u8> = Vec::new();
        // The lengths of the path up to each directory on it.
        let mut lengths: Vec<(NodeId, usize)> = vec![(self.root(), 0)];
        let mut next = self.next_in(self.root(), self.root());
        std::iter::from_fn(move || {
            loop {
                let node = next?;
                next = self.next_in(self.root(), node);
                let parent = self.parent(node);
                while lengths.last().is_some_and(|(id, _)| *id != parent) {
                    lengths.pop();
                }
                path.truncate(lengths.last().map_or(0, |(_, length)| *length));
                if !path.is_empty() {
                    path.push(b'/');
                }
                let name = self.name(node);
                path.extend_from_slice(name);
                lengths.push((node, path.len()));
                if pattern.matches(&path, name) {
                    return Some(node);
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_found_in_any_case_and_as_it_is_displayed() {
        let found = |text: &str, path: &[u8]| Pattern::Text(text.to_owned()).matches(path, path);
        assert!(found("ärger", "etc/Ärger.txt".as_bytes()));
        assert!(found("ÄRGER", "etc/Ärger.txt".as_bytes()));
        assert!(found(r"caf\xe9", b"caf\xe9"));
        assert!(found(r"CAF\XE9", b"caf\xe9"));
        assert!(found(r"a\n", b"a\nb") && found("a\nB", b"a\nb"));
        assert!(found("\u{212a}ernel", b"boot/kernel"), "the Kelvin sign is a K");
        assert!(found("", b"a") && found("SSL", b"lib/libssl.so"));
        assert!(!found("ö", b"boot") && !found("xe9", b"cafe"));
        assert!(Pattern::regex(r"^caf\\xe9$").unwrap().matches(b"caf\xe9", b"caf\xe9"));
    }
}
