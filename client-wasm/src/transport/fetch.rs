//! The browser's transport: a request, `fetch`, and the answer as it comes. By hand: gloo-net panics where `fetch` rejects with something
//! that is no Error, and a panic ends a wasm instance for good; what was left of its use was measured at 4 KB. Works in pages, workers
//! and Node.

use std::any::Any;

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use http::StatusCode;
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, ReadableStream, ReadableStreamDefaultReader};

use super::{Body, Headers, Request, Response, ResponseBody, Transport, TransportError};

/// Sends requests with the browser's `fetch`, or with a function that stands in for it. Dropping the future, or the body of the answer,
/// aborts the fetch.
///
/// Cookies go along on the page's own origin, for proxies that sign in that way, and answers are never taken from the cache there. Across
/// origins a browser that is told so asks for permission (CORS preflight) before every single request, so there its cache is left to the
/// header fields of the answer: those of the service name nothing that may be kept, but for blobs, which never change.
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
    let options = options(&request, &guard.0.signal())?;
    let promise = match stand_in {
        Some(function) => function.call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), &options),
        None => {
            let request = web_sys::Request::new_with_str_and_init(&request.url, options.unchecked_ref())
                .map_err(|error| TransportError { unsendable: true, ..describe(&error) })?;
            call_fetch(&request)
        }
    };
    drop((request, options));
    let promise = Promise::resolve(&promise.map_err(|error| describe(&error))?);
    let answer = JsFuture::from(promise).await.map_err(|error| describe(&error))?;
    let response: web_sys::Response =
        answer.dyn_into().map_err(|_| TransportError::new("fetch gave something that is no Response"))?;
    let status = StatusCode::from_u16(response.status())
        .map_err(|_| TransportError::new("the answer is opaque: it has no status"))?;
    let headers = headers_from_js(&response.headers());
    let body = Body::from_stream(Box::new(FetchBody { response, reader: None, guard }));
    Ok(Response { status, headers, body })
}

/// The global `fetch`, as it is now: pages replace it.
fn call_fetch(request: &web_sys::Request) -> Result<JsValue, JsValue> {
    let global = js_sys::global();
    let fetch: Function = Reflect::get(&global, &JsValue::from_str("fetch"))?.dyn_into()?;
    fetch.call1(&global, request)
}

/// A request's options: a plain object, its headers one too, so that whoever stands in for `fetch` can spread both. For the browser's own
/// it is fewer bytes than a function of web-sys for each member.
fn options(request: &Request, signal: &AbortSignal) -> Result<Object, TransportError> {
    let (options, headers) = (Object::new(), Object::new());
    for (name, value) in request.headers.iter() {
        // What a browser says of a value that it refuses may quote it, and it may be a credential.
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_name || !Headers::is_value(value) {
            let message = ["the header \"", name, "\" cannot be sent"].concat();
            return Err(TransportError::unsendable(message));
        }
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
    Ok(options)
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a property of an object made here cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

fn headers_from_js(headers: &web_sys::Headers) -> Headers {
    let text = |pair: &Array, index| pair.get(index).as_string().unwrap_or_default();
    let fields = Array::from(headers);
    let mut read = Headers::new();
    for index in 0..fields.length() {
        let field = fields.get(index).unchecked_into::<Array>();
        read.append(&text(&field, 0), text(&field, 1));
    }
    read
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

    /// The stream itself, nothing where the answer has no body. Dropping this aborts the fetch all the same.
    #[must_use]
    pub fn stream(&self) -> Option<ReadableStream> {
        self.response.body()
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
async fn read_array(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, TransportError> {
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
            let mut rest = Vec::new();
            while let Some(chunk) = self.next_chunk().await? {
                rest.extend_from_slice(&chunk);
            }
            Ok(rest.into())
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
