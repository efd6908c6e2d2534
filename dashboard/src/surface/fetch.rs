//! Reads a file of the page's own server. Works with whatever `fetch` does: a page or an extension may have replaced it by a function
//! that throws, or that rejects with something that is not an `Error`.

use js_sys::{Function, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The status and the body of an answer.
pub(crate) struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The body, as sent.
    pub(crate) body: Vec<u8>,
}

/// What is known of an answer without its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The HTTP status; 0 of a redirect.
    pub(crate) status: u16,
    /// Whether the body is HTML.
    pub(crate) is_html: bool,
    /// Whether it is a redirect, which is not followed.
    pub(crate) is_redirect: bool,
    /// Whether it has a field `WWW-Authenticate`.
    pub(crate) has_challenge: bool,
}

/// Asks for `path`, relative to the document's base URL, past the cache and without following a redirect; `None` where no answer comes.
pub(crate) async fn head(path: &str) -> Option<Head> {
    try_head(path).await.ok()
}

async fn try_head(path: &str) -> Result<Head, JsValue> {
    let options = js_sys::Object::new();
    for (name, value) in [("redirect", "manual"), ("cache", "no-store")] {
        Reflect::set(&options, &name.into(), &value.into())?;
    }
    let response = send(path, &options).await?;
    let headers = Reflect::get(&response, &"headers".into())?;
    let read: Function = Reflect::get(&headers, &"get".into())?.dyn_into()?;
    let field = |name: &str| read.call1(&headers, &name.into()).ok().and_then(|value| value.as_string());
    let content_type = field("content-type").unwrap_or_default();
    Ok(Head {
        status: Reflect::get(&response, &"status".into())?.as_f64().unwrap_or(0.0) as u16,
        is_html: content_type.trim_start().to_ascii_lowercase().starts_with("text/html"),
        is_redirect: Reflect::get(&response, &"type".into())?.as_string().as_deref()
            == Some("opaqueredirect"),
        has_challenge: field("www-authenticate").is_some(),
    })
}

/// Calls the page's `fetch`.
async fn send(path: &str, options: &js_sys::Object) -> Result<JsValue, JsValue> {
    let window = window();
    let fetch: Function = Reflect::get(&window, &"fetch".into())?.dyn_into()?;
    let answer = fetch.call2(&window, &path.into(), options)?;
    JsFuture::from(Promise::resolve(&answer)).await
}

/// Asks for `path`, relative to the document's base URL; `None` where no answer comes.
pub(crate) async fn get(path: &str) -> Option<Answer> {
    // What failed is of no use to a user beyond the fact: a browser does not say why a fetch failed.
    try_get(path).await.ok()
}

async fn try_get(path: &str) -> Result<Answer, JsValue> {
    let options = js_sys::Object::new();
    let headers = js_sys::Object::new();
    Reflect::set(&headers, &"accept".into(), &"application/json".into())?;
    Reflect::set(&options, &"headers".into(), &headers)?;
    let response = send(path, &options).await?;
    let status = Reflect::get(&response, &"status".into())?.as_f64().unwrap_or(0.0) as u16;
    let read: Function = Reflect::get(&response, &"arrayBuffer".into())?.dyn_into()?;
    let buffer = JsFuture::from(Promise::resolve(&read.call0(&response)?)).await?;
    Ok(Answer { status, body: Uint8Array::new(&buffer).to_vec() })
}

#[cfg(all(test, target_arch = "wasm32"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    async fn a_fetch_that_throws_or_rejects_with_anything_is_no_answer() {
        let name = "fetch".into();
        let original = Reflect::get(&window(), &name).unwrap();
        let replacements = [
            "throw new Error('blocked')",
            "throw undefined",
            "return Promise.reject(undefined)",
            "return Promise.reject('blocked')",
            "return Promise.reject({ message: 1 })",
            "return null",
            "return Promise.resolve({ status: 200, arrayBuffer: () => Promise.reject(1) })",
        ];
        for body in replacements {
            Reflect::set(&window(), &name, &Function::new_no_args(body)).unwrap();
            assert!(get("config.json").await.is_none(), "{body}");
        }
        Reflect::set(&window(), &name, &original).unwrap();
    }
}
