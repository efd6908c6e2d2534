//! Quoting for a POSIX shell.

/// A text as one word of a shell, whatever is in it. Control characters are left out: no name has any, and a terminal obeys them.
pub(super) fn shell(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | ':' | '@');
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text.to_owned();
    }
    let visible: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("'{}'", visible.replace('\'', r"'\''"))
}

/// A text in a comment of a script: on one line.
pub(super) fn comment(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_interpret_is_quoted() {
        assert_eq!(shell("team/app:1.2"), "team/app:1.2");
        assert_eq!(shell("app:.*"), "'app:.*'");
        assert_eq!(shell("it's $(x) `y`"), r"'it'\''s $(x) `y`'");
        assert_eq!(shell(""), "''");
        assert_eq!(shell("-x"), "'-x'");
        assert_eq!(shell("a\nb"), "'ab'");
        assert_eq!(comment("a\r\nrm -rf"), "arm -rf");
    }
}
