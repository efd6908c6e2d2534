//! A download, for the stream in `stream.js`, which reads the body where the browser holds it: its bytes are hashed here.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::future::{AbortHandle, Abortable};
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::ReadableStream;

use super::abort::promise;
use crate::browser::FetchBody;
use crate::browser::rejection::describe;
use crate::client::BlobDownload;

#[wasm_bindgen(module = "/src/js/stream.js")]
extern "C" {
    /// The stream of a download.
    pub(super) fn readable(
        download: Download,
        signal: &JsValue,
        on_progress: Option<Function>,
    ) -> ReadableStream;
}

/// A blob being downloaded. Freeing it ends the download.
#[wasm_bindgen(skip_typescript)]
pub struct Download {
    /// Taken out while it is resumed.
    download: Rc<RefCell<Option<BlobDownload>>>,
    /// The fetch goes on for as long as this is held.
    body: Option<Box<FetchBody>>,
    size: Option<f64>,
    resuming: Option<AbortHandle>,
}

impl Download {
    pub(super) fn new(download: BlobDownload) -> Self {
        let size = download.size().map(|size| size as f64);
        Self { download: Rc::new(RefCell::new(Some(download))), body: None, size, resuming: None }
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        if let Some(resuming) = self.resuming.take() {
            resuming.abort();
        }
    }
}

#[wasm_bindgen]
impl Download {
    /// Bytes of the blob, if the registry says.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> Option<f64> {
        self.size
    }

    /// The stream to read from, at first and again after each end that was not the blob's; undefined if the response has no body.
    pub fn body(&mut self) -> Option<ReadableStream> {
        self.body = self.download.borrow_mut().as_mut()?.take_body().downcast().ok();
        self.body.as_ref()?.stream()
    }

    /// Hashes and counts bytes of the body.
    pub fn pass(&self, bytes: &[u8]) {
        if let Some(download) = &mut *self.download.borrow_mut() {
            download.pass(bytes);
        }
    }

    /// To be called when the body ended, or broke off with an error. Resolves to whether that was the end of the blob, verified; else there
    /// is another body.
    pub fn ended(&mut self, broken: JsValue) -> Promise {
        let shared = self.download.clone();
        let (handle, registration) = AbortHandle::new_pair();
        self.resuming = Some(handle);
        let resume = async move {
            let Some(mut download) = shared.take() else { return Ok(true) };
            let broken = (!broken.is_undefined()).then(|| describe(&broken));
            let ended = download.ended(broken).await?;
            shared.replace(Some(download));
            Ok(ended)
        };
        promise(&JsValue::UNDEFINED, async move {
            // The result has no use once the download is freed.
            let ended = Abortable::new(resume, registration).await.unwrap_or(Ok(true));
            ended.map(JsValue::from_bool)
        })
    }
}
