//! The bytes of a blob as an answer, from the registry or from its storage address.

use std::io;

use http::{StatusCode, header};

use crate::protocol::error::ApiError;
use crate::protocol::name::Digest;
use crate::protocol::range::{self, RequestedRange};
use crate::registry::blob::Blob;
use crate::response::{Response, set, with_body};
use crate::service::Service;

/// What `If-Range` is compared with: a range is answered only while the blob is the one that the client has part of
/// (RFC 9110, section 13.1.5).
pub(crate) struct Validator<'a> {
    pub(crate) if_range: Option<&'a str>,
    pub(crate) etag: &'a str,
    pub(crate) last_modified: &'a str,
}

impl Validator<'_> {
    fn permit<'r>(&self, range: Option<&'r str>) -> Option<&'r str> {
        let matches = |wanted: &str| wanted.trim() == self.etag || wanted.trim() == self.last_modified;
        range.filter(|_| self.if_range.is_none_or(matches))
    }
}

/// A blob's bytes, or a range of them, as an answer.
pub(crate) async fn read_blob(
    service: &Service,
    digest: &Digest,
    blob: &Blob,
    range: Option<&str>,
    validator: Validator<'_>,
) -> Result<Response, ApiError> {
    let (status, start, length) = match range::requested(validator.permit(range), blob.size) {
        RequestedRange::Full => (StatusCode::OK, 0, blob.size),
        RequestedRange::Partial { start, length } => (StatusCode::PARTIAL_CONTENT, start, length),
        RequestedRange::Unsatisfiable => return Err(ApiError::blob_range_not_satisfiable()),
    };
    let body =
        service.reader(digest, blob).body(start, length).await.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ApiError::blob_unknown(),
            _ => ApiError::storage_failed(),
        })?;
    let mut response = with_body(status, body);
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, "application/octet-stream");
    set(headers, header::ACCEPT_RANGES, "bytes");
    headers.insert(header::CONTENT_LENGTH, length.into());
    if status == StatusCode::PARTIAL_CONTENT {
        let last = (start + length).saturating_sub(1);
        set(headers, header::CONTENT_RANGE, &format!("bytes {start}-{last}/{}", blob.size));
    }
    Ok(response)
}
