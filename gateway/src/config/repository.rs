//! The grammar of repository names (OCI distribution specification, "Pulling manifests"). Pure.

/// Characters of a name at most.
const LENGTH: usize = 255;

/// Whether a text is the name of a repository: components of lower-case letters and digits, with single separators between them.
pub(crate) fn is_repository_name(text: &str) -> bool {
    text.len() <= LENGTH && text.split('/').all(is_component)
}

fn is_component(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators = text.split(plain).filter(|between| !between.is_empty());
    let separated = |between: &str| matches!(between, "." | "_" | "__") || between.bytes().all(|b| b == b'-');
    text.starts_with(plain) && text.ends_with(plain) && separators.into_iter().all(separated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_grammar() {
        for name in ["a", "library/alpine", "a.b_c__d-e---f/0", "manifests", "1"] {
            assert!(is_repository_name(name), "{name}");
        }
        let long = "a".repeat(256);
        for text in [
            "", "/", "a/", "/a", "a//b", "A", "a b", "a:pull", "*", "a*", "-a", "a_", "a..b", "a___b",
            "a.-b", "\u{e9}", &long,
        ] {
            assert!(!is_repository_name(text), "{text}");
        }
    }
}
