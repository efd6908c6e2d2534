//! Query strings and form bodies: `application/x-www-form-urlencoded` pairs, decoded and in order, never failing.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

/// What Go's `url.QueryEscape` leaves as it is, the spelling of the service's `Link` and `Location`.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Decoded pairs of a query string or form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Parses `a=b&c=d`; a pair without `=` has an empty value, bytes that are not UTF-8 are replaced.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        });
        Self { pairs: pairs.collect() }
    }

    /// The first value of `key`.
    #[must_use]
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// Every value of `key`, in order.
    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(k, _)| k == key).map(|(_, v)| v.as_str())
    }
}

/// Encodes a value for a query string.
#[must_use]
pub(crate) fn encode(value: &str) -> String {
    utf8_percent_encode(value, QUERY).to_string()
}

fn decode(text: &str) -> String {
    let plus_is_space = text.replace('+', " ");
    percent_decode(plus_is_space.as_bytes()).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_in_order() {
        let query = Query::parse("scope=a%3Ab+c&scope=d&n=1&flag&=x&&bad=%zz");
        assert_eq!(query.all("scope").collect::<Vec<_>>(), ["a:b c", "d"]);
        assert_eq!(query.get("n"), Some("1"));
        assert_eq!(query.get("flag"), Some(""));
        assert_eq!(query.get("bad"), Some("%zz"));
        assert_eq!(query.get("missing"), None);
    }

    #[test]
    fn values_are_escaped_as_the_service_escapes_them() {
        assert_eq!(encode("sha256:01a4"), "sha256%3A01a4");
        assert_eq!(encode("3.15.6_a-b"), "3.15.6_a-b");
        assert_eq!(encode("a/b c="), "a%2Fb%20c%3D");
    }
}
