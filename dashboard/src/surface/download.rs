//! Saves a text or bytes as a file, through the browser.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Saves a text under a name. Nothing leaves the page: the file is made from a blob in it.
pub(crate) fn download(name: &str, media_type: &str, text: &str) {
    // Failing means that the browser has no blobs; there is no file to save then.
    let _ = try_download(name, media_type, text);
}

/// Saves bytes under a name, as a file of no particular type.
pub(crate) fn download_bytes(name: &str, bytes: &js_sys::Uint8Array) {
    // As above.
    let _ = save(name, "application/octet-stream", bytes);
}

fn try_download(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    save(name, media_type, &text.into())
}

fn save(name: &str, media_type: &str, content: &JsValue) -> Result<(), JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(content), &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url)
}
