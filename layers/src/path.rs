//! Paths of archives as a container runtime resolves them: within the image's root, whatever they say.

use crate::error::WarningKind;

/// A path's components, and what was unusual about it.
pub(crate) struct Sanitized<'a> {
    /// Names from the root; never empty, `.` or `..`.
    pub(crate) components: Vec<&'a [u8]>,
    pub(crate) warnings: Vec<WarningKind>,
}

/// Splits a path. `..` removes the component before it, and nothing at the root.
pub(crate) fn sanitize(path: &[u8]) -> Sanitized<'_> {
    let mut components: Vec<&[u8]> = Vec::new();
    let mut warnings = Vec::new();
    if path.starts_with(b"/") {
        warnings.push(WarningKind::AbsolutePath);
    }
    let mut has_parent = false;
    for component in path.split(|byte| *byte == b'/') {
        match component {
            b"" | b"." => {}
            b".." => {
                has_parent = true;
                components.pop();
            }
            name => components.push(name),
        }
    }
    if has_parent {
        warnings.push(WarningKind::ParentPath);
    }
    if memchr::memchr(0, path).is_some() {
        warnings.push(WarningKind::NulInName);
    }
    if std::str::from_utf8(path).is_err() {
        warnings.push(WarningKind::NotUtf8);
    }
    Sanitized { components, warnings }
}

/// A path as text for people: bytes that are not UTF-8 and control characters are escaped (`\\xe9`, `\\n`), so that no name
/// can pass for another or break a line.
#[must_use]
pub fn display_path(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        for character in chunk.valid().chars() {
            // Direction marks can make a name look like another.
            let is_mark = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if character.is_control() || is_mark || character == '\\' {
                text.extend(character.escape_default());
            } else {
                text.push(character);
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// The prefix of a whiteout's name.
const WHITEOUT: &[u8] = b".wh.";

/// What a name means as a whiteout (OCI image specification, "Layer Filesystem Changeset").
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum WhiteoutName<'a> {
    /// An ordinary name.
    No,
    /// Removes the name.
    File(&'a [u8]),
    /// Removes everything that layers below have in the directory.
    Opaque,
    /// Metadata of AUFS, which runtimes skip.
    Metadata,
    /// Names nothing that can be removed.
    Invalid,
}

impl<'a> WhiteoutName<'a> {
    pub(crate) fn of(name: &'a [u8]) -> Self {
        match name.strip_prefix(WHITEOUT) {
            None => Self::No,
            Some(b".wh..opq") => Self::Opaque,
            Some(rest) if rest.starts_with(WHITEOUT) => Self::Metadata,
            Some(b"" | b"." | b"..") => Self::Invalid,
            Some(rest) => Self::File(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_within_the_root() {
        let of = |path: &[u8]| {
            let sanitized = sanitize(path);
            (String::from_utf8_lossy(&sanitized.components.join(&b'/')).into_owned(), sanitized.warnings)
        };
        assert_eq!(of(b"./a//b/"), ("a/b".to_owned(), vec![]));
        assert_eq!(of(b"/etc/passwd"), ("etc/passwd".to_owned(), vec![WarningKind::AbsolutePath]));
        assert_eq!(of(b"a/../../../etc"), ("etc".to_owned(), vec![WarningKind::ParentPath]));
        assert_eq!(of(b"a\xff"), ("a\u{fffd}".to_owned(), vec![WarningKind::NotUtf8]));
        assert_eq!(of(b"a\0b").1, vec![WarningKind::NulInName]);
    }

    #[test]
    fn paths_are_shown_without_ambiguity() {
        assert_eq!(display_path("a/é".as_bytes()), "a/é");
        assert_eq!(display_path(b"caf\xe9\n\\"), "caf\\xe9\\n\\\\");
        assert_eq!(display_path("a\u{202e}b".as_bytes()), "a\\u{202e}b");
    }

    #[test]
    fn whiteouts_are_recognized() {
        assert_eq!(WhiteoutName::of(b"a"), WhiteoutName::No);
        assert_eq!(WhiteoutName::of(b".wh.a"), WhiteoutName::File(b"a"));
        assert_eq!(WhiteoutName::of(b".wh..wh..opq"), WhiteoutName::Opaque);
        assert_eq!(WhiteoutName::of(b".wh..wh.plnk"), WhiteoutName::Metadata);
        assert_eq!(WhiteoutName::of(b".wh..."), WhiteoutName::Invalid);
        assert_eq!(WhiteoutName::of(b".wh."), WhiteoutName::Invalid);
    }
}
