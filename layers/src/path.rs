//! Paths of archives as a container runtime resolves them: within the image's root, whatever they say.

use crate::error::WarningKind;

/// A path's components, and what was unusual about it.
pub(crate) struct Sanitized<'a> {
    /// Names from the root; never empty, `.` or `..`.
    pub(crate) components: Vec<&'a [u8]>,
    pub(crate) warnings: Vec<WarningKind>,
}

/// Most bytes of a name on the file systems of Linux.
const LONGEST_NAME: usize = 255;

/// Splits a path. `..` removes the component before it, and nothing at the root.
pub(crate) fn sanitize(path: &[u8]) -> Sanitized<'_> {
    let mut components: Vec<&[u8]> = Vec::new();
    let mut warnings = Vec::new();
    if path.starts_with(b"/") {
        warnings.push(WarningKind::AbsolutePath);
    }
    let mut has_parent = false;
    let mut has_long_name = false;
    for component in path.split(|byte| *byte == b'/') {
        match component {
            b"" | b"." => {}
            b".." => {
                has_parent = true;
                components.pop();
            }
            name => {
                has_long_name |= name.len() > LONGEST_NAME;
                components.push(name);
            }
        }
    }
    if has_parent {
        warnings.push(WarningKind::ParentPath);
    }
    if has_long_name {
        warnings.push(WarningKind::LongName);
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
    /// Content that AUFS keeps for hard links. It is in no directory, and hard links name it.
    LinkSource,
    /// Names nothing that can be removed.
    Invalid,
}

/// The prefix of the metadata of AUFS.
const METADATA: &[u8] = b".wh..wh.";
/// The directory in which AUFS keeps the content of hard links.
pub(crate) const LINK_SOURCES: &[u8] = b".wh..wh.plnk";

impl<'a> WhiteoutName<'a> {
    /// What a path means. Everything in a directory of AUFS at the root is its metadata, as containerd and Docker have it.
    pub(crate) fn of_path(components: &[&'a [u8]]) -> Self {
        match components {
            [LINK_SOURCES, _] => Self::LinkSource,
            [first, _, ..] if first.starts_with(METADATA) => Self::Metadata,
            [.., name] => Self::of(name),
            [] => Self::No,
        }
    }

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
        assert_eq!(of(&[b'n'; 255]).1, vec![]);
        assert_eq!(of(&[b'n'; 256]).1, vec![WarningKind::LongName]);
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
        let of_path = |path: &'static [u8]| WhiteoutName::of_path(&sanitize(path).components);
        assert_eq!(of_path(b"a/.wh.b"), WhiteoutName::File(b"b"));
        assert_eq!(of_path(b"./.wh..wh..opq"), WhiteoutName::Opaque);
        assert_eq!(of_path(b"./.wh..wh.orph/x"), WhiteoutName::Metadata);
        assert_eq!(of_path(b".wh..wh.plnk"), WhiteoutName::Metadata);
        assert_eq!(of_path(b".wh..wh.plnk/12.34"), WhiteoutName::LinkSource);
        assert_eq!(of_path(b".wh..wh.plnk/a/b"), WhiteoutName::Metadata);
        assert_eq!(of_path(b"a/.wh..wh.orph/x"), WhiteoutName::No);
    }
}
