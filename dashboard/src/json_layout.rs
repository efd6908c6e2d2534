//! JSON laid out for reading, every byte of names and values as it was sent and in the order it was sent. Pure.

use serde::de::IgnoredAny;

/// Nesting deeper than this stays on one line: what is nested without end would be indented without end.
const DEEPEST: usize = 12;

/// A document with one member a line; what is not JSON stays as it is.
pub(crate) fn lay_out(text: &str) -> String {
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut depth = 0_usize;
    let mut rest = text;
    // Everything between two of these is copied unchanged: numbers, words.
    while let Some(at) = rest.find(['{', '[', '}', ']', ',', ':', '"', ' ', '\t', '\r', '\n']) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let first = tail.chars().next().unwrap_or_default();
        let mut length = first.len_utf8();
        match first {
            '"' => {
                length = string_length(tail);
                out.push_str(tail.get(..length).unwrap_or(tail));
            }
            '{' | '[' => {
                depth += 1;
                out.push(first);
                let inner = tail.get(1..).unwrap_or_default().trim_ascii_start();
                if !inner.starts_with(['}', ']']) {
                    break_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                if !out.ends_with(['{', '[']) {
                    break_line(&mut out, depth.saturating_sub(1));
                }
                depth = depth.saturating_sub(1);
                out.push(first);
            }
            ',' => {
                out.push(first);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {}
        }
        rest = tail.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// How many bytes the string at the start of a text has, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

fn break_line(out: &mut String, depth: usize) {
    if depth <= DEEPEST {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_laid_out_in_their_order_with_their_own_bytes() {
        let text = r#"{"z":[1.0,2e3,{}],"a":{"q\"\\":"x,{}:[ ]ü\u0041"},"e":[],"n":null}"#;
        let expected = "{\n  \"z\": [\n    1.0,\n    2e3,\n    {}\n  ],\n  \"a\": {\n    \"q\\\"\\\\\": \"x,{}:[ ]ü\\u0041\"\n  },\n  \"e\": [],\n  \"n\": null\n}";
        assert_eq!(lay_out(text), expected);
        assert_eq!(lay_out(expected), expected, "what is laid out stays so");
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        for text in ["", "<html> {a:1} </html>", "{\"a\":", &"[".repeat(100_000)] {
            assert_eq!(lay_out(text), text);
        }
    }

    #[test]
    fn deep_nesting_is_not_indented_without_end() {
        let text = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        assert!(lay_out(&text).len() < 2000);
    }
}
