//! The name of a tag, by the grammar of the OCI distribution specification.

use super::name_error::NameError;
use super::name_traits::name_traits;

/// A tag's name: letters, digits, `_`, `.` and `-`, the first no dot or dash, at most 128 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagName(String);

name_traits!(TagName);

impl TagName {
    const LONGEST: usize = 128;

    pub(super) fn parse(text: &str) -> Result<Self, NameError> {
        let refuse = |rule| Err(NameError::new("tag", text, rule));
        if text.is_empty() {
            return refuse("it is empty");
        }
        if text.len() > Self::LONGEST {
            return refuse("it is longer than 128 characters");
        }
        if text.starts_with(['.', '-']) {
            return refuse("it starts with a dot or a dash");
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')) {
            return refuse("it takes letters, digits, dots, dashes and underscores only");
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_every_allowed_kind_parse() {
        let longest = "a".repeat(128);
        for good in ["latest", "3.17.1", "_x", "V1-rc.1", "sha256-0000", &longest] {
            assert_eq!(good.parse::<TagName>().unwrap().as_str(), good);
        }
    }

    #[test]
    fn tags_that_break_the_grammar_are_refused() {
        let long = "a".repeat(129);
        for bad in ["", ".a", "-a", "a:b", "a/b", "a b", "ä", "a@b", &long] {
            assert!(bad.parse::<TagName>().is_err(), "{bad}");
        }
    }
}
