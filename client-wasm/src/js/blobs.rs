//! `client.blobs`.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use js_sys::{ArrayBuffer, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

use super::abort::{promise, signal_of};
use super::input::{self, Given};
use super::paged::object;
use super::stream::{incoming, outgoing};
use super::upload::Upload;
use crate::client::{Mount, Progress, RegistryClient, UploadOptions};
use crate::error::Error;
use crate::name::{Digest, RepositoryName};
use crate::operation::blobs as operation;
use crate::operation::uploads::APPEND;

/// The blobs of a registry.
#[wasm_bindgen]
pub struct Blobs(pub(super) RegistryClient);

#[wasm_bindgen]
impl Blobs {
    /// Blob_Get: the body as a stream that fails with a digest-mismatch error if the bytes are not the blob asked for.
    #[wasm_bindgen(unchecked_return_type = "Promise<BlobResult>")]
    pub fn get(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ProgressOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options.clone(), async move {
            let (name, digest) = blob(operation::GET, &name, &digest)?;
            let download = client.blobs().get(&name, &digest).await?;
            let size = download.size();
            let stream = outgoing(download, signal_of(&options), progress_of(&options));
            let mut result = vec![("digest", JsValue::from_str(digest.as_str())), ("stream", stream.into())];
            result.extend(size.map(|size| ("size", number(size))));
            Ok(object(&result))
        })
    }

    /// Blob_GetChunk: bytes start..end (both included).
    #[wasm_bindgen(js_name = "getChunk", unchecked_return_type = "Promise<Uint8Array>")]
    pub fn get_chunk(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_param_type = "{ start: number; end: number }")] range: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let (name, digest) = blob(operation::GET_CHUNK, &name, &digest)?;
            let (start, end) = range_of(operation::GET_CHUNK, &range)?;
            let bytes = client.blobs().get_chunk(&name, &digest, start, end).await?;
            Ok(Uint8Array::from(bytes.as_ref()).into())
        })
    }

    /// Blob_Check: undefined where the blob is unknown.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ size: number; digest: string } | undefined>")]
    pub fn check(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let (name, digest) = blob(operation::CHECK, &name, &digest)?;
            let Some(found) = client.blobs().check(&name, &digest).await? else {
                return Ok(JsValue::UNDEFINED);
            };
            Ok(object(&[("size", number(found.size)), ("digest", JsValue::from_str(found.digest.as_str()))]))
        })
    }

    /// Blob_CheckChunk: undefined where the blob is unknown. The service ignores the range and tells the size of the whole.
    #[wasm_bindgen(js_name = "checkChunk", unchecked_return_type = "Promise<{ size: number } | undefined>")]
    pub fn check_chunk(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_param_type = "{ start: number; end: number }")] range: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let (name, digest) = blob(operation::CHECK_CHUNK, &name, &digest)?;
            let (start, end) = range_of(operation::CHECK_CHUNK, &range)?;
            let size = client.blobs().check_chunk(&name, &digest, start, end).await?;
            Ok(size.map_or(JsValue::UNDEFINED, |size| object(&[("size", number(size))])))
        })
    }

    /// Blob_Delete.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn delete(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let (name, digest) = blob("Blob_Delete", &name, &digest)?;
            client.blobs().delete(&name, &digest).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Blob_Mount: `mounted` is false where the registry opened an upload instead (as ACR does).
    #[wasm_bindgen(unchecked_return_type = "Promise<{ mounted: true } | { mounted: false; upload: Upload }>")]
    pub fn mount(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] from: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] mount: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let (name, digest) = blob("Blob_Mount", &name, &mount)?;
            let from: RepositoryName = input::name("Blob_Mount", "from", &from)?;
            Ok(match client.blobs().mount(&name, &from, &digest).await? {
                Mount::Mounted => object(&[("mounted", JsValue::TRUE)]),
                Mount::Upload(upload) => {
                    object(&[("mounted", JsValue::FALSE), ("upload", Upload::new(upload).into())])
                }
            })
        })
    }

    /// Blob_StartUpload.
    #[wasm_bindgen(js_name = "startUpload", unchecked_return_type = "Promise<Upload>")]
    pub fn start_upload(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options, async move {
            let name = input::name("Blob_StartUpload", "name", &name)?;
            Ok(Upload::new(client.blobs().start_upload(&name).await?).into())
        })
    }

    /// Blob_StartUpload, Blob_Upload in chunks, Blob_EndUpload: hashed as it streams, resumed from the registry's own offset after a
    /// dropped connection, cancelled at the registry when aborted.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ digest: string; size: number }>")]
    pub fn upload(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] name: JsValue,
        #[wasm_bindgen(unchecked_param_type = "BlobContent")] content: JsValue,
        #[wasm_bindgen(
            unchecked_optional_param_type = "ProgressOptions & { chunkSize?: number; totalBytes?: number }"
        )]
        options: JsValue,
    ) -> Promise {
        let client = self.0.clone();
        promise(&options.clone(), async move {
            let name = input::name(APPEND, "name", &name)?;
            let given = Given::options(APPEND, &options)?;
            let chunk_size = given.small("chunkSize")?.map(|size| size as usize);
            let total_bytes = given.whole("totalBytes")?;
            let (content, length) = open(&content)?;
            let progress = progress_of(&options).map(|told| {
                let tell = move |now: Progress| report(&told, now.loaded_bytes, now.total_bytes);
                Box::new(tell) as Box<dyn FnMut(Progress)>
            });
            let settings = UploadOptions { chunk_size, total_bytes: total_bytes.or(length), progress };
            let uploaded = client.blobs().upload(&name, content, settings).await?;
            Ok(object(&[
                ("digest", JsValue::from_str(uploaded.digest.as_str())),
                ("size", number(uploaded.size)),
            ]))
        })
    }
}

fn blob(
    operation: &'static str,
    name: &JsValue,
    digest: &JsValue,
) -> Result<(RepositoryName, Digest), Error> {
    Ok((input::name(operation, "name", name)?, input::name(operation, "digest", digest)?))
}

/// The first and the last byte of a range.
fn range_of(operation: &'static str, range: &JsValue) -> Result<(u64, u64), Error> {
    let range = Given::object(operation, "range", range)?;
    let missing = || Error::invalid_input(operation, "range must be { start, end }");
    Ok((range.whole("start")?.ok_or_else(missing)?, range.whole("end")?.ok_or_else(missing)?))
}

/// A size or an offset. A number of JavaScript is exact up to 8 PiB.
#[allow(clippy::cast_precision_loss)]
pub(super) fn number(bytes: u64) -> JsValue {
    JsValue::from_f64(bytes as f64)
}

fn progress_of(options: &JsValue) -> Option<Function> {
    if !options.is_object() {
        return None;
    }
    Reflect::get(options, &JsValue::from_str("onProgress")).ok()?.dyn_into().ok()
}

/// Tells the caller's function how far a transfer is.
pub(super) fn report(progress: &Function, loaded_bytes: u64, total_bytes: Option<u64>) {
    let mut members = vec![("loadedBytes", number(loaded_bytes))];
    members.extend(total_bytes.map(|total| ("totalBytes", number(total))));
    // Whatever the caller's function throws is the caller's; the transfer goes on.
    let _ = progress.call1(&JsValue::UNDEFINED, &object(&members));
}

type Content = stream::LocalBoxStream<'static, Result<Bytes, String>>;

/// Content of any kind as a stream, and its length where it has one. Nothing is copied before it is sent.
fn open(content: &JsValue) -> Result<(Content, Option<u64>), Error> {
    if let Some(array) = content.dyn_ref::<Uint8Array>() {
        return Ok((slices(array.clone()), Some(array.length().into())));
    }
    if let Some(buffer) = content.dyn_ref::<ArrayBuffer>() {
        return Ok((slices(Uint8Array::new(buffer)), Some(buffer.byte_length().into())));
    }
    if let Some(blob) = content.dyn_ref::<web_sys::Blob>() {
        return Ok((pieces(&blob.stream())?, exact(blob.size())));
    }
    match content.dyn_ref::<web_sys::ReadableStream>() {
        Some(stream) => Ok((pieces(stream)?, None)),
        None => Err(Error::invalid_input(
            APPEND,
            "content must be a Uint8Array, an ArrayBuffer, a Blob, a File or a ReadableStream",
        )),
    }
}

/// A size that JavaScript counts as a number; exact up to 8 PiB.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn exact(size: f64) -> Option<u64> {
    (size >= 0.0).then_some(size as u64)
}

fn slices(array: Uint8Array) -> Content {
    const PIECE: u32 = 1024 * 1024;
    stream::unfold(0_u32, move |start| {
        let end = start.saturating_add(PIECE).min(array.length());
        let piece = (start < end).then(|| (Ok(Bytes::from(array.subarray(start, end).to_vec())), end));
        async move { piece }
    })
    .boxed_local()
}

fn pieces(stream: &web_sys::ReadableStream) -> Result<Content, Error> {
    incoming(stream).ok_or_else(|| Error::invalid_input(APPEND, "the stream is being read by somebody else"))
}
