//! What a query says under a key, however the key is escaped. Pure.

use percent_encoding::percent_decode_str;

/// The values under a key, decoded; with commas between them when there are several, since which of them counts is the registry's to
/// decide. None when the key is not there.
///
/// Keys are compared without regard to case, and semicolons separate as well: what only some servers read is not overlooked.
pub(super) fn values(query: Option<&str>, key: &str) -> Option<String> {
    let pairs = query?.split(['&', ';']).filter_map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        decode(name).eq_ignore_ascii_case(key).then(|| decode(value))
    });
    pairs.reduce(|values, value| format!("{values}, {value}"))
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_however_it_is_escaped() {
        for query in ["mount=a%2Fb", "x=1&mount=a/b", "%6dount=a/b", "%4D%4F%55%4E%54=a/b", "x;mount=a%2fb"] {
            assert_eq!(values(Some(query), "mount").as_deref(), Some("a/b"), "{query}");
        }
        for query in ["", "x=mount", "amount=1", "mounts=1", "mount%3D1"] {
            assert_eq!(values(Some(query), "mount"), None, "{query}");
        }
        assert_eq!(values(None, "mount"), None);
    }

    #[test]
    fn every_value_is_there() {
        assert_eq!(values(Some("from=a&from=b+c&from"), "from").as_deref(), Some("a, b c, "));
        assert_eq!(values(Some("from=%ff%"), "from").as_deref(), Some("\u{fffd}%"));
    }
}
