//! Reading a few members of a JSON document, without a type for each: tokens, their claims, error bodies. Small in wasm, and tolerant: an odd
//! member is missing, and the rest is read.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
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

    /// The integer that this value is.
    pub(crate) fn integer(&self) -> Option<u64> {
        self.text().parse().ok()
    }

    /// The elements of an array; none of anything else.
    pub(crate) fn elements(&self) -> Vec<Json> {
        serde_json::from_slice(self.text().as_bytes()).unwrap_or_default()
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

    /// A member that is not `null`. The case of its name does not matter: the service writes `Type` where specifications have `type`.
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        let (_, value) = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        (value.text() != "null").then_some(value)
    }

    /// A member that is a string.
    pub(crate) fn string(&self, name: &str) -> Option<String> {
        self.get(name)?.string()
    }

    /// A member that is an integer.
    pub(crate) fn integer(&self, name: &str) -> Option<u64> {
        self.get(name)?.integer()
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
    fn what_is_not_an_object_is_none() {
        for bytes in [b"[1]".as_slice(), b"", b"{", b"7", b"\xff", b"{\"a\":1}x"] {
            assert!(Members::from_slice(bytes).is_none());
        }
        let deep = format!("{{\"a\":{}}}", "[".repeat(100_000));
        assert!(Members::from_slice(deep.as_bytes()).is_none());
    }
}
