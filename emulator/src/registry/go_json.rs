//! JSON as Go's `encoding/json` reads it, since the registry is written in Go. Pure.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads JSON as Go's `encoding/json` does: of a key that is there twice the last one counts, and what is no text within a string becomes
/// U+FFFD.
pub(super) fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let text = with_whole_surrogates(&String::from_utf8_lossy(bytes));
    let value: Value = serde_json::from_str(&text).ok()?;
    serde_json::from_value(value).ok()
}

/// A JSON text with U+FFFD in the place of each half of a surrogate pair that stands alone.
fn with_whole_surrogates(text: &str) -> String {
    let unit = |escape: &str| {
        let digits = escape.strip_prefix("\\u")?.get(..4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        whole.push_str(before);
        let is_pair = |low: &str| unit(low).is_some_and(|low| (0xdc00..0xe000).contains(&low));
        let length = match unit(escape) {
            Some(0xd800..0xdc00) if escape.get(6..).is_some_and(is_pair) => 12,
            Some(0xd800..0xe000) => {
                whole.push('\u{fffd}');
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            Some(_) => 6,
            None => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        let (kept, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        whole.push_str(kept);
        rest = after;
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &[u8]) -> Option<String> {
        from_slice(json)
    }

    #[test]
    fn what_is_no_text_becomes_a_replacement_character() {
        for (json, expected) in [
            (&br#""\ud83d""#[..], "\u{fffd}"),
            (br#""a\ude00b\ud83d""#, "a\u{fffd}b\u{fffd}"),
            (br#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (br#""\\ud83d \u00e9\n""#, "\\ud83d \u{e9}\n"),
            (b"\"a\xffb\"", "a\u{fffd}b"),
        ] {
            assert_eq!(text(json).as_deref(), Some(expected));
        }
        for bad in [&b"\"\\"[..], b"\"\\u", b"\"\\ud83", b"\"\\ud83d", b"\\ud83d", b"\"\\ud83d\\"] {
            assert_eq!(text(bad), None);
        }
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let value: Option<std::collections::BTreeMap<String, u8>> = from_slice(br#"{"a":1,"a":2}"#);
        assert_eq!(value.unwrap()["a"], 2);
    }
}
