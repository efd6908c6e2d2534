//! Saves a text as a file, through the browser.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// Saves a text under a name. Nothing leaves the page: the file is made from a blob in it.
pub(crate) fn download(name: &str, media_type: &str, text: &str) {
    // Failing means that the browser has no blobs; there is no file to save then.
    let _ = try_download(name, media_type, text);
}

fn try_download(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text.into()), &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url)
}
