//! `Upload`: an upload that the registry has opened, for callers that send the chunks themselves.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use js_sys::Promise;
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::abort::promise;
use super::convert::{bytes, member, name, to_js};
use super::turns::Turns;
use crate::client;
use crate::error::Error;
use crate::operation::uploads as operation;

/// An upload that the registry has opened: for callers that send the chunks of a blob themselves. Its calls wait for one another.
#[wasm_bindgen]
pub struct Upload {
    upload: Rc<RefCell<client::Upload>>,
    turns: Turns,
}

impl Upload {
    pub(super) fn new(upload: client::Upload) -> Self {
        Self { upload: Rc::new(RefCell::new(upload)), turns: Turns::default() }
    }

    /// Takes a step when those before it are over.
    fn step(
        &self,
        options: &JsValue,
        step: impl AsyncFnOnce(&mut client::Upload) -> Result<JsValue, Error> + 'static,
    ) -> Promise {
        let (shared, turn) = (self.upload.clone(), self.turns.take());
        promise(options, async move {
            turn.first().await;
            // A copy, so that nothing is borrowed during the wait: the getters may be called.
            let mut upload = shared.borrow().clone();
            let result = step(&mut upload).await;
            // Even if the step failed, the registry may have said where to continue.
            shared.replace(upload);
            result
        })
    }
}

#[derive(Serialize)]
struct Offset {
    offset: u64,
}

#[derive(Serialize)]
struct Ended<'a> {
    digest: &'a str,
}

#[wasm_bindgen]
impl Upload {
    /// nextBlobUuidLink, as the registry last gave it.
    #[wasm_bindgen(getter)]
    pub fn location(&self) -> String {
        self.upload.borrow().location().to_owned()
    }

    /// Bytes the registry holds.
    #[wasm_bindgen(getter)]
    pub fn offset(&self) -> f64 {
        self.upload.borrow().offset() as f64
    }

    /// Blob_GetStatus: asks the registry how many bytes it holds.
    #[wasm_bindgen(js_name = "getStatus", unchecked_return_type = "Promise<{ offset: number }>")]
    pub fn get_status(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.step(&options, async |upload: &mut client::Upload| {
            Ok(to_js(&Offset { offset: upload.status().await? }))
        })
    }

    /// Blob_Upload: sends the next bytes.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ offset: number }>")]
    pub fn append(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array | Blob")] chunk: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let chunk = Chunk::of(chunk);
        self.step(&options, async move |upload: &mut client::Upload| {
            let chunk = chunk.bytes(operation::APPEND).await?;
            Ok(to_js(&Offset { offset: upload.append(chunk).await? }))
        })
    }

    /// Blob_EndUpload: makes the upload a blob. The registry checks the digest.
    #[wasm_bindgen(unchecked_return_type = "Promise<{ digest: string }>")]
    pub fn end(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] digest: JsValue,
        #[wasm_bindgen(js_name = "lastChunk", unchecked_optional_param_type = "Uint8Array | Blob")]
        last_chunk: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        let last_chunk = (!last_chunk.is_undefined() && !last_chunk.is_null()).then(|| Chunk::of(last_chunk));
        self.step(&options, async move |upload: &mut client::Upload| {
            let digest = name(operation::END, "digest", &digest)?;
            let last_chunk = match last_chunk {
                Some(chunk) => chunk.bytes(operation::END).await?,
                None => Bytes::new(),
            };
            let digest = upload.end(&digest, last_chunk).await?;
            Ok(to_js(&Ended { digest: digest.as_str() }))
        })
    }

    /// Blob_CancelUpload: the registry forgets the upload.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn cancel(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.step(&options, async |upload: &mut client::Upload| {
            upload.clone().cancel().await?;
            Ok(JsValue::UNDEFINED)
        })
    }
}

/// A chunk that a caller supplied.
enum Chunk {
    /// Copied at once: a caller may use the memory again.
    Bytes(Bytes),
    /// A `Blob`, to be read; or something that is no chunk.
    Other(JsValue),
}

impl Chunk {
    fn of(value: JsValue) -> Self {
        bytes(&value).map_or(Self::Other(value), |bytes| Self::Bytes(bytes.into()))
    }

    async fn bytes(self, operation: &'static str) -> Result<Bytes, Error> {
        let value = match self {
            Self::Bytes(bytes) => return Ok(bytes),
            Self::Other(value) => value,
        };
        let Ok(read) = member(&value, "arrayBuffer").dyn_into::<js_sys::Function>() else {
            return Err(Error::invalid_input(operation, "a chunk must be a Uint8Array or a Blob"));
        };
        let unreadable = || Error::invalid_input(operation, "the chunk cannot be read");
        let buffer = read.call0(&value).map_err(|_| unreadable())?;
        let buffer = JsFuture::from(Promise::resolve(&buffer)).await.map_err(|_| unreadable())?;
        bytes(&buffer).map(Bytes::from).ok_or_else(unreadable)
    }
}
