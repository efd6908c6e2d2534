//! What the authority refuses, with the codes of "Microsoft Entra authentication and authorization error codes".

use serde_json::{Value, json};

use crate::fault::EntraRefusal;
use crate::protocol::time::Time;

/// A refusal: an OAuth error, its AADSTS code and its description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EntraError {
    /// `error` (RFC 6749, sections 4.1.2.1 and 5.2).
    pub(super) error: &'static str,
    /// The number after `AADSTS`.
    pub(super) code: u32,
    /// What follows the code in `error_description`.
    pub(super) message: String,
    /// `suberror`, which says what an interaction has to do.
    pub(super) suberror: Option<&'static str>,
}

impl EntraError {
    pub(super) fn new(error: &'static str, code: u32, message: impl Into<String>) -> Self {
        Self { error, code, message: message.into(), suberror: None }
    }

    /// The refusal that a fault asks for, where it is one of the sign-in or of a renewal.
    pub(super) fn of_fault(refusal: EntraRefusal, username: &str, client_id: &str) -> Option<Self> {
        Some(match refusal {
            EntraRefusal::ConsentMissing => Self {
                suberror: Some("consent_required"),
                ..Self::new(
                    "consent_required",
                    65001,
                    format!(
                        "The user or administrator has not consented to use the application with ID '{client_id}'. Send an \
                         interactive authorization request for this user and resource."
                    ),
                )
            },
            EntraRefusal::Guest => Self::new(
                "access_denied",
                50020,
                format!(
                    "User account '{username}' from identity provider 'https://sts.windows.net/' does not exist in the tenant \
                     and cannot access the application."
                ),
            ),
            EntraRefusal::ConditionalAccess => Self::new(
                "access_denied",
                53003,
                "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
            ),
            EntraRefusal::MultiFactor => Self {
                suberror: Some("basic_action"),
                ..Self::new(
                    "interaction_required",
                    50076,
                    "Due to a configuration change made by your administrator, or because you moved to a new location, you must \
                     use multi-factor authentication to access the resource.",
                )
            },
            _ => return None,
        })
    }

    /// `error_description`.
    pub(super) fn description(&self) -> String {
        format!("AADSTS{}: {}", self.code, self.message)
    }

    /// The body of a refusal by the token endpoint.
    pub(super) fn to_json(&self, now: Time) -> Value {
        let id = uuid::Uuid::new_v4().to_string();
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(),
            "error_codes": [self.code],
            "timestamp": now.to_seconds_string(),
            "trace_id": id,
            "correlation_id": id,
        });
        if let (Some(suberror), Some(fields)) = (self.suberror, body.as_object_mut()) {
            fields.insert("suberror".to_owned(), Value::from(suberror));
        }
        body
    }
}
