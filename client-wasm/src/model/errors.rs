//! The registry's own error body (`AcrErrors`). What becomes of it is told in [`crate::Error`].

use serde::{Deserialize, Serialize};
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
    pub detail: Option<Value>,
}

/// The body of an answer that is an error (`AcrErrors`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AcrErrors {
    /// What went wrong; several for one request are rare.
    #[serde(default, deserialize_with = "or_default")]
    pub errors: Vec<AcrErrorInfo>,
}
