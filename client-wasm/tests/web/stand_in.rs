//! Stands in for `fetch` at single URLs; every other URL goes to the browser's own.

use js_sys::{Function, Reflect};
use wasm_bindgen::JsValue;

/// Answers requests for one URL with what a piece of JavaScript returns: an expression over `request`.
pub(crate) fn at(url: &str, answer: &str) {
    let code = format!(
        r#"
        if (!globalThis.standIns) {{
            globalThis.standIns = new Map();
            globalThis.standInsSeen = new Map();
            const real = globalThis.fetch;
            globalThis.fetch = (request, ...rest) => {{
                const standIn = request instanceof Request ? standIns.get(request.url) : undefined;
                if (!standIn) return real(request, ...rest);
                standInsSeen.set(request.url, request);
                return standIn(request);
            }};
        }}
        standIns.set(url, request => {answer});
        "#
    );
    Function::new_with_args("url", &code).call1(&JsValue::UNDEFINED, &absolute(url).into()).unwrap();
}

/// What an expression over the last `request` to a URL comes to.
pub(crate) fn seen(url: &str, expression: &str) -> JsValue {
    let code = format!("const request = standInsSeen.get(url); return {expression};");
    Function::new_with_args("url", &code).call1(&JsValue::UNDEFINED, &absolute(url).into()).unwrap()
}

/// What an expression comes to.
pub(crate) fn eval(expression: &str) -> JsValue {
    Function::new_no_args(&format!("return {expression};")).call0(&JsValue::UNDEFINED).unwrap()
}

/// Lets everything that is ready run.
pub(crate) async fn settle() {
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(eval(
        "new Promise(done => setTimeout(done, 0))",
    )))
    .await
    .unwrap();
}

fn absolute(url: &str) -> String {
    let location = Reflect::get(&js_sys::global(), &"location".into()).unwrap();
    let origin = Reflect::get(&location, &"origin".into()).unwrap().as_string().unwrap();
    if url.starts_with('/') { format!("{origin}{url}") } else { url.to_owned() }
}
