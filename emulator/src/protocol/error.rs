//! The registry's errors: `{"errors":[…]}` with the recorded codes and messages. Which error applies is each
//! operation's business; how it becomes a response, `response/refusal.rs`'s.

use std::borrow::Cow;

use http::StatusCode;
use serde::Serialize;

use crate::protocol::name::Digest;

/// One entry of `{"errors":[…]}` and the status it comes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// The response's status.
    pub status: StatusCode,
    /// The error's code, such as `NAME_UNKNOWN`.
    pub code: &'static str,
    /// The error's message.
    pub message: Cow<'static, str>,
    /// The error's `detail`, whose shape depends on the code.
    pub detail: Option<Detail>,
}

/// The shapes of `detail`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Detail {
    /// `null`
    Null,
    /// `{}`
    #[serde(serialize_with = "empty_object")]
    Empty,
    /// A string.
    Text(String),
    /// `{"name": …}`
    Name {
        /// The repository.
        name: String,
    },
    /// `{"Tag": …}`
    Tag {
        /// The tag.
        #[serde(rename = "Tag")]
        tag: String,
    },
    /// `{"Name": …, "Revision": …}`
    Revision {
        /// The repository.
        #[serde(rename = "Name")]
        name: String,
        /// The digest.
        #[serde(rename = "Revision")]
        revision: String,
    },
    /// `{"Reason":{}}`
    Reason {
        /// Always `{}`: what Go makes of an error value.
        #[serde(rename = "Reason")]
        reason: Empty,
    },
    /// `{"Digest": …, "Reason":{}}`
    Digest {
        /// The digest that was claimed.
        #[serde(rename = "Digest")]
        digest: String,
        /// Always `{}`.
        #[serde(rename = "Reason")]
        reason: Empty,
    },
    /// `{"Range": …, "Reason": …}`
    Range {
        /// The `Content-Range` as sent.
        #[serde(rename = "Range")]
        range: String,
        /// What is wrong with it.
        #[serde(rename = "Reason")]
        reason: String,
    },
    /// `[{"Type","Name","Action"}]`
    Access(Vec<AccessDetail>),
}

/// `{}`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Empty {}

fn empty_object<S: serde::Serializer>(serializer: S) -> Result<S::Ok, S::Error> {
    Empty {}.serialize(serializer)
}

/// One action that a call needs, as a 401's `detail` spells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AccessDetail {
    /// `repository` or `registry`.
    #[serde(rename = "Type")]
    pub kind: String,
    /// The repository, or `catalog`.
    pub name: String,
    /// One action.
    pub action: String,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    errors: [ErrorEntry<'a>; 1],
}

#[derive(Serialize)]
struct ErrorEntry<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a Detail>,
}

impl ApiError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), detail: None }
    }

    fn with(mut self, detail: Detail) -> Self {
        self.detail = Some(detail);
        self
    }

    /// The body: `{"errors":[…]}` and a newline.
    #[must_use]
    pub(crate) fn to_body(&self) -> String {
        let entry = ErrorEntry { code: self.code, message: &self.message, detail: self.detail.as_ref() };
        let mut body = serde_json::to_string(&ErrorBody { errors: [entry] }).unwrap_or_default();
        body.push('\n');
        body
    }

    pub(crate) fn unauthorized(detail: Detail) -> Self {
        let message = "authentication required, visit https://aka.ms/acr/authorization for more information.";
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", message).with(detail)
    }

    pub(crate) fn repository_not_found(name: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NAME_UNKNOWN", format!("repository \"{name}\" is not found"))
    }

    pub(crate) fn name_unknown(name: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NAME_UNKNOWN", "repository name not known to registry")
            .with(Detail::Name { name: name.to_owned() })
    }

    pub(crate) fn tag_unknown() -> Self {
        Self::new(StatusCode::NOT_FOUND, "TAG_UNKNOWN", "the specified tag does not exist")
    }

    pub(crate) fn manifest_unknown_tag(tag: &str) -> Self {
        let message = format!("manifest tagged by \"{tag}\" is not found");
        Self::new(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN", message)
            .with(Detail::Tag { tag: tag.to_owned() })
    }

    /// The answer about a manifest's attributes.
    pub(crate) fn manifest_unknown() -> Self {
        Self::new(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN", "manifest unknown")
    }

    /// The answer to a deletion.
    pub(crate) fn manifest_not_found(digest: &Digest) -> Self {
        let message = format!("manifest {digest} is not found");
        Self::new(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN", message)
    }

    /// The answer to a pull.
    pub(crate) fn manifest_unknown_digest(name: &str, digest: &Digest) -> Self {
        let message = format!("manifest {digest} is not found");
        let detail = Detail::Revision { name: name.to_owned(), revision: digest.to_string() };
        Self::new(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN", message).with(detail)
    }

    pub(crate) fn manifest_not_acceptable(message: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN", message)
    }

    pub(crate) fn manifest_invalid() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "MANIFEST_INVALID", "manifest invalid")
            .with(Detail::Reason { reason: Empty {} })
    }

    pub(crate) fn manifest_too_large(limit: u64) -> Self {
        let message = format!("manifest is larger than the {limit} bytes that are allowed");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID", message)
    }

    pub(crate) fn blob_too_large(limit: u64) -> Self {
        let message = format!("blob is larger than the {limit} bytes that are allowed");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID", message)
    }

    pub(crate) fn body_too_large(limit: u64) -> Self {
        let message = format!("the body is larger than the {limit} bytes that are allowed");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID", message)
    }

    pub(crate) fn manifest_blob_unknown(digest: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry")
            .with(Detail::Text(digest.to_owned()))
    }

    /// The answer to a pull.
    pub(crate) fn blob_unknown_digest(digest: &Digest) -> Self {
        Self::blob_unknown().with(Detail::Text(digest.to_string()))
    }

    /// The answer to a deletion.
    pub(crate) fn blob_unknown() -> Self {
        Self::new(StatusCode::NOT_FOUND, "BLOB_UNKNOWN", "blob unknown to registry")
    }

    pub(crate) fn digest_unparsable(reason: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "DIGEST_INVALID", "provided digest did not match uploaded content")
            .with(Detail::Text(reason.to_owned()))
    }

    pub(crate) fn digest_mismatch(digest: &Digest) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "DIGEST_INVALID", "provided digest did not match uploaded content")
            .with(Detail::Digest { digest: digest.to_string(), reason: Empty {} })
    }

    /// The answer to a manifest that is pushed by another digest than its own.
    pub(crate) fn manifest_digest_mismatch() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "DIGEST_INVALID", "provided digest did not match uploaded content")
    }

    pub(crate) fn delete_by_tag() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", "A manifest can only be deleted by digest.")
    }

    pub(crate) fn unsupported() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", "The operation is unsupported.")
    }

    pub(crate) fn disallowed() -> Self {
        let message = "The operation is disallowed on this registry, repository or image. View troubleshooting \
                       steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "REGISTRY_DISALLOWED_OPERATION", message)
            .with(Detail::Empty)
    }

    pub(crate) fn range_invalid(range: &str, reason: &str) -> Self {
        let status = StatusCode::RANGE_NOT_SATISFIABLE;
        Self::new(status, "BLOB_UPLOAD_RANGE_INVALID", "blob upload range invalid")
            .with(Detail::Range { range: range.to_owned(), reason: reason.to_owned() })
    }

    pub(crate) fn blob_range_not_satisfiable() -> Self {
        let status = StatusCode::RANGE_NOT_SATISFIABLE;
        Self::new(status, "RANGE_INVALID", "the requested range lies outside of the blob")
    }

    pub(crate) fn upload_unknown() -> Self {
        Self::new(StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
            .with(Detail::Empty)
    }

    /// The answer of a registry whose storage is full.
    pub(crate) fn storage_full() -> Self {
        let message = "the registry has reached its storage limit";
        Self::new(StatusCode::FORBIDDEN, "DENIED", message)
    }

    pub(crate) fn upload_interrupted() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BLOB_UPLOAD_INVALID", "blob upload invalid").with(Detail::Empty)
    }

    pub(crate) fn pagination_number_invalid(n: &str) -> Self {
        let message = "invalid number of results requested";
        Self::new(StatusCode::BAD_REQUEST, "PAGINATION_NUMBER_INVALID", message)
            .with(Detail::Text(n.to_owned()))
    }

    pub(crate) fn attributes_invalid(reason: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "UNSUPPORTED", reason)
    }

    pub(crate) fn token_request_invalid(reason: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "UNSUPPORTED", reason)
    }

    pub(crate) fn firewall(ip: &str) -> Self {
        let message = format!(
            "client with IP '{ip}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."
        );
        Self::new(StatusCode::FORBIDDEN, "DENIED", message)
    }

    pub(crate) fn too_many_requests() -> Self {
        let message = "Too many requests. Please visit https://aka.ms/acr/skus#sku-feature-matrix to view limits of \
                       all service tiers.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "TOOMANYREQUESTS", message)
    }

    pub(crate) fn server(status: StatusCode) -> Self {
        Self::new(status, "UNKNOWN", "unknown error")
    }

    pub(crate) fn storage_failed() -> Self {
        Self::server(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_compact_and_end_with_a_newline() {
        let body = ApiError::range_invalid("-1--1", "the Content-Range header format is invalid").to_body();
        let recorded = r#"{"errors":[{"code":"BLOB_UPLOAD_RANGE_INVALID","message":"blob upload range invalid","detail":{"Range":"-1--1","Reason":"the Content-Range header format is invalid"}}]}"#;
        assert_eq!(body, format!("{recorded}\n"));
    }

    #[test]
    fn details_have_the_recorded_shapes() {
        assert!(ApiError::unauthorized(Detail::Null).to_body().ends_with("\"detail\":null}]}\n"));
        assert!(ApiError::disallowed().to_body().ends_with("\"detail\":{}}]}\n"));
        assert!(ApiError::manifest_invalid().to_body().ends_with("\"detail\":{\"Reason\":{}}}]}\n"));
        assert!(ApiError::tag_unknown().to_body().ends_with("does not exist\"}]}\n"));
    }
}
