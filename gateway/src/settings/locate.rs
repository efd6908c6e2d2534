//! Finding the line of a TOML file that sets a key. Pure.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The line, from 1, that holds a byte of the text.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// The line of a key such as `limits.form_bytes` or `registries[1].allow`; of the nearest table above it when it is not set there.
pub(crate) fn line_of(text: &str, key: &str) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let mut table: &DeTable<'_> = document.get_ref();
    let mut found = None;
    for part in key.split('.') {
        let (name, index) = match part.split_once('[') {
            Some((name, index)) => (name, index.trim_end_matches(']').parse::<usize>().ok()),
            None => (part, None),
        };
        let Some((set, value)) = table.iter().find(|(set, _)| set.get_ref().as_ref() == name) else { break };
        let element: &Spanned<DeValue<'_>> = match (value.get_ref(), index) {
            (DeValue::Array(elements), Some(index)) => elements.get(index)?,
            _ => value,
        };
        found = Some(if index.is_some() { element.span().start } else { set.span().start });
        match element.get_ref() {
            DeValue::Table(below) => table = below,
            _ => break,
        }
    }
    found.map(|offset| line_at(text, offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "listen = \"x\"\n\n[limits]\nform_bytes = 1\n\n[[registries]]\nurl = \"a\"\n\n[[registries]]\nurl = \"b\"\nallow = []\n";

    #[test]
    fn a_key_is_found_on_its_line() {
        assert_eq!(line_of(FILE, "listen"), Some(1));
        assert_eq!(line_of(FILE, "limits.form_bytes"), Some(4));
        assert_eq!(line_of(FILE, "registries[0].url"), Some(7));
        assert_eq!(line_of(FILE, "registries[1].allow"), Some(11));
    }

    #[test]
    fn a_key_that_is_not_set_is_found_at_its_table() {
        assert_eq!(line_of(FILE, "registries[1].identity"), Some(9));
        assert_eq!(line_of(FILE, "limits.headers"), Some(3));
        assert_eq!(line_of(FILE, "base_path"), None);
        assert_eq!(line_of("", "listen"), None);
    }
}
