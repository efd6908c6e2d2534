//! Queries and forms.

use crate::http::url::encode;

/// The parameters of a list, in the order they were set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query(Vec<(&'static str, String)>);

impl Query {
    pub(crate) fn set(&mut self, name: &'static str, value: Option<&str>) {
        self.0.retain(|(known, _)| *known != name);
        self.0.extend(value.map(|value| (name, value.to_owned())));
    }

    /// A parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// As it stands after the question mark.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            push_field(&mut text, name, value);
        }
        text
    }
}

/// Adds a field to a query or a form.
pub(crate) fn push_field(text: &mut String, name: &str, value: &str) {
    let separator = if text.is_empty() { "" } else { "&" };
    for part in [separator, name, "=", &encode(value)] {
        text.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_encoded_and_sets_a_name_once() {
        let mut query = Query::default();
        query.set("last", Some("a/b&c"));
        query.set("n", Some("2"));
        query.set("digest", None::<&str>);
        query.set("last", Some("z"));
        assert_eq!(query.text(), "n=2&last=z");
        query.set("last", Some("a/b&c"));
        assert_eq!(query.text(), "n=2&last=a%2Fb%26c");
    }
}
