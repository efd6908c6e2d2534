//! Streams of bytes across the border: out of wasm as a `ReadableStream`, into it from one. No stream is held whole on either side.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use futures_util::lock::Mutex;
use futures_util::stream::LocalBoxStream;
use futures_util::{StreamExt as _, stream};
use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{AbortSignal, ReadableStream, ReadableStreamDefaultReader};

use super::abort::{settle, until_aborted};
use super::blobs::report;
use crate::client::BlobDownload;
use crate::transport::read_array;

#[wasm_bindgen(module = "/src/js/stream.js")]
extern "C" {
    fn readable(pull: &Function, cancel: &Function) -> ReadableStream;
}

/// A download as JavaScript reads it. The signal ends it, and so does cancelling the stream.
pub(super) fn outgoing(
    download: BlobDownload,
    signal: Option<AbortSignal>,
    progress: Option<Function>,
) -> ReadableStream {
    let download = Rc::new(Mutex::new(Some(download)));
    let cancelled = download.clone();
    let pull: Closure<dyn FnMut() -> Promise> = Closure::new(move || {
        let (download, signal, progress) = (download.clone(), signal.clone(), progress.clone());
        settle(Box::pin(async move {
            let mut place = download.lock().await;
            let Some(open) = place.as_mut() else { return Ok(JsValue::UNDEFINED) };
            let chunk = until_aborted(signal.as_ref(), Box::pin(open.chunk())).await;
            if let (Ok(Some(_)), Some(progress)) = (&chunk, &progress) {
                report(progress, open.received(), open.size());
            }
            match chunk {
                Ok(Some(bytes)) => Ok(Uint8Array::from(bytes.as_ref()).into()),
                ended => {
                    // Over: what it holds goes now, not when the stream is collected.
                    *place = None;
                    ended.map(|_| JsValue::UNDEFINED)
                }
            }
        }))
    });
    let cancel: Closure<dyn FnMut() -> Promise> = Closure::new(move || {
        let download = cancelled.clone();
        settle(Box::pin(async move {
            *download.lock().await = None;
            Ok(JsValue::UNDEFINED)
        }))
    });
    readable(pull.into_js_value().unchecked_ref(), cancel.into_js_value().unchecked_ref())
}

/// The bytes of a stream that JavaScript gives; `None` where somebody else is reading it.
pub(super) fn incoming(stream: &ReadableStream) -> Option<LocalBoxStream<'static, Result<Bytes, String>>> {
    let reader = Reader(RefCell::new(Some(ReadableStreamDefaultReader::new(stream).ok()?)));
    let pieces = stream::unfold(reader, |reader| async move {
        let raw = reader.0.borrow().clone()?;
        let piece = read_array(&raw).await;
        if !matches!(piece, Ok(Some(_))) {
            // At its end, or broken: there is nothing left to cancel.
            reader.0.borrow_mut().take();
        }
        let piece = piece.map_err(|error| error.to_string()).transpose()?;
        Some((piece.map(|array| Bytes::from(array.to_vec())), reader))
    });
    Some(pieces.boxed_local())
}

/// Tells the stream that nobody reads it any more when the reading ends early.
struct Reader(RefCell<Option<ReadableStreamDefaultReader>>);

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(reader) = self.0.get_mut().take() {
            // The promise settles by itself; a stream that cannot be cancelled is none of ours.
            let _ = reader.cancel();
        }
    }
}
