//! The registry's own error body (`AcrErrors`). What becomes of it is told in [`crate::Error`].

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::wire::or_default;

/// One error of the registry (`AcrErrorInfo`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AcrErrorInfo {
    /// The error code, for instance `NAME_UNKNOWN`.
    #[serde(default, deserialize_with = "or_default")]
    pub code: String,
    /// The registry's words for people.
    #[serde(default, deserialize_with = "or_default")]
    pub message: String,
    /// Whatever the registry adds: an object, an array, a string, or nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
}

/// The detail of an error, as the JSON the registry sent. Hostile text of any shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail(String);

impl Detail {
    pub(crate) fn of(json: &str) -> Self {
        Self(json.to_owned())
    }

    /// The JSON.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// The JSON, parsed.
    #[must_use]
    pub fn to_value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl Serialize for Detail {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Detail {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Value::deserialize(deserializer)?.to_string()))
    }
}

/// The body of an answer that is an error (`AcrErrors`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AcrErrors {
    /// What went wrong; several for one request are rare.
    #[serde(default, deserialize_with = "or_default")]
    pub errors: Vec<AcrErrorInfo>,
}
