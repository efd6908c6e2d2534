//! A download, for the stream in `stream.js`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::promise::promise;
use crate::client::BlobDownload;

/// A blob being downloaded. Freeing it ends the download.
#[wasm_bindgen(skip_typescript)]
pub struct Download(Rc<RefCell<Option<BlobDownload>>>);

impl Download {
    pub(super) fn new(download: BlobDownload) -> Self {
        Self(Rc::new(RefCell::new(Some(download))))
    }
}

#[wasm_bindgen]
impl Download {
    /// Bytes of the whole blob, where the registry says.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> Option<f64> {
        Some(self.0.borrow().as_ref()?.size()? as f64)
    }

    /// The next bytes, nothing at the end. The download is over once this is stopped.
    pub fn chunk(&self, stop: Option<Promise>) -> Promise {
        let place = self.0.clone();
        // Taken out for the wait: nothing is borrowed during it, and what is stopped does not come back.
        let download = place.borrow_mut().take();
        let work = async move {
            let Some(mut download) = download else { return Ok(JsValue::UNDEFINED) };
            let Some(bytes) = download.chunk().await? else { return Ok(JsValue::UNDEFINED) };
            *place.borrow_mut() = Some(download);
            Ok(Uint8Array::from(bytes.as_ref()).into())
        };
        promise(stop, Box::pin(work))
    }
}
