//! Blobs on their way in: an upload that is open, for the class in `upload.js`, and the content of a whole one, piece by piece.

use std::cell::RefCell;
use std::rc::Rc;

use bytes::Bytes;
use futures_util::{Stream, stream};
use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::given::{Given, number};
use super::promise::promise;
use crate::client::{Progress, RegistryClient, Upload, UploadOptions};
use crate::error::Error;
use crate::operation::{spelled, uploads};
use crate::transport::{TransportError, describe};

/// An upload that the registry has opened.
#[wasm_bindgen(skip_typescript)]
pub struct OpenUpload(Rc<RefCell<Upload>>);

impl OpenUpload {
    pub(super) fn new(upload: Upload) -> Self {
        Self(Rc::new(RefCell::new(upload)))
    }
}

#[wasm_bindgen]
impl OpenUpload {
    /// nextBlobUuidLink, as the registry last gave it.
    #[wasm_bindgen(getter)]
    pub fn location(&self) -> String {
        self.0.borrow().location().to_owned()
    }

    /// Bytes the registry holds.
    #[wasm_bindgen(getter)]
    pub fn offset(&self) -> f64 {
        self.0.borrow().offset() as f64
    }

    /// Blob_GetStatus, Blob_Upload, Blob_EndUpload or Blob_CancelUpload, given a digest and bytes where they take them.
    pub fn step(&self, operation: &str, given: Array, stop: Option<Promise>) -> Promise {
        let (place, given) = (self.0.clone(), Given::new(spelled(operation), given));
        let work = async move {
            // Nothing is borrowed during the wait: the callers' steps come in turn.
            let mut upload = place.borrow().clone();
            let chunk = given.bytes(1);
            let result = match given.operation {
                uploads::STATUS => upload.status().await.map(|_| ()),
                uploads::APPEND => upload.append(chunk).await.map(|_| ()),
                uploads::END => upload.end(&given.name(0)?, chunk).await.map(|_| ()),
                _ => upload.cancel().await,
            };
            // Whatever came of it, the registry may have said where to go on.
            *place.borrow_mut() = upload;
            result.map(|()| JsValue::UNDEFINED)
        };
        promise(stop, Box::pin(work))
    }
}

/// A whole upload. Given a repository, what gives the content piece by piece, bytes a chunk, bytes of the whole where they are known, and
/// what is told the bytes that the registry holds. Gives digest and size.
pub(super) async fn whole(client: &RegistryClient, given: &Given) -> Result<JsValue, Error> {
    let (next, progress) = (Function::from(given.value(1)), Function::from(given.value(4)));
    let tell = move |now: Progress| {
        // It throws nothing: what a caller's function throws is caught on the other side.
        let _ = progress.call1(&JsValue::UNDEFINED, &number(now.loaded_bytes));
    };
    let options = UploadOptions {
        chunk_size: given.value(2).as_f64().map(|size| size as usize),
        total_bytes: given.value(3).as_f64().map(|total| total as u64),
        progress: Some(Box::new(tell)),
    };
    let uploaded = client.blobs().upload(&given.name(0)?, pieces(next), options).await?;
    Ok(Array::of2(&JsValue::from_str(uploaded.digest.as_str()), &number(uploaded.size)).into())
}

/// What `next` resolves to, until it resolves to nothing.
fn pieces(next: Function) -> impl Stream<Item = Result<Bytes, TransportError>> {
    stream::unfold(next, |next| async move {
        let piece = async {
            let promise = next.call0(&JsValue::UNDEFINED).map_err(|error| describe(&error))?;
            JsFuture::from(Promise::resolve(&promise)).await.map_err(|error| describe(&error))
        };
        let piece = piece.await.map(|piece| piece.dyn_into::<Uint8Array>().ok()).transpose()?;
        Some((piece.map(|array| Bytes::from(array.to_vec())), next))
    })
}
