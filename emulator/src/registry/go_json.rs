//! JSON as the service reads it, a Go program: where `encoding/json` is more lenient than Serde, it is followed.

use std::collections::BTreeMap;

use serde::de::value::MapDeserializer;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};
use serde_json::value::RawValue;

/// An object as the fields of a structure: of repeated keys the last one counts, where Serde's derived code fails. A list is no object.
#[derive(Debug)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = BTreeMap::<String, &'de RawValue>::deserialize(deserializer)?;
        T::deserialize(MapDeserializer::new(fields.into_iter())).map(Self).map_err(D::Error::custom)
    }
}

/// Reads a document whose outermost value is an object.
///
/// # Errors
/// Fails where the bytes are not JSON to Go either, or a field of `T` has another type.
pub(super) fn object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_str::<Object<T>>(&text(bytes)).map(|object| object.0)
}

/// The document with U+FFFD in the place of every byte that is not UTF-8 and of every escaped surrogate without its other half.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut valid = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        valid.push_str(chunk.valid());
        valid.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    let mut text = String::with_capacity(valid.len());
    let mut rest = valid.as_str();
    while let Some((before, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        text.push_str(before);
        let length = match (escaped_unit(escape), escape.get(6..).and_then(escaped_unit)) {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(0xd800..0xe000), _) => {
                text.push(char::REPLACEMENT_CHARACTER);
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            _ => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        let (kept, after) = escape.split_at_checked(length).unwrap_or((escape, ""));
        text.push_str(kept);
        rest = after;
    }
    text.push_str(rest);
    text
}

/// The UTF-16 code unit of the `\uXXXX` that the text starts with.
fn escaped_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(json: &[u8]) -> Option<BTreeMap<String, String>> {
        object(json).ok()
    }

    #[test]
    fn halves_of_surrogate_pairs_and_bytes_that_are_not_utf_8_are_replaced() {
        for (json, expected) in [
            (br#"{"a":"x\ud83dy"}"#.as_slice(), "x\u{fffd}y"),
            (br#"{"a":"\uDE00"}"#, "\u{fffd}"),
            (br#"{"a":"\ud83d\ud83d\ude00"}"#, "\u{fffd}\u{1f600}"),
            (br#"{"a":"\ud83d\n\\ud83d"}"#, "\u{fffd}\n\\ud83d"),
            (b"{\"a\":\"x\xff\xfey\"}", "x\u{fffd}\u{fffd}y"),
        ] {
            assert_eq!(read(json).unwrap()["a"], expected, "{}", json.escape_ascii());
        }
    }

    #[test]
    fn what_is_an_error_in_go_remains_one() {
        for json in [
            b"\xef\xbb\xbf{}".as_slice(),
            b"{\"a\":\"\\",
            b"{\"a\":\"\\ud83d",
            b"{\"a\":\"\\ud8\"}",
            b"{\"a\":\xff}",
            b"[]",
            b"{\"a\":7}",
        ] {
            assert!(read(json).is_none(), "{}", json.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn every_text_reads_as_itself(value in any::<String>()) {
            let json = serde_json::json!({ "a": value }).to_string();
            prop_assert_eq!(text(json.as_bytes()), json);
        }
    }
}
