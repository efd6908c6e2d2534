//! Pasting text of several lines into a field of one. A browser puts spaces in place of the line breaks, and a reference or a token that a
//! terminal wrapped within a word is no longer one then.

use leptos::ev::ClipboardEvent;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The lines that a paste fills a whole field with; `None` where the browser's own paste loses nothing. The field shows them with spaces in
/// between, as browsers do.
pub(crate) fn pasted_lines(event: &ClipboardEvent) -> Option<String> {
    let field: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let text = event.clipboard_data()?.get_data("text/plain").ok()?;
    if !text.trim().contains(['\n', '\r']) || !is_replaced(&field) {
        return None;
    }
    event.prevent_default();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    field.set_value(&lines.join(" "));
    Some(text)
}

/// Whether a paste replaces all that is in a field.
fn is_replaced(field: &HtmlInputElement) -> bool {
    let length = field.value().encode_utf16().count();
    let selected =
        |place: Result<Option<u32>, _>| place.ok().flatten().and_then(|at| usize::try_from(at).ok());
    length == 0
        || (selected(field.selection_start()) == Some(0) && selected(field.selection_end()) == Some(length))
}
