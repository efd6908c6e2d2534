//! `Upload`: for those who send the chunks of a blob themselves.

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use futures_util::lock::Mutex;
use js_sys::{ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::abort::promise;
use super::blobs::number;
use super::input;
use super::paged::object;
use crate::client::Upload as Core;
use crate::error::Error;
use crate::operation::uploads::{APPEND, END};

/// An upload that the registry has opened. Its calls wait for one another.
#[wasm_bindgen]
pub struct Upload(Arc<State>);

struct State {
    upload: Mutex<Core>,
    /// Location and offset, readable while a call is under way.
    seen: RwLock<(String, u64)>,
}

impl State {
    fn see(&self, upload: &Core) -> u64 {
        let seen = (upload.location().to_owned(), upload.offset());
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = seen;
        upload.offset()
    }
}

impl Upload {
    pub(super) fn new(upload: Core) -> Self {
        let seen = RwLock::new((upload.location().to_owned(), upload.offset()));
        Self(Arc::new(State { upload: Mutex::new(upload), seen }))
    }
}

#[wasm_bindgen]
impl Upload {
    /// nextBlobUuidLink, as the registry last gave it.
    #[wasm_bindgen(getter)]
    pub fn location(&self) -> String {
        self.0.seen.read().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Bytes the registry holds.
    #[wasm_bindgen(getter, unchecked_return_type = "number")]
    pub fn offset(&self) -> JsValue {
        number(self.0.seen.read().unwrap_or_else(PoisonError::into_inner).1)
    }

    /// Blob_GetStatus.
    #[wasm_bindgen(js_name = "getStatus", unchecked_return_type = "Promise<{ offset: number }>")]
    pub fn get_status(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let state = self.0.clone();
        promise(&options, async move {
            let mut upload = state.upload.lock().await;
            let result = upload.status().await;
            let offset = state.see(&upload);
            result.map(|_| object(&[("offset", number(offset))]))
        })
    }

    /// Blob_Upload.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ offset: number }>")]
    pub fn append(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array | Blob")] chunk: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let state = self.0.clone();
        promise(&options, async move {
            let chunk = bytes_of(APPEND, &chunk).await?;
            let mut upload = state.upload.lock().await;
            let result = upload.append(chunk).await;
            let offset = state.see(&upload);
            result.map(|_| object(&[("offset", number(offset))]))
        })
    }

    /// Blob_EndUpload: makes the upload a blob. The registry checks the digest.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ digest: string }>")]
    pub fn end(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "Uint8Array | Blob", js_name = "lastChunk")]
        last_chunk: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let state = self.0.clone();
        promise(&options, async move {
            let digest = input::name(END, "digest", &digest)?;
            let empty = last_chunk.is_undefined() || last_chunk.is_null();
            let rest = if empty { Bytes::new() } else { bytes_of(END, &last_chunk).await? };
            let mut upload = state.upload.lock().await;
            let result = upload.end(&digest, rest).await;
            state.see(&upload);
            result.map(|digest| object(&[("digest", JsValue::from_str(digest.as_str()))]))
        })
    }

    /// Blob_CancelUpload.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn cancel(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let state = self.0.clone();
        promise(&options, async move {
            state.upload.lock().await.cancel().await?;
            Ok(JsValue::UNDEFINED)
        })
    }
}

/// The bytes of a chunk.
async fn bytes_of(operation: &'static str, chunk: &JsValue) -> Result<Bytes, Error> {
    if let Some(array) = chunk.dyn_ref::<Uint8Array>() {
        return Ok(Bytes::from(array.to_vec()));
    }
    let Some(blob) = chunk.dyn_ref::<web_sys::Blob>() else {
        return Err(Error::invalid_input(operation, "a chunk must be a Uint8Array or a Blob"));
    };
    let buffer = JsFuture::from(blob.array_buffer()).await;
    let buffer: Option<ArrayBuffer> = buffer.ok().and_then(|buffer| buffer.dyn_into().ok());
    let buffer = buffer.ok_or_else(|| Error::invalid_input(operation, "the chunk cannot be read"))?;
    Ok(Bytes::from(Uint8Array::new(&buffer).to_vec()))
}
