//! An upload that is open, for the class in `upload.js` and for whole uploads in `blobs.js`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::given::Given;
use super::promise::promise;
use crate::client::Upload;
use crate::name::DigestHasher;
use crate::operation::{spelled, uploads};

/// An upload that the registry has opened.
#[wasm_bindgen(skip_typescript)]
pub struct OpenUpload {
    upload: Rc<RefCell<Upload>>,
    hasher: DigestHasher,
}

impl OpenUpload {
    pub(super) fn new(upload: Upload) -> Self {
        Self { upload: Rc::new(RefCell::new(upload)), hasher: DigestHasher::default() }
    }
}

#[wasm_bindgen]
impl OpenUpload {
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

    /// Takes note of bytes that are sent.
    pub fn pass(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    /// The digest of the bytes taken note of.
    pub fn digest(&self) -> String {
        self.hasher.clone().finish().as_str().to_owned()
    }

    /// Blob_GetStatus, Blob_Upload, Blob_EndUpload or Blob_CancelUpload, given a digest and bytes where they take them.
    pub fn step(&self, operation: &str, given: Array, stop: Option<Promise>) -> Promise {
        let (place, given) = (self.upload.clone(), Given::new(spelled(operation), given));
        // Copied at once: a caller may fill the same memory anew.
        let chunk = given.bytes(1);
        let work = async move {
            // Nothing is borrowed during the wait: the callers' steps come in turn.
            let mut upload = place.borrow().clone();
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
