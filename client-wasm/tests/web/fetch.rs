//! Requests and answers, one by one.

use acr_client_wasm::{FetchTransport, Headers, Request, Response, Transport, TransportError};
use bytes::Bytes;
use futures_util::FutureExt as _;
use http::Method;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stand_in::{at, eval, seen, settle};

fn get(url: &str) -> Request {
    Request { method: Method::GET, url: url.to_owned(), headers: Headers::new(), body: Bytes::new() }
}

async fn send(request: Request) -> Result<Response, TransportError> {
    FetchTransport::new().send(request).await
}

#[wasm_bindgen_test]
async fn the_browsers_own_fetch_gives_status_headers_and_bytes() {
    let url = eval("URL.createObjectURL(new Blob(['{\"a\":1}'], { type: 'application/json' }))")
        .as_string()
        .unwrap();
    let response = send(get(&url)).await.unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(response.headers.get("content-type"), Some("application/json"));
    assert_eq!(response.body.collect().await.unwrap(), r#"{"a":1}"#);
}

#[wasm_bindgen_test]
async fn a_connection_that_cannot_be_made_is_an_error() {
    // Port 9 is one that browsers refuse to connect to.
    let error = send(get("http://127.0.0.1:9/")).await.unwrap_err();
    assert!(!error.to_string().is_empty());
}

#[wasm_bindgen_test]
async fn method_headers_and_body_arrive_as_they_were_given() {
    at(
        "/echo",
        "request.text().then(text => new Response(`${request.method} ${request.headers.get('x-test')} ${text}`))",
    );
    let headers = Headers::from_iter([("x-test", "yes")]);
    let request =
        Request { method: Method::PATCH, headers, body: Bytes::from_static(b"content"), ..get("/echo") };
    assert_eq!(send(request).await.unwrap().body.collect().await.unwrap(), "PATCH yes content");
    assert_eq!(seen("/echo", "request.cache").as_string().unwrap(), "no-store");
    assert_eq!(seen("/echo", "request.credentials").as_string().unwrap(), "same-origin");
}

#[wasm_bindgen_test]
async fn across_origins_the_browser_may_remember_that_it_was_permitted() {
    at("https://registry.test/v2/", "new Response(request.cache)");
    let response = send(get("https://registry.test/v2/")).await.unwrap();
    assert_eq!(response.body.collect().await.unwrap(), "default");
}

#[wasm_bindgen_test]
async fn the_path_and_query_are_sent_as_they_are_encoded() {
    let path = "/acr/v1/team%2Fapp/_tags?last=a%2Fb%26c&n=1&orderby=";
    at(path, "new Response(request.url)");
    let url = send(get(path)).await.unwrap().body.collect().await.unwrap();
    assert!(std::str::from_utf8(&url).unwrap().ends_with(path), "{url:?}");
}

#[wasm_bindgen_test]
async fn what_rejects_with_anything_is_an_error_and_no_panic() {
    let reasons = [
        ("/reject/string", "Promise.reject('no reason')", "no reason"),
        ("/reject/nothing", "Promise.reject(undefined)", "without a reason"),
        ("/reject/object", "Promise.reject({})", "without a reason"),
        ("/reject/number", "Promise.reject(7)", "without a reason"),
        ("/reject/abort", "Promise.reject(new DOMException('gone', 'AbortError'))", "gone"),
        ("/reject/error", "Promise.reject(new TypeError('Failed to fetch'))", "Failed to fetch"),
        (
            "/reject/query",
            "Promise.reject(new TypeError('no http://a/b?secret=1 today'))",
            "no http://a/b today",
        ),
        ("/reject/throw", "{ throw 'at once' }", "at once"),
        ("/reject/other", "Promise.resolve(7)", "not a Response"),
        ("/reject/opaque", "Promise.resolve(Response.error())", "no status"),
    ];
    for (url, answer, message) in reasons {
        at(url, answer);
        let error = send(get(url)).await.unwrap_err().to_string();
        assert!(error.contains(message), "{url}: {error}");
    }
}

#[wasm_bindgen_test]
async fn a_url_or_a_header_that_cannot_be_is_an_error_and_no_panic() {
    assert!(send(get("http://")).await.is_err());
    for (name, value) in [("accept", "ä"), ("accept", "a\r\nb: c"), ("no name", "x"), ("", "x")] {
        let headers = Headers::from_iter([(name, value)]);
        assert!(send(Request { headers, ..get("/never") }).await.unwrap_err().is_unsendable());
    }
}

#[wasm_bindgen_test]
async fn dropping_the_future_aborts_the_fetch() {
    at("/hang", "new Promise(() => {})");
    let mut future = Box::pin(send(get("/hang")));
    assert!((&mut future).now_or_never().is_none());
    assert_eq!(seen("/hang", "request.signal.aborted"), false);
    drop(future);
    assert_eq!(seen("/hang", "request.signal.aborted"), true);
}

#[wasm_bindgen_test]
async fn dropping_the_body_aborts_the_fetch() {
    at("/stream", "Promise.resolve(new Response(new ReadableStream({})))");
    let response = send(get("/stream")).await.unwrap();
    assert_eq!(seen("/stream", "request.signal.aborted"), false);
    drop(response);
    assert_eq!(seen("/stream", "request.signal.aborted"), true);
}

const THREE: &str = "new Response(new ReadableStream({ start(c) { for (const text of ['one', 'two', 'three']) c.enqueue(new TextEncoder().encode(text)); c.close(); } }))";

#[wasm_bindgen_test]
async fn a_body_comes_piece_by_piece() {
    at("/pieces", THREE);
    let mut body = send(get("/pieces")).await.unwrap().body;
    for piece in ["one", "two", "three"] {
        assert_eq!(body.next_chunk().await.unwrap().unwrap(), piece);
    }
    assert_eq!(body.next_chunk().await, Ok(None));
}

#[wasm_bindgen_test]
async fn what_is_left_of_a_body_is_collected() {
    at("/rest", THREE);
    let mut body = send(get("/rest")).await.unwrap().body;
    assert_eq!(body.next_chunk().await.unwrap().unwrap(), "one");
    assert_eq!(body.collect().await.unwrap(), "twothree");
}

#[wasm_bindgen_test]
async fn an_answer_without_a_body_is_empty() {
    at("/none", "new Response(null, { status: 204, headers: { range: '0-9' } })");
    let mut response = send(get("/none")).await.unwrap();
    assert_eq!((response.status.as_u16(), response.headers.get("range")), (204, Some("0-9")));
    assert_eq!(response.body.next_chunk().await, Ok(None));
    at("/none", "new Response(null, { status: 204 })");
    assert_eq!(send(get("/none")).await.unwrap().body.collect().await.unwrap(), "");
}

#[wasm_bindgen_test]
async fn a_body_that_breaks_off_is_an_error_whatever_it_breaks_with() {
    at(
        "/broken",
        "new Response(new ReadableStream({ async pull(c) { if (this.sent) c.error('boom'); else { this.sent = true; c.enqueue(new Uint8Array([1])); } } }, { highWaterMark: 0 }))",
    );
    let mut body = send(get("/broken")).await.unwrap().body;
    assert_eq!(body.next_chunk().await.unwrap().unwrap(), [1].as_slice());
    assert_eq!(body.next_chunk().await.unwrap_err().to_string(), "boom");
    at("/broken/at-once", "new Response(new ReadableStream({ start(c) { c.error('boom'); } }))");
    assert!(send(get("/broken/at-once")).await.unwrap().body.collect().await.is_err());
}

#[wasm_bindgen_test]
async fn a_stream_of_something_else_than_bytes_is_an_error() {
    at(
        "/text",
        "Object.defineProperty(new Response(''), 'body', { value: new ReadableStream({ start(c) { c.enqueue('text'); } }) })",
    );
    let mut body = send(get("/text")).await.unwrap().body;
    assert!(body.next_chunk().await.is_err());
    settle().await;
}

#[wasm_bindgen_test]
async fn a_function_in_the_place_of_fetch_gets_what_it_can_spread() {
    let stand_in = eval(
        "async (url, options) => new Response(JSON.stringify({ ...options, headers: { ...options.headers, extra: 'yes' }, \
         url, body: String.fromCharCode(...options.body), signal: options.signal.aborted }))",
    );
    let transport = FetchTransport::calling(stand_in.unchecked_into());
    let headers = Headers::from_iter([("authorization", "Bearer t")]);
    let request =
        Request { method: Method::PUT, headers, body: Bytes::from_static(b"content"), ..get("/x/v2/") };
    let body = transport.send(request).await.unwrap().body.collect().await.unwrap();
    let expected = r#"{"method":"PUT","headers":{"authorization":"Bearer t","extra":"yes"},"cache":"no-store","credentials":"same-origin","signal":false,"body":"content","url":"/x/v2/"}"#;
    assert_eq!(std::str::from_utf8(&body).unwrap(), expected);
}

#[wasm_bindgen_test]
async fn a_stand_in_that_throws_or_gives_no_response_is_an_error_and_no_panic() {
    for function in ["() => { throw 'no' }", "async () => 1", "async () => { throw undefined }", "() => null"]
    {
        let transport = FetchTransport::calling(eval(function).unchecked_into());
        assert!(!transport.send(get("/")).await.unwrap_err().to_string().is_empty(), "{function}");
    }
}
