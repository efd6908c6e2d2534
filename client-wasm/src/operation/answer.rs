//! The answer to a call.

use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::http::{Body, Headers};
use crate::model::repaired_json;

/// The answer to a call, whose status is one that the operation expects. Boxed wherever it goes: moving it would be more bytes of wasm at
/// every step.
pub(crate) struct Answer {
    /// The operation that was performed, as the API spells it.
    pub(crate) operation: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) headers: Headers,
    /// Empty if the call asked for a stream.
    pub(crate) body: Bytes,
    /// Whether `body` is all of it.
    pub(crate) complete: bool,
    /// The body still to come, if the call asked for a stream.
    pub(crate) stream: Option<Body>,
}

impl Answer {
    /// The document in the body.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        // Lists are large, and few have to be repaired.
        let read = serde_json::from_slice(&self.body);
        let read = read
            .or_else(|error| serde_json::from_slice(repaired_json(&self.body).as_bytes()).map_err(|_| error));
        read.map_err(|error| Error::decode(self.operation, &error))
    }
}
