//! The browser's transport: a request, `fetch`, and the response as it arrives. Works in pages, workers and JavaScript runtimes.
//!
//! gloo-net builds the request and reads the response's head. Its `send`, body readers and header setters are not used: they panic if
//! `fetch` rejects with something that is not an `Error`, and a panic ends a wasm instance for good.

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use gloo_net::http::RequestBuilder;
use http::StatusCode;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestCache, RequestCredentials};

use super::fetch_body::{AbortOnDrop, FetchBody};
use super::rejection::describe;
use crate::http::{Body, Headers, Request, Response, TransportError};
use crate::pipeline::Transport;

/// Sends requests with the browser's `fetch`, or with a function that replaces it. Dropping the future, or the body of the response,
/// aborts the fetch.
///
/// Cookies go along on the page's own origin, for proxies that sign in that way, and responses never come from the cache there. Across
/// origins `cache: "no-store"` makes a browser ask for permission (CORS preflight) before every single request, so there its cache is left
/// to the header fields of the response: those of the service allow nothing to be kept except blobs, which never change.
#[derive(Debug, Clone, Default)]
pub struct FetchTransport {
    replacement: Option<Function>,
}

impl FetchTransport {
    /// The browser's own `fetch`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A function that takes what `fetch` takes and resolves to a `Response`, of this realm or another: a portal's own, which adds what
    /// its proxy needs. It is called with a URL and an options object whose `headers` are a plain object, so that wrappers can spread both.
    #[must_use]
    pub fn calling(fetch: Function) -> Self {
        Self { replacement: Some(fetch) }
    }
}

impl Transport for FetchTransport {
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        fetch(self.replacement.as_ref(), request).boxed_local()
    }
}

async fn fetch(replacement: Option<&Function>, request: Request) -> Result<Response, TransportError> {
    check_headers(&request.headers)?;
    let guard = AbortOnDrop(AbortController::new().map_err(|error| describe(&error))?);
    let signal = guard.0.signal();
    let promise = match replacement {
        Some(function) => {
            let url = JsValue::from_str(&request.url);
            function.call2(&JsValue::UNDEFINED, &url, &options(&request, &signal))
        }
        None => call_fetch(&build(&request, &signal)?),
    };
    drop(request);
    let promise = Promise::resolve(&promise.map_err(|error| describe(&error))?);
    let answer = JsFuture::from(promise).await.map_err(|error| describe(&error))?;
    let response = response_of(answer)?;
    let status = StatusCode::from_u16(response.status())
        .map_err(|_| TransportError::new("the response is opaque: it has no status"))?;
    let headers = read_headers(&response.headers().into_raw());
    Ok(Response { status, headers, body: Body::from_stream(Box::new(FetchBody::new(response, guard))) })
}

/// The global `fetch`, as it is now: pages replace it.
fn call_fetch(request: &web_sys::Request) -> Result<JsValue, JsValue> {
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &JsValue::from_str("fetch"))?.dyn_into()?;
    fetch.call1(&global, request)
}

/// What a browser reports about a value that it refuses may quote it, and it may be a credential: so headers are checked here.
fn check_headers(headers: &Headers) -> Result<(), TransportError> {
    for (name, value) in headers.iter() {
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_name || !Headers::is_value(value) {
            let message = ["the header \"", name, "\" cannot be sent"].concat();
            return Err(TransportError::unsendable(message));
        }
    }
    Ok(())
}

/// The request for the browser's own `fetch`.
fn build(request: &Request, signal: &AbortSignal) -> Result<web_sys::Request, TransportError> {
    let unsendable = |error: &JsValue| TransportError::unsendable(describe(error).to_string());
    let headers = web_sys::Headers::new().map_err(|error| unsendable(&error))?;
    for (name, value) in request.headers.iter() {
        headers.append(name, value).map_err(|error| unsendable(&error))?;
    }
    // Resolved first: gloo-net panics on a URL that the browser refuses with an error of another realm.
    let mut builder = RequestBuilder::new(&absolute(&request.url).map_err(|error| unsendable(&error))?)
        .method(request.method.clone())
        .headers(gloo_net::http::Headers::from_raw(headers))
        .credentials(RequestCredentials::SameOrigin)
        .abort_signal(Some(signal));
    if request.url.starts_with('/') {
        builder = builder.cache(RequestCache::NoStore);
    }
    let built = if request.body.is_empty() {
        builder.build()
    } else {
        builder.body(Uint8Array::from(request.body.as_ref()))
    };
    built.map(Into::into).map_err(|error| TransportError::unsendable(error.to_string()))
}

/// The absolute URL of a request, in a page relative to its own.
fn absolute(url: &str) -> Result<String, JsValue> {
    if !url.starts_with('/') {
        return web_sys::Url::new(url).map(|url| url.href());
    }
    let location = Reflect::get(&js_sys::global(), &JsValue::from_str("location"))?;
    let base = Reflect::get(&location, &JsValue::from_str("href"))?.as_string().unwrap_or_default();
    web_sys::Url::new_with_base(url, &base).map(|url| url.href())
}

/// The options for a function that replaces `fetch`: a plain object, its headers one too, so that the function can spread both.
fn options(request: &Request, signal: &AbortSignal) -> Object {
    let (options, headers) = (Object::new(), Object::new());
    for (name, value) in request.headers.iter() {
        set(&headers, name, &JsValue::from_str(value));
    }
    set(&options, "method", &JsValue::from_str(request.method.as_str()));
    set(&options, "headers", &headers);
    if request.url.starts_with('/') {
        set(&options, "cache", &JsValue::from_str("no-store"));
    }
    set(&options, "credentials", &JsValue::from_str("same-origin"));
    set(&options, "signal", signal);
    if !request.body.is_empty() {
        set(&options, "body", &Uint8Array::from(request.body.as_ref()));
    }
    options
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a property of an object made here cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// The response that `fetch` resolved to. It may come from another realm (a portal's fetch, a test's mock), where it is no instance of
/// this realm's `Response`: so it is known by its members.
fn response_of(answer: JsValue) -> Result<gloo_net::http::Response, TransportError> {
    let member = |name: &str| Reflect::get(&answer, &JsValue::from_str(name)).unwrap_or_default();
    let reads = |name: &str| member(name).is_function();
    let is_response = answer.is_object()
        && member("status").as_f64().is_some()
        && Reflect::get(&member("headers"), &JsValue::from_str("entries")).is_ok_and(|it| it.is_function())
        && reads("arrayBuffer");
    if !is_response {
        return Err(TransportError::new("fetch resolved to something that is not a Response"));
    }
    Ok(answer.unchecked_into::<web_sys::Response>().into())
}

fn read_headers(headers: &web_sys::Headers) -> Headers {
    let text = |pair: &Array, index| pair.get(index).as_string().unwrap_or_default();
    let fields = Array::from(headers);
    let mut read = Headers::new();
    for index in 0..fields.length() {
        let field = Array::from(&fields.get(index));
        read.append(&text(&field, 0), text(&field, 1));
    }
    read
}
