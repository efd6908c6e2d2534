//! The name of a repository, by the grammar of the OCI distribution specification ("Pulling manifests"), with the
//! length limit that registries apply.

use super::name_error::NameError;
use super::name_traits::name_traits;

/// A repository's name, namespaces included, for instance `team/app`: components of lower-case letters and digits, joined inside by
/// `.`, `_`, `__` or dashes, and separated by `/`. At most 255 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName(String);

name_traits!(RepositoryName);

impl RepositoryName {
    const LONGEST: usize = 255;

    fn parse(text: &str) -> Result<Self, NameError> {
        let refuse = |rule| Err(NameError::new("repository name", text, rule));
        if text.is_empty() {
            return refuse("it is empty");
        }
        if text.len() > Self::LONGEST {
            return refuse("it is longer than 255 characters");
        }
        if !text.split('/').all(is_component) {
            return refuse(
                "each part between slashes takes lower-case letters and digits, with single dots, one or two underscores or dashes between them",
            );
        }
        Ok(Self(text.to_owned()))
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_component(part: &str) -> bool {
    let mut separator = String::new();
    let mut seen_letter = false;
    for c in part.chars() {
        match c {
            'a'..='z' | '0'..='9' => {
                let joins = separator.is_empty()
                    || matches!(separator.as_str(), "." | "_" | "__")
                    || separator.chars().all(|c| c == '-');
                if !joins || (!separator.is_empty() && !seen_letter) {
                    return false;
                }
                seen_letter = true;
                separator.clear();
            }
            '.' | '_' | '-' => separator.push(c),
            _ => return false,
        }
    }
    seen_letter && separator.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_namespaces_and_separators_parse() {
        for good in ["alpine", "library/hello-world", "a/b/c", "a.b", "a_b", "a__b", "a---b", "0"] {
            assert_eq!(good.parse::<RepositoryName>().unwrap().as_str(), good);
        }
    }

    #[test]
    fn names_that_break_the_grammar_are_refused() {
        let long = "a".repeat(256);
        for bad in [
            "", "/", "a/", "/a", "a//b", "A", "a..b", "a___b", "a._b", "-a", "a-", "a b", "ä", "..",
            "a/../b", "a%2Fb", &long,
        ] {
            assert!(bad.parse::<RepositoryName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_error_quotes_what_was_given_and_stays_short() {
        let error = format!("A{}", "b".repeat(500)).parse::<RepositoryName>().unwrap_err();
        assert!(error.to_string().len() < 320, "{error}");
        assert_eq!(error.what(), "repository name");
    }
}
