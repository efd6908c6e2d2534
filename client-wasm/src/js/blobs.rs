//! `client.blobs`.

use js_sys::{Function, Promise, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};

use super::abort::{Read, promise, respond, respond_to, signal_of};
use super::convert::{name, to_js};
use super::download::{Download, readable};
use super::options::Options;
use super::upload::Upload;
use super::upload_content::Content;
use crate::client::{self, Mount, Progress, UploadOptions};
use crate::error::Error;
use crate::name::{Digest, RepositoryName};
use crate::operation::{blobs as operation, uploads};

/// `client.blobs`: the blobs of a registry.
#[wasm_bindgen]
pub struct Blobs(client::Blobs);

impl Blobs {
    pub(super) fn new(blobs: client::Blobs) -> Self {
        Self(blobs)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsProgress {
    loaded_bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_bytes: Option<u64>,
}

#[derive(Serialize)]
struct Properties<'a> {
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<&'a str>,
}

#[wasm_bindgen]
impl Blobs {
    /// Blob_Get: the body as a stream that fails with a digest-mismatch error if the bytes are not the blob asked for. With `range` only the
    /// bytes from `start` to `end`, both included, which cannot be verified. Resumed after a lost connection.
    #[wasm_bindgen(unchecked_return_type = "Promise<BlobResult>")]
    pub fn get(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(
            unchecked_optional_param_type = "ProgressOptions & { range?: { start: number; end: number } }"
        )]
        options: JsValue,
    ) -> Promise {
        let blobs = self.0.clone();
        promise(&options.clone(), async move {
            let repository = name(operation::GET, "name", &repository)?;
            let digest = name(operation::GET, "digest", &digest)?;
            let on_progress = progress_of(operation::GET, &options)?;
            let range = Options::of(operation::GET, &options)?.value("range");
            let download = match range.map(|range| ends_of(operation::GET, &range)).transpose()? {
                Some((start, end)) => blobs.get_range(&repository, &digest, start, end).await?,
                None => blobs.get(&repository, &digest).await?,
            };
            let size = download.size();
            let stream = readable(Download::new(download), &signal_of(&options), on_progress).into();
            Ok(to_js(&BlobResult { digest: digest.as_str(), size, stream }))
        })
    }

    /// Blob_GetChunk: bytes `start` to `end`, both included. A part cannot be checked against the digest.
    #[wasm_bindgen(js_name = "getChunk", unchecked_return_type = "Promise<Uint8Array>")]
    pub fn get_chunk(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_param_type = "{ start: number; end: number }")] range: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let called = operation::GET_CHUNK;
        let (ends, names) = (ends_of(called, &range), names(called, &repository, &digest));
        let (start, end) = ends.clone().unwrap_or_default();
        let request = names.and_then(|(repository, digest)| {
            let (start, end) = ends?;
            self.0.chunk_request(&repository, &digest, start, end)
        });
        respond(&options, request, move |answer| {
            let bytes = answer.map(|answer| operation::chunk(start, end, *answer)).transpose()?;
            Ok(Uint8Array::from(bytes.unwrap_or_default().as_ref()).into())
        })
    }

    /// Blob_Check: size and digest of a blob; undefined if there is no such blob.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ size: number; digest: string } | undefined>")]
    pub fn check(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let names = names(operation::CHECK, &repository, &digest);
        let digest = names.as_ref().ok().map(|(_, digest)| digest.clone());
        let request = names.map(|(repository, digest)| self.0.check_request(&repository, &digest));
        respond_to(&options, request, properties(operation::CHECK, digest, true))
    }

    /// Blob_CheckChunk: undefined if there is no such blob. The service ignores the range and states the size of the entire blob.
    #[wasm_bindgen(js_name = "checkChunk", unchecked_return_type = "Promise<{ size: number } | undefined>")]
    pub fn check_chunk(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_param_type = "{ start: number; end: number }")] range: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let names = names(operation::CHECK_CHUNK, &repository, &digest);
        let digest = names.as_ref().ok().map(|(_, digest)| digest.clone());
        let request = names.and_then(|(repository, digest)| {
            let (start, end) = ends_of(operation::CHECK_CHUNK, &range)?;
            self.0.check_chunk_request(&repository, &digest, start, end)
        });
        respond_to(&options, request, properties(operation::CHECK_CHUNK, digest, false))
    }

    /// Blob_Delete: deletes a blob.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn delete(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let request = names(operation::DELETE, &repository, &digest)
            .map(|(repository, digest)| self.0.delete_request(&repository, &digest));
        respond(&options, request, |_| Ok(JsValue::UNDEFINED))
    }

    /// Blob_Mount: takes over a blob of another repository. `mounted` is false if the registry opened an upload instead, as ACR does.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ mounted: true } | { mounted: false; upload: Upload }>")]
    pub fn mount(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] from: JsValue,
        #[wasm_bindgen(unchecked_param_type = "string")] mount: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let names = names(operation::MOUNT, &repository, &mount);
        let from = name::<RepositoryName>(operation::MOUNT, "from", &from);
        let repository = names.as_ref().ok().map(|(repository, _)| repository.clone());
        let request =
            names.and_then(|(repository, digest)| Ok(self.0.mount_request(&repository, &from?, &digest)));
        let blobs = self.0.clone();
        respond(&options, request, move |answer| {
            let (Some(answer), Some(repository)) = (answer, repository) else {
                return Ok(JsValue::UNDEFINED);
            };
            let result = match blobs.mounted(&repository, &answer)? {
                Mount::Mounted => MountResult { mounted: true, upload: JsValue::UNDEFINED },
                Mount::Upload(upload) => MountResult { mounted: false, upload: Upload::new(upload).into() },
            };
            Ok(to_js(&result))
        })
    }

    /// Blob_StartUpload: opens an upload, for callers that send the chunks themselves.
    #[wasm_bindgen(js_name = "startUpload", unchecked_return_type = "Promise<Upload>")]
    pub fn start_upload(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let repository = name::<RepositoryName>(uploads::START, "name", &repository);
        let request = repository.clone().map(|repository| self.0.start_request(&repository));
        let blobs = self.0.clone();
        respond(&options, request, move |answer| match answer {
            Some(answer) => Ok(Upload::new(blobs.opened(&repository?, &answer)?).into()),
            None => Ok(JsValue::UNDEFINED),
        })
    }

    /// Blob_StartUpload, Blob_Upload in chunks, Blob_EndUpload: hashed as it streams, resumed from the registry's own offset after a
    /// dropped connection, cancelled at the registry when aborted. A chunk has `chunkSize` bytes, 4 MiB by default. With `totalBytes` the
    /// upload fails if the content has more or fewer.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ digest: string; size: number }>")]
    pub fn upload(
        &self,
        #[wasm_bindgen(js_name = "name", unchecked_param_type = "string")] repository: JsValue,
        #[wasm_bindgen(unchecked_param_type = "BlobContent")] content: JsValue,
        #[wasm_bindgen(
            unchecked_optional_param_type = "ProgressOptions & { chunkSize?: number; totalBytes?: number }"
        )]
        options: JsValue,
    ) -> Promise {
        let blobs = self.0.clone();
        promise(&options.clone(), async move {
            let repository = name(uploads::APPEND, "name", &repository)?;
            let settings = Options::of(uploads::APPEND, &options)?;
            let chunk_size = settings.integer("chunkSize")?;
            let total_bytes = settings.bytes("totalBytes")?;
            let on_progress = progress_of(uploads::APPEND, &options)?;
            let content = Content::of(&content)?;
            let options = UploadOptions {
                chunk_size: chunk_size.map(|size| size as usize),
                total_bytes: total_bytes.or(content.size),
                progress: on_progress.map(|report| reporting(report) as Box<dyn FnMut(Progress)>),
            };
            let uploaded = blobs.upload(&repository, content.into_stream(), options).await?;
            Ok(to_js(&Properties { size: uploaded.size, digest: Some(uploaded.digest.as_str()) }))
        })
    }
}

#[derive(Serialize)]
struct BlobResult<'a> {
    digest: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    stream: JsValue,
}

#[derive(Serialize)]
struct MountResult {
    mounted: bool,
    #[serde(with = "serde_wasm_bindgen::preserve", skip_serializing_if = "JsValue::is_undefined")]
    upload: JsValue,
}

fn names(
    operation: &'static str,
    repository: &JsValue,
    digest: &JsValue,
) -> Result<(RepositoryName, Digest), Error> {
    Ok((name(operation, "name", repository)?, name(operation, "digest", digest)?))
}

/// Reads the answer to a check: size and, if asked for, digest; undefined if there is no such blob.
fn properties(called: &'static str, digest: Option<Digest>, with_digest: bool) -> Box<Read> {
    Box::new(move |answer| {
        let (digest, answer) = match (digest, answer.transpose()) {
            (Some(digest), Some(answer)) => (digest, answer),
            (None, Some(Err(error))) => return Err(error),
            _ => return Ok(JsValue::UNDEFINED),
        };
        let found = operation::properties(called, &digest, answer)?;
        Ok(found.map_or(JsValue::UNDEFINED, |found| {
            let digest = with_digest.then_some(found.digest.as_str());
            to_js(&Properties { size: found.size, digest })
        }))
    })
}

/// The first and the last byte of a range.
fn ends_of(operation: &'static str, range: &JsValue) -> Result<(u64, u64), Error> {
    let range = Options::required(operation, range)?;
    Ok((range.need("start", range.bytes("start")?)?, range.need("end", range.bytes("end")?)?))
}

fn progress_of(operation: &'static str, options: &JsValue) -> Result<Option<Function>, Error> {
    let options = Options::of(operation, options)?;
    let function = options.value("onProgress").map(JsValue::dyn_into::<Function>);
    function.transpose().map_err(|_| options.invalid(&["onProgress must be a function"]))
}

/// Calls a caller's function. What it throws does not end the transfer.
fn reporting(report: Function) -> Box<dyn FnMut(Progress)> {
    Box::new(move |Progress { loaded_bytes, total_bytes }| {
        let _ = report.call1(&JsValue::UNDEFINED, &to_js(&JsProgress { loaded_bytes, total_bytes }));
    })
}
