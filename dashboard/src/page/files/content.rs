//! What a file contains, as it is shown: text, a picture, or bytes as hexadecimal.

use js_sys::Uint8Array;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::picture;
use crate::component::long_text::long_text;
use crate::query::run_until_cleanup;
use crate::text::files as text;

/// Bytes of a binary file that are shown.
const HEX: usize = 16 << 10;
/// Pixels of the largest picture that is drawn: more take hundreds of MiB.
const PIXELS: u64 = 64 << 20;

/// What a file contains.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// It has none, such as a device.
    None,
    /// Showing it takes so many bytes of the layer, which the user has not agreed to.
    Costly(u64),
    /// No bytes.
    Empty,
    /// Text; `cut` where it goes on.
    Text { text: String, cut: bool },
    /// A complete picture of this media type.
    Picture { bytes: Vec<u8>, media_type: &'static str },
    /// Hexadecimal; `cut` where it goes on.
    Hex { text: String, cut: bool },
}

/// The text of these bytes, in the encoding of this label; `None` where there is no such encoding, which means binary content.
pub(crate) fn decode(bytes: &Uint8Array, encoding: Option<&str>) -> Option<String> {
    let decoder = web_sys::TextDecoder::new_with_label(encoding?).ok()?;
    decoder.decode_with_buffer_source(bytes).ok()
}

/// Whether these are the first bytes of a picture.
pub(super) fn is_picture(bytes: &Uint8Array, encoding: Option<&str>) -> bool {
    encoding.is_none() && picture::media_type(&bytes.subarray(0, 16).to_vec()).is_some()
}

/// What these bytes are; `cut` where the file has more.
pub(super) fn of_bytes(bytes: &Uint8Array, encoding: Option<&str>, cut: bool) -> Content {
    if bytes.length() == 0 {
        return Content::Empty;
    }
    if let Some(text) = decode(bytes, encoding) {
        return Content::Text { text, cut };
    }
    let bytes = bytes.to_vec();
    let is_too_large = picture::pixels(&bytes).is_some_and(|pixels| pixels > PIXELS);
    match picture::media_type(&bytes).filter(|_| !cut && !is_too_large) {
        Some(media_type) => Content::Picture { bytes, media_type },
        None => hexadecimal(&bytes, cut),
    }
}

fn hexadecimal(bytes: &[u8], cut: bool) -> Content {
    let shown = bytes.get(..HEX).unwrap_or(bytes);
    Content::Hex { text: hex(shown), cut: cut || bytes.len() > shown.len() }
}

/// Shows it; `name` is the file's, and `more` says how to see the rest of it.
pub(super) fn shown(content: Content, name: &str, more: &'static str) -> AnyView {
    match content {
        Content::None | Content::Costly(_) => view! { <p class="hint">{text::NO_CONTENT}</p> }.into_any(),
        Content::Empty => view! { <p class="hint">{text::EMPTY}</p> }.into_any(),
        Content::Picture { bytes, media_type } => drawn(bytes, media_type, name.to_owned(), more),
        Content::Text { text: content, cut } | Content::Hex { text: content, cut } => view! {
            {cut.then(|| view! { <p class="hint">{text::CUT} " " {more}</p> })}
            {long_text(content, Callback::new(|part: String| part.into_any()))}
        }
        .into_any(),
    }
}

/// A picture on a canvas, since the page's policy loads no image from elsewhere than its server; hexadecimal where the browser cannot draw it.
fn drawn(bytes: Vec<u8>, media_type: &'static str, name: String, more: &'static str) -> AnyView {
    let canvas = NodeRef::<html::Canvas>::new();
    let failed = RwSignal::new(false);
    let fallback = StoredValue::new(bytes.clone());
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        let bytes = Uint8Array::from(bytes.as_slice());
        run_until_cleanup(async move {
            let is_drawn = draw(&canvas, &bytes, media_type).await.is_some();
            let _ = failed.try_set(!is_drawn);
        });
    });
    (move || {
        if failed.get() {
            return shown(fallback.with_value(|bytes| hexadecimal(bytes, false)), "", more);
        }
        let name = name.clone();
        view! { <canvas node_ref=canvas class="file-picture" role="img" aria-label=name></canvas> }.into_any()
    })
    .into_any()
}

async fn draw(canvas: &web_sys::HtmlCanvasElement, bytes: &Uint8Array, media_type: &str) -> Option<()> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = js_sys::Array::of1(bytes);
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let decoding = window().create_image_bitmap_with_blob(&blob).ok()?;
    let bitmap: web_sys::ImageBitmap = JsFuture::from(decoding).await.ok()?.unchecked_into();
    let (width, height) = (bitmap.width(), bitmap.height());
    if u64::from(width) * u64::from(height) > PIXELS {
        bitmap.close();
        return None;
    }
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("bitmaprenderer").ok()??;
    let context: web_sys::ImageBitmapRenderingContext = context.unchecked_into();
    context.transfer_from_image_bitmap(&bitmap);
    Some(())
}

/// Bytes as `hexdump -C` prints them.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 5);
    for (line, bytes) in bytes.chunks(16).enumerate() {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x} ")).collect();
        let letters: String =
            bytes.iter().map(|byte| if (32..127).contains(byte) { char::from(*byte) } else { '.' }).collect();
        text.push_str(&format!("{:08x}  {digits:<48} {letters}\n", line * 16));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binary_content_is_printed_in_lines_of_sixteen_bytes() {
        let text = hex(b"\x7fELF\0\0\0\0\0\0\0\0\0\0\0\0AB");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("00000000  7f 45 4c 46 00"), "{text}");
        assert!(lines[0].ends_with(" .ELF............"), "{text}");
        assert!(lines[1].starts_with("00000010  41 42 "), "{text}");
        assert_eq!(lines.len(), 2);
    }
}
