//! Reads a file that was chosen, piece by piece: neither is all of it held, nor does the page stand still meanwhile.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Bytes that are read at once: what is made of them takes less than a frame.
const PIECE: f64 = 262_144.0;

/// The pieces of a file.
pub(crate) struct Pieces {
    file: web_sys::Blob,
    at: f64,
    size: f64,
}

impl Pieces {
    /// Those of a file, from its beginning.
    pub(crate) fn of(file: &web_sys::File) -> Self {
        let file: web_sys::Blob = file.unchecked_ref::<web_sys::Blob>().clone();
        Self { at: 0.0, size: file.size(), file }
    }

    /// The next piece; `None` at the end of the file.
    ///
    /// # Errors
    /// Where the browser cannot read the file any more: it was changed or removed after it was chosen.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, ()> {
        if self.at >= self.size {
            return Ok(None);
        }
        let end = (self.at + PIECE).min(self.size);
        let piece = self.file.slice_with_f64_and_f64(self.at, end).map_err(drop)?;
        let buffer = JsFuture::from(piece.array_buffer()).await.map_err(drop)?;
        self.at = end;
        Ok(Some(Uint8Array::new(&buffer).to_vec()))
    }

    /// The share of the file that was read, in percent.
    pub(crate) fn percent(&self) -> u32 {
        (self.at / self.size.max(1.0) * 100.0) as u32
    }
}
