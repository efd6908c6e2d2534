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

/// Asks for `path`, relative to the document's base URL; `None` where no answer comes.
pub(crate) async fn get(path: &str) -> Option<Answer> {
    // What failed is of no use to a user beyond the fact: a browser does not say why a fetch failed.
    try_get(path).await.ok()
}

async fn try_get(path: &str) -> Result<Answer, JsValue> {
    let window = window();
    let fetch: Function = Reflect::get(&window, &"fetch".into())?.dyn_into()?;
    let options = js_sys::Object::new();
    let headers = js_sys::Object::new();
    Reflect::set(&headers, &"accept".into(), &"application/json".into())?;
    Reflect::set(&options, &"headers".into(), &headers)?;
    let answer = fetch.call2(&window, &path.into(), &options)?;
    let response = JsFuture::from(Promise::resolve(&answer)).await?;
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
