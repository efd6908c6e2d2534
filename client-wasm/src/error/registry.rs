//! The registry's own errors, the body of a response that is an error (`AcrErrors`). Hostile text: capped, cleaned of control characters,
//! never interpreted.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::http::{Json, Members};

/// More errors than this in one response are not read.
const MAX_ERRORS: usize = 16;
/// Longer texts are cut, in characters.
const MAX_TEXT: usize = 1024;

/// One error of the registry (`AcrErrorInfo`).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct AcrErrorInfo {
    /// The error code, for instance `NAME_UNKNOWN`.
    pub code: String,
    /// The registry's message for people.
    pub message: String,
    /// Whatever the registry adds: an object, an array, a string, or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
}

/// The detail of an error, as the JSON the registry sent. Hostile text of any shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail(String);

impl Detail {
    /// The JSON.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// The elements, if it is an array.
    pub(super) fn elements(&self) -> Vec<Json> {
        serde_json::from_slice(self.0.as_bytes()).unwrap_or_default()
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

/// The body of a response that is an error (`AcrErrors`).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct AcrErrors {
    /// What went wrong; several errors for one request are rare.
    pub errors: Vec<AcrErrorInfo>,
}

impl AcrErrors {
    /// Reads the beginning of a response's body; empty if it is not such a body. An odd member loses that member only.
    pub(crate) fn from_slice(body: &[u8]) -> Self {
        let entries = Members::from_slice(body).unwrap_or_default().elements("errors");
        let errors = entries.iter().filter_map(Json::members).take(MAX_ERRORS);
        Self { errors: errors.map(|members| AcrErrorInfo::from(&members)).collect() }
    }
}

impl From<&Members> for AcrErrorInfo {
    fn from(members: &Members) -> Self {
        let text = |name| clean(&members.string(name).unwrap_or_default());
        Self {
            code: text("code"),
            message: text("message"),
            detail: members.get("detail").map(|detail| Detail(detail.text().to_owned())),
        }
    }
}

/// A text of the registry without control characters, and not too long.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect()
}
