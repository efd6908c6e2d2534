//! Reading a few members of a JSON document, each by itself: tokens, their claims, error bodies, manifests. Small in wasm, and tolerant: an odd
//! member is missing, and the rest is read.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// A value, as the text it came as.
#[derive(Debug, Clone)]
pub(crate) struct Json(Box<RawValue>);

/// The members of an object, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Members(Vec<(String, Json)>);

impl Json {
    /// The text as it came.
    pub(crate) fn text(&self) -> &str {
        self.0.get()
    }

    /// The string that this value is.
    pub(crate) fn string(&self) -> Option<String> {
        serde_json::from_slice(self.text().as_bytes()).ok()
    }

    /// The value as a `T`; the default if it is none, or `null`.
    pub(crate) fn read<T: DeserializeOwned + Default>(&self) -> T {
        serde_json::from_slice(self.text().as_bytes()).unwrap_or_default()
    }

    /// The integer that this value is.
    pub(crate) fn integer(&self) -> Option<u64> {
        self.text().parse().ok()
    }

    /// The elements of an array; none of anything else.
    pub(crate) fn elements(&self) -> Vec<Json> {
        self.read()
    }

    /// The members of an object; `None` if the value is not one.
    pub(crate) fn members(&self) -> Option<Members> {
        Members::from_slice(self.text().as_bytes())
    }
}

impl Members {
    /// Reads an object; `None` if the bytes are not JSON, or JSON of another kind.
    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// A member that is not `null`. The case of its name does not matter: the service writes `Type` where specifications have `type`. Of
    /// several the last one counts, as in Go and in JavaScript.
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        let (_, value) = self.0.iter().rfind(|(known, _)| known.eq_ignore_ascii_case(name))?;
        (value.text() != "null").then_some(value)
    }

    /// Whether there is a member of this name, `null` or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// A member that is a string.
    pub(crate) fn string(&self, name: &str) -> Option<String> {
        self.get(name)?.string()
    }

    /// A member that is an integer.
    pub(crate) fn integer(&self, name: &str) -> Option<u64> {
        self.get(name)?.integer()
    }

    /// A member as a `T`; the default if it is missing or not one.
    pub(crate) fn read<T: DeserializeOwned + Default>(&self, name: &str) -> T {
        self.get(name).map(Json::read).unwrap_or_default()
    }

    /// The elements of a member that has to be an array where it is there, the default in the place of each that is not a `T`. What it
    /// contains is the document's content: it is not left out silently.
    pub(crate) fn list<T: DeserializeOwned + Default, E: de::Error>(&self, name: &str) -> Result<Vec<T>, E> {
        match self.get(name) {
            None => Ok(Vec::new()),
            Some(value) if value.text().starts_with('[') => {
                Ok(value.elements().iter().map(Json::read).collect())
            }
            Some(_) => Err(E::custom("not a list")),
        }
    }

    /// The strings among the elements of a member that is an array.
    pub(crate) fn strings(&self, name: &str) -> Vec<String> {
        self.elements(name).iter().filter_map(Json::string).collect()
    }

    /// The members of a member that are strings.
    pub(crate) fn texts(&self, name: &str) -> BTreeMap<String, String> {
        let members = self.get(name).and_then(Json::members).unwrap_or_default();
        members.0.into_iter().filter_map(|(key, value)| Some((key, value.string()?))).collect()
    }

    /// The members that can be read whatever they are.
    pub(crate) fn values(&self) -> serde_json::Map<String, Value> {
        let value = |json: &Json| serde_json::from_slice(json.text().as_bytes()).ok();
        self.0.iter().filter_map(|(key, json)| Some((key.clone(), value(json)?))).collect()
    }

    /// The elements of a member that is an array; none of any other.
    pub(crate) fn elements(&self, name: &str) -> Vec<Json> {
        self.get(name).map(Json::elements).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_in_any_case_and_odd_ones_are_missing() {
        let object = Members::from_slice(br#"{"Type":"a","size":7,"list":[1,"b"],"none":null,"in":{"x":1}}"#);
        let object = object.unwrap();
        assert_eq!(object.string("type").as_deref(), Some("a"));
        assert_eq!((object.integer("size"), object.string("size")), (Some(7), None));
        let elements = object.elements("list");
        assert_eq!((elements.len(), elements[1].string().as_deref()), (2, Some("b")));
        assert!(object.get("none").is_none() && object.elements("size").is_empty());
        assert_eq!(object.get("in").unwrap().members().unwrap().integer("x"), Some(1));
    }

    #[test]
    fn of_several_members_of_a_name_the_last_counts_and_what_cannot_be_read_is_left_out() {
        let json = br#"{"a":1,"A":2,"list":[7,"b"],"texts":{"x":1e999,"y":"z"},"odd":1e999}"#;
        let object = Members::from_slice(json).unwrap();
        assert_eq!((object.integer("a"), object.read::<u64>("odd")), (Some(2), 0));
        assert_eq!(
            (object.strings("list"), object.list::<u64, serde_json::Error>("list").unwrap()),
            (vec!["b".to_owned()], vec![7, 0])
        );
        assert!(object.list::<u64, serde_json::Error>("a").is_err());
        assert_eq!(object.texts("texts"), BTreeMap::from([("y".to_owned(), "z".to_owned())]));
        assert_eq!(object.values().keys().collect::<Vec<_>>(), ["A", "a", "list"]);
    }

    #[test]
    fn what_is_not_an_object_is_none() {
        for bytes in [b"[1]".as_slice(), b"", b"{", b"7", b"\xff", b"{\"a\":1}x"] {
            assert!(Members::from_slice(bytes).is_none());
        }
        let deep = format!("{{\"a\":{}}}", "[".repeat(100_000));
        assert!(Members::from_slice(deep.as_bytes()).is_none());
    }
}
