//! Header fields as both sides of a transport see them. A list, since an answer has twenty at most: the `http` crate's map is made for
//! servers, and was measured at a tenth of the npm package.

use std::fmt;

/// Header fields in the order they came; names in lower case, values as text. A name may come more than once.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The first value of a field; the name's case does not matter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Every value of a field.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Puts a field in the place of all of its name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.append(name, value);
    }

    /// Adds a field to those of the same name.
    pub fn append(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_ascii_lowercase(), value.into()));
    }

    /// The fields, name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a text can be a field's value: visible ASCII, spaces and tabs. Anything else makes a browser throw.
    pub(crate) fn is_value(text: &str) -> bool {
        text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
    }
}

impl<N: AsRef<str>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut headers = Self::new();
        for (name, value) in fields {
            headers.append(name.as_ref(), value);
        }
        headers
    }
}

/// The names alone: a value may be a credential.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_values_in_their_order() {
        let mut headers = Headers::from_iter([("Link", "</a>"), ("link", "</b>"), ("Range", "0-0")]);
        assert_eq!(headers.get("LINK"), Some("</a>"));
        assert_eq!(headers.get_all("link").collect::<Vec<_>>(), ["</a>", "</b>"]);
        headers.set("Link", "</c>");
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("range", "0-0"), ("link", "</c>")]);
        assert_eq!(headers.get("accept"), None);
    }

    #[test]
    fn values_do_not_print() {
        let headers = Headers::from_iter([("authorization", "Bearer secret")]);
        assert_eq!(format!("{headers:?}"), r#"["authorization"]"#);
    }

    #[test]
    fn what_cannot_be_a_value_is_known() {
        assert!(Headers::is_value("application/json, */*;q=0.1\tx"));
        for bad in ["a\r\nb: c", "\0", "ä", "\u{7f}"] {
            assert!(!Headers::is_value(bad), "{bad:?}");
        }
    }
}
