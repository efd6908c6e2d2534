//! Finding paths by text, glob or regular expression.

use crate::tree::{NodeId, Tree};

/// What to find in paths.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// Text anywhere in the path, without regard to case (of ASCII letters).
    Text(String),
    /// A glob. Without a slash it is matched against names, with one against paths (`usr/**/*.so`).
    Glob(String),
    /// A regular expression, matched against the path without a leading slash.
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
            Self::Text(text) => contains_ignoring_case(path, text.as_bytes()),
            Self::Glob(glob) => {
                let glob = glob.strip_prefix('/').unwrap_or(glob);
                fast_glob::glob_match(glob, if glob.contains('/') { path } else { name })
            }
            Self::Regex(regex) => regex.is_match(&String::from_utf8_lossy(path)),
        }
    }
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
