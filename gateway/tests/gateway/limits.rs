//! Bodies, heads, counts and time: what is over its bound is refused, and nothing waits for it.

use std::time::Duration;

use acr_gateway::config::Config;
use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Reply, Upstream, config, gateway, get, raw, send, status};

const SHORT: Duration = Duration::from_millis(80);

async fn rig(change: impl FnOnce(&mut Config)) -> (acr_gateway::RunningServer, Upstream) {
    let upstream = Upstream::start(|_| Reply::status("201 Created", "")).await;
    let mut config = config(&upstream.url());
    change(&mut config);
    (gateway(config).await, upstream)
}

#[tokio::test]
async fn a_body_announced_over_its_limit_is_413_and_never_sent_on() {
    let (server, upstream) = rig(|config| {
        config.limits.manifest_bytes = 10;
        config.limits.form_bytes = 5;
        config.limits.upload_bytes = 20;
    })
    .await;
    for (method, path, limit) in [
        ("PUT", "/v2/a/manifests/x", 10),
        ("PATCH", "/acr/v1/a", 5),
        ("POST", "/oauth2/token", 5),
        ("PATCH", "/v2/a/blobs/uploads/u", 20),
    ] {
        let request = |size| {
            Request::builder().method(method).uri(format!("/registries/demo{path}")).header("x-size", size)
        };
        let answer = send(&server, request(limit + 1), vec![b'x'; limit + 1]).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "GATEWAY_TOO_LARGE"), "{path}");
        assert_eq!(send(&server, request(limit), vec![b'x'; limit]).await.status, 201, "{path}");
    }
    assert_eq!(upstream.asked().len(), 4);
}

#[tokio::test]
async fn an_endless_body_is_413_at_its_limit() {
    let (server, upstream) = rig(|config| config.limits.upload_bytes = 100_000).await;
    let parts = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 1000])));
    let request = Request::patch("/registries/demo/v2/a/blobs/uploads/u");
    let answer = send(&server, request, Body::from_stream(parts)).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (413, "GATEWAY_TOO_LARGE"));
    assert_eq!(upstream.asked().len(), 0);
}

#[tokio::test]
async fn a_body_that_stops_arriving_is_408() {
    let (server, _upstream) = rig(|config| config.timeouts.client_idle = SHORT).await;
    let parts = stream::iter([Ok::<_, std::io::Error>(Bytes::from("beginning"))]).chain(stream::pending());
    let request = Request::patch("/registries/demo/v2/a/blobs/uploads/u");
    let answer = send(&server, request, Body::from_stream(parts)).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (408, "GATEWAY_CLIENT_TIMEOUT"));
}

#[tokio::test]
async fn heads_over_their_limits_are_refused() {
    let (server, upstream) = rig(|config| config.limits.target_bytes = 1000).await;
    let host = server.address();
    let head = format!("GET /registries/demo/v2/ HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    let many = format!("{head}{}\r\n", "x: y\r\n".repeat(200));
    assert_eq!(status(&raw(host, many.as_bytes()).await), 431);
    let big = format!("{head}x: {}\r\n\r\n", "y".repeat(100_000));
    assert_eq!(status(&raw(host, big.as_bytes()).await), 431);
    let long = format!("/registries/demo/v2/?{}", "y".repeat(1000));
    assert_eq!(get(&server, &long).await.code(), "GATEWAY_TARGET_TOO_LONG");
    assert_eq!(upstream.asked().len(), 0);
}

#[tokio::test]
async fn a_head_that_never_ends_is_let_go() {
    let (server, _upstream) = rig(|config| config.timeouts.client_head = SHORT).await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: ").await.unwrap();
    let mut answer = Vec::new();
    // Ends when the gateway closes; were it not to, the test would not end.
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(matches!(status(&String::from_utf8_lossy(&answer)), 0 | 408));
}

#[tokio::test]
async fn a_client_that_stops_reading_is_let_go() {
    let upstream = Upstream::start(|_| {
        Reply::Endless(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n".into(), vec![b'x'; 1 << 16])
    })
    .await;
    let mut config = config(&upstream.url());
    config.timeouts.client_idle = SHORT;
    let server = gateway(config).await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let head =
        format!("GET /registries/demo/v2/a/blobs/sha256:0 HTTP/1.1\r\nhost: {}\r\n\r\n", server.address());
    stream.write_all(head.as_bytes()).await.unwrap();
    // Nothing is read here; the gauge says when the gateway has let go.
    let in_flight = |text: &str| text.lines().any(|line| line == "acr_gateway_requests_in_flight 0");
    loop {
        let metrics = get(&server, "/metrics").await;
        let counted = metrics.text().contains("operation=\"Blob_Get\"");
        if counted && in_flight(metrics.text()) {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_client_at_its_bound_is_429_and_goes_on_when_an_answer_has_ended() {
    let upstream = Upstream::start(|asked| match asked.target() {
        "/v2/" => Reply::ok("", "{}"),
        _ => Reply::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".into()),
    })
    .await;
    let mut config = config(&upstream.url());
    config.limits.requests_per_client = 1;
    let server = gateway(config).await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let head =
        format!("GET /registries/demo/v2/a/blobs/sha256:0 HTTP/1.1\r\nhost: {}\r\n\r\n", server.address());
    stream.write_all(head.as_bytes()).await.unwrap();
    assert!(stream.read(&mut [0; 512]).await.unwrap() > 0);
    let answer = get(&server, "/registries/demo/v2/").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (429, "GATEWAY_TOO_MANY_REQUESTS"));
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(get(&server, "/config.json").await.status, 200);
    drop(stream);
    while get(&server, "/registries/demo/v2/").await.status != 200 {}
}

#[tokio::test]
async fn a_gateway_that_stops_says_so_before_it_stops_listening() {
    let (server, _upstream) = rig(|config| config.timeouts.drain = Duration::from_secs(3600)).await;
    assert_eq!(get(&server, "/readyz").await.text(), "ready\n");
    let address = server.address();
    let stopping = tokio::spawn(server.stop());
    let request = format!("GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    // Said as soon as the signal has arrived, which is soon.
    while status(&raw(address, request.as_bytes()).await) != 503 {}
    stopping.abort();
}

#[tokio::test]
async fn requests_in_flight_end_before_the_gateway_does() {
    let upstream =
        Upstream::start(|_| Reply::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf".into())).await;
    let mut config = config(&upstream.url());
    config.timeouts.upstream_idle = SHORT;
    let server = gateway(config).await;
    let address = server.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET /registries/demo/v2/a/blobs/sha256:0 HTTP/1.1\r\nhost: {address}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    let mut answer = vec![0; 512];
    let read = stream.read(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer[..read]).starts_with("HTTP/1.1 200"));
    // Resolves once the request above has ended, which here its upstream's silence does.
    server.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
    let mut rest = Vec::new();
    let _ = idle.read_to_end(&mut rest).await;
    assert!(rest.is_empty());
}

#[tokio::test]
async fn fields_over_their_number_are_refused_over_either_version() {
    let (server, upstream) = rig(|config| config.limits.headers = 20).await;
    for http2 in [false, true] {
        let client = Client::builder(TokioExecutor::new()).http2_only(http2).build_http::<Body>();
        // Over HTTP/1.1 the Host is one of them.
        let limit = if http2 { 20 } else { 19 };
        for (fields, expected) in [(limit, 201), (limit + 1, 431), (400, 431)] {
            let mut request = Request::get(format!("http://{}/registries/demo/v2/", server.address()));
            for number in 0..fields {
                request = request.header(format!("x-{number}"), "y");
            }
            let answer = client.request(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), expected, "HTTP/2: {http2}, {fields} fields");
        }
    }
    assert_eq!(upstream.asked().len(), 2);
}
