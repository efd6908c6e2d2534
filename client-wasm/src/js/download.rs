//! A download, for the stream in `stream.js`, which reads the body where the browser holds it: its bytes are hashed here, and do not come
//! back.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::ReadableStream;

use super::promise::promise;
use crate::client::BlobDownload;
use crate::transport::{FetchBody, TransportError};

/// A blob being downloaded. Freeing it ends the download.
#[wasm_bindgen(skip_typescript)]
pub struct Download {
    /// Taken out while somebody waits for it.
    download: Rc<RefCell<Option<BlobDownload>>>,
    /// The fetch goes on for as long as this is held.
    body: Option<Box<FetchBody>>,
    size: Option<f64>,
}

impl Download {
    pub(super) fn new(download: BlobDownload) -> Self {
        let size = download.size().map(|size| size as f64);
        Self { download: Rc::new(RefCell::new(Some(download))), body: None, size }
    }
}

#[wasm_bindgen]
impl Download {
    /// Bytes of the whole blob, where the registry says.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> Option<f64> {
        self.size
    }

    /// What to read from, at first and again after each end that was not the blob's; nothing where the answer has no body.
    pub fn body(&mut self) -> Option<ReadableStream> {
        self.body = self.download.borrow_mut().as_mut()?.take_body().downcast().ok();
        self.body.as_ref()?.stream()
    }

    /// Takes note of bytes that came.
    pub fn pass(&self, bytes: &[u8]) {
        if let Some(download) = &mut *self.download.borrow_mut() {
            download.pass(bytes);
        }
    }

    /// The body came to its end, or broke off for a reason. Resolves to whether that was the end of the blob, verified; else there is
    /// another body. The download is over once this is stopped.
    pub fn ended(&self, broken: Option<String>, stop: Option<Promise>) -> Promise {
        let place = self.download.clone();
        let download = place.borrow_mut().take();
        let work = async move {
            let Some(mut download) = download else { return Ok(JsValue::TRUE) };
            let ended = download.ended(broken.map(TransportError::new)).await?;
            *place.borrow_mut() = Some(download);
            Ok(JsValue::from_bool(ended))
        };
        promise(stop, Box::pin(work))
    }
}
