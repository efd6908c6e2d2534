//! Content that a caller uploads, as a stream of bytes.

use std::collections::VecDeque;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader};

use super::convert::{bytes, member};
use crate::browser::read_stream::next_array;
use crate::error::Error;
use crate::http::TransportError;
use crate::operation::uploads as operation;

/// Content, and its size if that is known beforehand.
pub(super) struct Content {
    source: Source,
    pub(super) size: Option<u64>,
}

enum Source {
    Bytes(VecDeque<Bytes>),
    Stream(Reader),
    /// A `Blob` without `stream()`, as some test environments have it.
    Blob(JsValue),
}

/// Cancels the stream when it is dropped before its end.
struct Reader(ReadableStreamDefaultReader);

impl Drop for Reader {
    fn drop(&mut self) {
        // Whether the stream can be cancelled does not matter to the upload.
        drop(JsFuture::from(self.0.cancel()));
    }
}

impl Content {
    /// Content of this realm or another: bytes, a `Blob` or a `ReadableStream`.
    pub(super) fn of(value: &JsValue) -> Result<Self, Error> {
        let refuse = |message: &str| Error::invalid_input(operation::APPEND, message);
        if let Some(bytes) = bytes(value) {
            let size = Some(bytes.len() as u64);
            return Ok(Self { source: Source::Bytes(VecDeque::from([Bytes::from(bytes)])), size });
        }
        let is_blob = member(value, "arrayBuffer").is_function();
        let size = is_blob.then(|| member(value, "size").as_f64()).flatten().map(|size| size as u64);
        let stream = match member(value, "stream").dyn_into::<Function>() {
            Ok(open) => open.call0(value).map_err(|_| refuse("the content cannot be read"))?,
            Err(_) if is_blob => return Ok(Self { source: Source::Blob(value.clone()), size }),
            Err(_) => value.clone(),
        };
        if !member(&stream, "getReader").is_function() {
            return Err(refuse(
                "content must be a Uint8Array, an ArrayBuffer, a Blob, a File or a ReadableStream",
            ));
        }
        let reader = ReadableStreamDefaultReader::new(stream.unchecked_ref::<ReadableStream>());
        let reader = reader.map_err(|_| refuse("the stream has another reader already"))?;
        Ok(Self { source: Source::Stream(Reader(reader)), size })
    }

    /// The bytes, piece by piece.
    pub(super) fn into_stream(self) -> impl Stream<Item = Result<Bytes, TransportError>> {
        stream::try_unfold(self.source, async |source| match source {
            Source::Bytes(mut pieces) => Ok(pieces.pop_front().map(|piece| (piece, Source::Bytes(pieces)))),
            Source::Stream(reader) => {
                let piece = next_array(&reader.0).await?;
                Ok(piece.map(|piece| (Bytes::from(piece.to_vec()), Source::Stream(reader))))
            }
            Source::Blob(blob) => {
                let piece = read_blob(&blob).await?;
                Ok(Some((piece, Source::Bytes(VecDeque::new()))))
            }
        })
    }
}

async fn read_blob(blob: &JsValue) -> Result<Bytes, TransportError> {
    let unreadable = || TransportError::new("the blob has neither stream() nor a working arrayBuffer()");
    let read: Function = member(blob, "arrayBuffer").dyn_into().map_err(|_| unreadable())?;
    let buffer = read.call0(blob).map_err(|_| unreadable())?;
    let buffer = JsFuture::from(Promise::resolve(&buffer)).await.map_err(|_| unreadable())?;
    bytes(&buffer).map(Bytes::from).ok_or_else(unreadable)
}
