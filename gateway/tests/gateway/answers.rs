//! Answers that break, contradict themselves, or never come on a connection that was idle.

use axum::body::Body;
use http::Request;

use crate::support::{Reply, get, scripted, send};

const BLOB: &str = "/registries/demo/v2/a/blobs/sha256:0";

#[tokio::test]
async fn a_body_that_breaks_before_its_first_bytes_is_502() {
    for rest in ["zz\r\n", "", "ffffffffffffffffff\r\n"] {
        let bytes = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{rest}");
        let (server, _upstream) = scripted(move |_| Reply::Close(bytes.clone().into())).await;
        let answer = get(&server, BLOB).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (502, "GATEWAY_UPSTREAM_BROKEN"),
            "{rest:?}"
        );
    }
    let (server, _upstream) =
        scripted(|_| Reply::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n".into())).await;
    assert_eq!(get(&server, BLOB).await.code(), "GATEWAY_UPSTREAM_BROKEN");
}

#[tokio::test]
async fn an_empty_body_is_no_broken_one() {
    let (server, _upstream) =
        scripted(|_| Reply::Bytes(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n".into()))
            .await;
    let answer = get(&server, BLOB).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
}

#[tokio::test]
async fn a_length_next_to_chunks_is_not_the_bodys() {
    for length in [5, 20, 50] {
        let bytes = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\ntransfer-encoding: chunked\r\n\r\n14\r\n{}\r\n0\r\n\r\n",
            "z".repeat(20)
        );
        let (server, _upstream) = scripted(move |_| Reply::Bytes(bytes.clone().into())).await;
        let answer = get(&server, BLOB).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 20), "{length}");
        assert_eq!(answer.header("content-length"), "", "{length}");
    }
}

#[tokio::test]
async fn an_answer_whose_length_or_coding_is_doubtful_is_broken() {
    for fields in [
        "content-length: 2\r\ncontent-length: 3",
        "content-length: 2, 3",
        "content-length: abc",
        "transfer-encoding: gzip, chunked",
    ] {
        let bytes = format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n");
        let (server, _upstream) = scripted(move |_| Reply::Bytes(bytes.clone().into())).await;
        for method in ["GET", "HEAD"] {
            let request = Request::builder().method(method).uri(BLOB);
            let answer = send(&server, request, Body::empty()).await;
            assert_eq!(answer.status, 502, "{method} {fields}");
        }
    }
}

#[tokio::test]
async fn a_request_on_an_idle_connection_that_closes_is_sent_again() {
    // Each connection answers one request and closes as the next one arrives.
    let (server, upstream) = scripted(|asked| match asked.number {
        1 => Reply::ok("", "{}"),
        _ => Reply::Close(Vec::new()),
    })
    .await;
    let mut sent = 0;
    for (method, path, body) in [
        ("GET", "/v2/", ""),
        ("PATCH", "/v2/a/blobs/uploads/u", "layers"),
        ("POST", "/oauth2/token", "grant_type=password"),
        ("DELETE", "/acr/v1/a/_tags/1", ""),
        ("HEAD", "/v2/a/blobs/sha256:0", ""),
        ("PUT", "/v2/a/manifests/1", "{}"),
    ] {
        for _ in 0..20 {
            let request = Request::builder().method(method).uri(format!("/registries/demo{path}"));
            let answer = send(&server, request, body).await;
            assert_eq!(answer.status, 200, "{method}: {}", answer.text());
            sent += 1;
        }
    }
    let again = upstream.asked().len() - sent;
    assert!(again >= sent / 3, "{again} of {sent} met a connection that closed");
    assert!(upstream.asked().iter().all(|asked| !asked.head.starts_with("PATCH") || asked.body == b"layers"));
}

#[tokio::test]
async fn a_request_that_a_new_connection_swallows_is_not_sent_again() {
    let (server, upstream) = scripted(|_| Reply::Close(Vec::new())).await;
    let answer = send(&server, Request::delete("/registries/demo/acr/v1/a/_tags/1"), Body::empty()).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, "GATEWAY_UPSTREAM_BROKEN"));
    assert_eq!(upstream.asked().len(), 1);
}

#[tokio::test]
async fn a_request_that_was_answered_in_part_is_not_sent_again() {
    let (server, upstream) = scripted(|asked| match asked.number {
        1 => Reply::ok("", "{}"),
        _ => Reply::Close(b"HTTP/1.1 202 Acc".into()),
    })
    .await;
    assert_eq!(get(&server, "/registries/demo/v2/").await.status, 200);
    let answer = send(&server, Request::delete("/registries/demo/acr/v1/a/_tags/1"), Body::empty()).await;
    assert_eq!(answer.status, 502);
    assert_eq!(upstream.asked().iter().filter(|asked| asked.head.starts_with("DELETE")).count(), 1);
}

#[tokio::test]
async fn no_kind_of_redirect_reaches_a_client() {
    for line in [
        "300 Multiple Choices",
        "301 Moved",
        "302 Found",
        "303 See Other",
        "305 Use Proxy",
        "306 Unused",
        "308 Moved",
    ] {
        let (server, _upstream) =
            scripted(move |_| Reply::status(line, "location: https://evil.example/\r\n")).await;
        for path in ["/registries/demo/v2/", BLOB] {
            let answer = get(&server, path).await;
            assert_eq!(answer.code(), "GATEWAY_REDIRECT_REFUSED", "{line} {path}");
            assert_eq!(answer.header("location"), "");
        }
    }
    let (server, _upstream) = scripted(|_| Reply::status("304 Not Modified", "etag: \"e\"\r\n")).await;
    assert_eq!(get(&server, "/registries/demo/v2/").await.status, 304);
}
