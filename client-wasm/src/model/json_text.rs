//! JSON that serde_json refuses and other readers take, made readable. Pure.

/// The Unicode replacement character.
const REPLACEMENT: char = '\u{fffd}';

/// A JSON text without a byte order mark, and with U+FFFD in the place of bytes that are no text and of halves of surrogate pairs that stand
/// alone (`"\ud83d"`). Go, JavaScript and Python read such texts, and their writers produce them.
///
/// ```
/// assert_eq!(acr_client_wasm::repaired_json(b"\xef\xbb\xbf[\"a\xff\\ud83d\"]"), "[\"a\u{fffd}\u{fffd}\"]");
/// ```
#[must_use]
pub fn repaired_json(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        repaired.push_str(before);
        let (length, stands_alone) = match unit(escape) {
            Some(0xd800..0xdc00) if escape.get(6..).and_then(unit).is_some_and(is_low) => (12, false),
            Some(0xd800..0xe000) => (6, true),
            Some(_) => (6, false),
            None => (1 + escape.chars().nth(1).map_or(0, char::len_utf8), false),
        };
        let (kept, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        if stands_alone {
            repaired.push(REPLACEMENT);
        } else {
            repaired.push_str(kept);
        }
        rest = after;
    }
    repaired.push_str(rest);
    repaired
}

/// The number of the escape at the front of a text, where it is one of the form `\u12ab`.
fn unit(escape: &str) -> Option<u32> {
    u32::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

fn is_low(unit: u32) -> bool {
    (0xdc00..0xe000).contains(&unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_pairs_are_replaced_and_all_else_stays() {
        for (text, expected) in [
            (r#""\ud83d""#, "\"\u{fffd}\""),
            (r#""a\ude00b\ud83d\ud83d\ude00""#, "\"a\u{fffd}b\u{fffd}\\ud83d\\ude00\""),
            (r#""\\ud83d \u00e9\n\"""#, r#""\\ud83d \u00e9\n\"""#),
            (r"\", r"\"),
            (r"\ud8", r"\ud8"),
            (r"\é\u", r"\é\u"),
        ] {
            assert_eq!(repaired_json(text.as_bytes()), expected);
        }
    }
}
