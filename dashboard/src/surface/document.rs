//! What the dashboard reads from the document it is loaded in, and the one listener it adds there.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// The element of this id.
pub(crate) fn element_by_id(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The path of the document's base URL, with a slash at its end.
pub(crate) fn base_path() -> String {
    let base = document().base_uri().ok().flatten().and_then(|uri| web_sys::Url::new(&uri).ok());
    let mut path = base.map(|url| url.pathname()).unwrap_or_default();
    if !path.ends_with('/') {
        path.truncate(path.rfind('/').map_or(0, |slash| slash + 1));
    }
    if path.is_empty() { "/".to_owned() } else { path }
}

/// The origin of the page that linked to or framed this one; `None` where the browser does not say.
pub(crate) fn referrer_origin() -> Option<String> {
    web_sys::Url::new(&document().referrer()).ok().map(|url| url.origin())
}

/// Calls `on_scroll` whenever anything in the document scrolls, for as long as the current reactive owner lives. Captured at the
/// document, since scroll events do not bubble.
pub(crate) fn listen_to_scrolling(on_scroll: impl Fn() + 'static) {
    let options = web_sys::AddEventListenerOptions::new();
    options.set_capture(true);
    options.set_passive(true);
    let closure = Closure::<dyn Fn()>::new(on_scroll);
    let function: js_sys::Function = closure.as_ref().clone().unchecked_into();
    let target = document();
    let _ =
        target.add_event_listener_with_callback_and_add_event_listener_options("scroll", &function, &options);
    let kept = StoredValue::new_local(Some((target, function, closure)));
    on_cleanup(move || {
        let kept = kept.try_update_value(Option::take).flatten();
        if let Some((target, function, closure)) = kept {
            let _ = target.remove_event_listener_with_callback_and_bool("scroll", &function, true);
            drop(closure);
        }
    });
}
