//! The browser's transport: gloo-net builds requests and reads answers; fetch itself is awaited here, since gloo-net panics where it
//! rejects with something that is no Error, and a panic ends a wasm instance for good. Works in pages, workers and Node.

use std::any::Any;

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use gloo_net::http::RequestBuilder;
use http::StatusCode;
use js_sys::{Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, ReadableStreamDefaultReader, RequestCache, RequestCredentials,
    RequestRedirect,
};

use super::{Body, Headers, Request, Response, ResponseBody, Transport, TransportError};

/// Sends requests with the browser's `fetch`, or with a function that stands in for it. Dropping the future, or the body of the answer,
/// aborts the fetch.
///
/// Cookies go along on the page's own origin, for proxies that sign in that way; answers are never taken from the cache.
#[derive(Debug, Clone, Default)]
pub struct FetchTransport {
    stand_in: Option<Function>,
}

impl FetchTransport {
    /// The browser's own `fetch`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A function that takes what `fetch` takes and resolves to a `Response`: a portal's own, which adds what its proxy wants. It is
    /// called with a URL and an options object whose `headers` are a plain object, so that wrappers can spread both.
    #[must_use]
    pub fn calling(fetch: Function) -> Self {
        Self { stand_in: Some(fetch) }
    }
}

impl Transport for FetchTransport {
    fn send(&self, request: Request) -> LocalBoxFuture<'_, Result<Response, TransportError>> {
        fetch(self.stand_in.as_ref(), request).boxed_local()
    }
}

/// Aborts the exchange when it is dropped. An exchange that is over is not disturbed.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn fetch(stand_in: Option<&Function>, request: Request) -> Result<Response, TransportError> {
    let guard = AbortOnDrop(AbortController::new().map_err(|error| describe(&error))?);
    let promise = match stand_in {
        Some(function) => call_stand_in(function, &request, &guard.0.signal())?,
        None => {
            call_fetch(&browsers_request(&request, &guard.0.signal())?).map_err(|error| describe(&error))?
        }
    };
    let answer = JsFuture::from(promise).await.map_err(|error| describe(&error))?;
    let response: web_sys::Response =
        answer.dyn_into().map_err(|_| TransportError::new("fetch gave something that is no Response"))?;
    let status = StatusCode::from_u16(response.status())
        .map_err(|_| TransportError::new("the answer is opaque: it has no status"))?;
    let headers = headers_from_js(&gloo_net::http::Response::from(Clone::clone(&response)).headers());
    let body = Body::from_stream(Box::new(FetchBody { response, reader: None, guard }));
    Ok(Response { status, headers, body })
}

fn browsers_request(request: &Request, signal: &AbortSignal) -> Result<web_sys::Request, TransportError> {
    let builder = RequestBuilder::new(&request.url)
        .method(request.method.clone())
        .headers(headers_to_js(&request.headers)?)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::SameOrigin)
        .redirect(RequestRedirect::Follow)
        .abort_signal(Some(signal));
    let request = if request.body.is_empty() {
        builder.build()
    } else {
        builder.body(Uint8Array::from(request.body.as_ref()))
    };
    request.map(Into::into).map_err(|error| TransportError::unsendable(reason(&error.to_string())))
}

/// The global `fetch`, as it is now: pages replace it.
fn call_fetch(request: &web_sys::Request) -> Result<Promise, JsValue> {
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &JsValue::from_str("fetch"))?.dyn_into()?;
    let promise = fetch.call1(&global, request)?;
    Ok(Promise::resolve(&promise))
}

fn call_stand_in(
    fetch: &Function,
    request: &Request,
    signal: &AbortSignal,
) -> Result<Promise, TransportError> {
    let (options, headers) = (Object::new(), Object::new());
    for (name, value) in sendable(&request.headers)? {
        set(&headers, name, &value.into())?;
    }
    set(&options, "method", &request.method.as_str().into())?;
    set(&options, "headers", &headers)?;
    set(&options, "cache", &"no-store".into())?;
    set(&options, "credentials", &"same-origin".into())?;
    set(&options, "signal", signal)?;
    if !request.body.is_empty() {
        set(&options, "body", &Uint8Array::from(request.body.as_ref()))?;
    }
    let promise = fetch.call2(&JsValue::UNDEFINED, &request.url.as_str().into(), &options);
    promise.map(|promise| Promise::resolve(&promise)).map_err(|error| describe(&error))
}

fn set(object: &Object, name: &str, value: &JsValue) -> Result<(), TransportError> {
    Reflect::set(object, &name.into(), value).map(drop).map_err(|error| describe(&error))
}

fn headers_to_js(headers: &Headers) -> Result<gloo_net::http::Headers, TransportError> {
    let js = gloo_net::http::Headers::new();
    for (name, value) in sendable(headers)? {
        js.append(name, value);
    }
    Ok(js)
}

/// The header fields, all of which can be sent.
fn sendable(headers: &Headers) -> Result<Vec<(&str, &str)>, TransportError> {
    for (name, value) in headers.iter() {
        // Anything else makes the browser throw, and gloo-net panic.
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_name || !Headers::is_value(value) {
            return Err(TransportError::unsendable(format!("the header \"{name}\" cannot be sent")));
        }
    }
    Ok(headers.iter().collect())
}

fn headers_from_js(js: &gloo_net::http::Headers) -> Headers {
    js.entries().collect()
}

/// The body of an answer to a fetch. Dropping it aborts the fetch.
pub struct FetchBody {
    response: web_sys::Response,
    reader: Option<ReadableStreamDefaultReader>,
    guard: AbortOnDrop,
}

impl FetchBody {
    /// Reads the body with the browser's own `JSON.parse`.
    ///
    /// # Errors
    /// Fails where the connection breaks or the body is no JSON; the flag says that it was the latter.
    pub async fn json(self) -> Result<JsValue, (TransportError, bool)> {
        let promise = self.response.json().map_err(|error| (describe(&error), false))?;
        let value = JsFuture::from(promise).await;
        drop(self.guard);
        value.map_err(|error| (describe(&error), error.is_instance_of::<js_sys::SyntaxError>()))
    }

    /// The next bytes as the browser holds them, without a copy into wasm memory; `None` at the end.
    ///
    /// # Errors
    /// Fails where the connection breaks.
    pub async fn next_array(&mut self) -> Result<Option<Uint8Array>, TransportError> {
        let reader = match &self.reader {
            Some(reader) => reader,
            None => {
                let Some(stream) = self.response.body() else { return Ok(None) };
                let reader = ReadableStreamDefaultReader::new(&stream).map_err(|error| describe(&error))?;
                self.reader.insert(reader)
            }
        };
        read_array(reader).await
    }
}

/// The next bytes of a stream; `None` at its end.
pub(crate) async fn read_array(
    reader: &ReadableStreamDefaultReader,
) -> Result<Option<Uint8Array>, TransportError> {
    let read = JsFuture::from(reader.read()).await.map_err(|error| describe(&error))?;
    let part = |name: &str| Reflect::get(&read, &JsValue::from_str(name)).map_err(|error| describe(&error));
    if part("done")?.is_truthy() {
        return Ok(None);
    }
    part("value")?
        .dyn_into()
        .map(Some)
        .map_err(|_| TransportError::new("the stream gave something that is no bytes"))
}

impl ResponseBody for FetchBody {
    fn next_chunk(&mut self) -> LocalBoxFuture<'_, Result<Option<Bytes>, TransportError>> {
        async move { Ok(self.next_array().await?.map(|array| Bytes::from(array.to_vec()))) }.boxed_local()
    }

    fn collect(mut self: Box<Self>) -> LocalBoxFuture<'static, Result<Bytes, TransportError>> {
        async move {
            if self.reader.is_none() {
                let promise = self.response.array_buffer().map_err(|error| describe(&error))?;
                let buffer = JsFuture::from(promise).await.map_err(|error| describe(&error))?;
                return Ok(Bytes::from(Uint8Array::new(&buffer).to_vec()));
            }
            let mut rest = BytesMut::new();
            while let Some(chunk) = self.next_chunk().await? {
                rest.extend_from_slice(&chunk);
            }
            Ok(rest.freeze())
        }
        .boxed_local()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl std::fmt::Debug for FetchBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FetchBody")
    }
}

/// What JavaScript rejected with, as text: an Error's message, a string, or nothing to tell.
fn describe(value: &JsValue) -> TransportError {
    let text = match value.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => value.as_string().unwrap_or_default(),
    };
    TransportError::new(reason(&text))
}

/// A browser's words without control characters, and without the queries of the URLs in them.
fn reason(text: &str) -> String {
    const LONGEST: usize = 200;
    let mut in_query = false;
    let keep = |c: &char| {
        in_query = (in_query || *c == '?') && *c != ' ';
        !in_query && !c.is_control()
    };
    let text: String = text.chars().filter(keep).take(LONGEST).collect();
    if text.is_empty() { "the request was rejected without a reason".to_owned() } else { text }
}
