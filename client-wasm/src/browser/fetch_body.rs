//! The body of a response to a fetch.

use std::any::Any;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStream, ReadableStreamDefaultReader};

use super::read_stream::next_array;
use super::rejection::describe;
use crate::http::{ResponseBody, TransportError};

/// Aborts the exchange when it is dropped. An exchange that is over is not disturbed.
pub(super) struct AbortOnDrop(pub(super) AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The body of a response to a fetch. Dropping it aborts the fetch.
pub struct FetchBody {
    response: gloo_net::http::Response,
    reader: Option<ReadableStreamDefaultReader>,
    /// Held until the body is dropped.
    _guard: AbortOnDrop,
}

impl FetchBody {
    pub(super) fn new(response: gloo_net::http::Response, guard: AbortOnDrop) -> Self {
        Self { response, reader: None, _guard: guard }
    }

    /// The stream itself; `None` if the response has no body. Dropping this aborts the fetch all the same.
    #[must_use]
    pub fn stream(&self) -> Option<ReadableStream> {
        self.response.body()
    }

    /// The next bytes as the browser holds them, without a copy into wasm memory; `None` at the end.
    ///
    /// # Errors
    /// Fails if the connection breaks.
    pub async fn next_array(&mut self) -> Result<Option<Uint8Array>, TransportError> {
        let reader = match &self.reader {
            Some(reader) => reader,
            None => {
                let Some(stream) = self.response.body() else { return Ok(None) };
                let reader = ReadableStreamDefaultReader::new(&stream).map_err(|error| describe(&error))?;
                self.reader.insert(reader)
            }
        };
        next_array(reader).await
    }

    async fn collect(mut self: Box<Self>) -> Result<Bytes, TransportError> {
        if self.reader.is_none() {
            let Self { response, _guard, .. } = *self;
            let response: web_sys::Response = response.into();
            let promise = response.array_buffer().map_err(|error| describe(&error))?;
            let buffer = JsFuture::from(promise).await.map_err(|error| describe(&error))?;
            return Ok(Bytes::from(Uint8Array::new(&buffer).to_vec()));
        }
        let mut rest = Vec::new();
        while let Some(chunk) = self.next_chunk().await? {
            rest.extend_from_slice(&chunk);
        }
        Ok(rest.into())
    }
}

impl ResponseBody for FetchBody {
    fn next_chunk(&mut self) -> LocalBoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        async move { Ok(self.next_array().await?.map(|array| Bytes::from(array.to_vec()))) }.boxed_local()
    }

    fn collect(self: Box<Self>) -> LocalBoxFuture<'static, Result<Bytes, TransportError>> {
        Self::collect(self).boxed_local()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl std::fmt::Debug for FetchBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FetchBody")
    }
}
