//! Requests whose shape two parties could read differently: refused, or read once and framed anew.

use crate::support::{Reply, get, raw, scripted, status};

/// Replaces the host and adds the head's end.
fn request(server: &acr_gateway::RunningServer, lines: &str, body: &str) -> Vec<u8> {
    format!("{lines}\r\n\r\n{body}").replace("HOST", &server.address().to_string()).into_bytes()
}

#[tokio::test]
async fn malformed_shapes_are_refused_before_any_registry_is_asked() {
    let (server, upstream) = scripted(|_| Reply::ok("", "{}")).await;
    let put = "PUT /registries/demo/v2/a/manifests/x HTTP/1.1\r\nhost: HOST";
    let get = "GET /registries/demo/v2/ HTTP/1.1";
    for lines in [
        format!("{put}\r\ncontent-length: 5\r\ncontent-length: 6"),
        format!("{put}\r\ncontent-length: 5, 6"),
        format!("{put}\r\ncontent-length: -1"),
        format!("{put}\r\ncontent-length: +5"),
        format!("{put}\r\ncontent-length: 5 5"),
        format!("{put}\r\ncontent-length: 0x5"),
        format!("{put}\r\ncontent-length: 99999999999999999999999"),
        format!("{put}\r\ntransfer-encoding: identity"),
        format!("{put}\r\ntransfer-encoding: chunked, identity"),
        format!("{put}\r\ntransfer-encoding: gzip, chunked"),
        format!("{put}\r\ntransfer-encoding: xchunked"),
        format!("{put}\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity"),
        format!("{put}\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked"),
        format!("{put}\r\ntransfer-encoding : chunked"),
        format!("{put}\r\n content-length: 5"),
        format!("{put}\r\nx: a\r\n b"),
        format!("{put}\r\nx y: a"),
        format!("{put}\r\n: a"),
        format!("{put}\r\nx: a\0b"),
        format!("{put}\r\nx: a\rb"),
        format!("{put}\r\nhost: HOST"),
        format!("{put}, HOST"),
        get.to_owned(),
        format!("{get}\r\nhost:"),
        format!("{get}\r\nhost: HOST/x"),
        format!("{get}\r\nhost: user@HOST"),
        "GET  /registries/demo/v2/ HTTP/1.1\r\nhost: HOST".to_owned(),
        "GET /registries/demo/v2/ x HTTP/1.1\r\nhost: HOST".to_owned(),
        "GET /registries/demo/v2/\0 HTTP/1.1\r\nhost: HOST".to_owned(),
        "GET registries/demo/v2/ HTTP/1.1\r\nhost: HOST".to_owned(),
        "GET /registries/demo/v2/ HTTP/9.9\r\nhost: HOST".to_owned(),
        "GET /registries/demo/v2/\r\nhost: HOST".to_owned(),
        "G@T /registries/demo/v2/ HTTP/1.1\r\nhost: HOST".to_owned(),
        "TRACE /registries/demo/v2/ HTTP/1.1\r\nhost: HOST".to_owned(),
        "GET /registries/demo/v2/ HTTP/1.1\r\nhost: HOST\r\ncontent-length: 5".to_owned(),
        "POST /registries/demo/oauth2/token HTTP/1.0\r\nhost: HOST\r\ntransfer-encoding: chunked".to_owned(),
    ] {
        let lines = format!("{lines}\r\nconnection: close");
        let answer = raw(server.address(), &request(&server, &lines, "hello")).await;
        // No answer at all is a refusal too, where the head was none.
        assert!(matches!(status(&answer), 0 | 400..500), "{lines:?}: {answer}");
    }
    assert_eq!(upstream.asked().len(), 0);
}

#[tokio::test]
async fn a_body_whose_end_is_doubtful_is_refused_and_ends_the_connection() {
    let (server, upstream) = scripted(|_| Reply::status("201 Created", "")).await;
    let first = "PUT /registries/demo/v2/a/manifests/first HTTP/1.1\r\nhost: HOST";
    let smuggled = "GET /registries/demo/v2/smuggled HTTP/1.1\r\nhost: HOST\r\n\r\n";
    let lines = "GET /registries/demo/v2/#/x HTTP/1.1\r\nhost: HOST";
    let answer = raw(server.address(), &request(&server, lines, smuggled)).await;
    assert_eq!((status(&answer), answer.matches("HTTP/1.1 ").count()), (400, 1), "{answer}");
    for fields in [
        "content-length: 4\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 4",
        "Content-Length: 4\r\nx: y\r\nTRANSFER-ENCODING: Chunked",
        "content-length: 5\r\ncontent-length: 5",
        "transfer-encoding: chunked, chunked",
        "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
        "transfer-encoding: gzip, chunked",
    ] {
        let lines = format!("PUT /registries/demo/v2/a/manifests/x HTTP/1.1\r\nhost: HOST\r\n{fields}");
        let body = format!("5\r\nhello\r\n0\r\n\r\n{smuggled}");
        let answer = raw(server.address(), &request(&server, &lines, &body)).await;
        assert_eq!((status(&answer), answer.matches("HTTP/1.1 ").count()), (400, 1), "{answer}");
        assert!(answer.contains("GATEWAY_BAD_REQUEST"), "{answer}");
        assert!(answer.to_ascii_lowercase().contains("\r\nconnection: close\r\n"), "{answer}");
        assert!(answer.contains("x-content-type-options: nosniff"), "{answer}");
    }
    assert_eq!(upstream.asked().len(), 0);
    // Requests before it on the same connection are answered, however their bodies are framed.
    let before = format!(
        "{first}\r\ntransfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n{first}\r\ncontent-length: 5\r\n\r\nhello{first}"
    );
    let lines = format!("{before}\r\ncontent-length: 4\r\ntransfer-encoding: chunked");
    let answer = raw(server.address(), &request(&server, &lines, "5\r\nhello\r\n0\r\n\r\n")).await;
    let statuses: Vec<_> = answer.split("HTTP/1.1 ").skip(1).map(|rest| &rest[..3]).collect();
    assert_eq!(statuses, ["201", "201", "400"], "{answer}");
    assert!(upstream.asked().iter().all(|asked| asked.body == b"hello"));
    assert_eq!(upstream.asked().len(), 2);
}

#[tokio::test]
async fn invalid_chunks_end_the_request_and_the_connection() {
    let (server, upstream) = scripted(|_| Reply::status("201 Created", "")).await;
    let lines = "PUT /registries/demo/v2/a/manifests/x HTTP/1.1\r\nhost: HOST\r\ntransfer-encoding: chunked";
    for body in [
        "zz\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "5hello",
        "ffffffffffffffffff\r\nx",
        "5\r\nhelloworld\r\n0\r\n\r\n",
    ] {
        let answer = raw(server.address(), &request(&server, lines, body)).await;
        assert!(matches!(status(&answer), 0 | 400), "{body:?}: {answer}");
    }
    // The upstream may have been given a beginning, but never a whole request.
    assert!(upstream.asked().is_empty(), "{:?}", upstream.asked());
}

#[tokio::test]
async fn connections_that_speak_no_http_are_counted() {
    let (server, _upstream) = scripted(|_| Reply::ok("", "{}")).await;
    let answer = raw(server.address(), b"garbage\r\n\r\n").await;
    assert!(matches!(status(&answer), 0 | 400), "{answer}");
    let counted = async {
        let mut pause = tokio::time::interval(std::time::Duration::from_millis(5));
        // The connection is closed before it is counted.
        while !get(&server, "/metrics").await.text().contains("acr_gateway_connections_ended_early_total 1\n")
        {
            pause.tick().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), counted).await.unwrap();
}

#[tokio::test]
async fn trailers_are_not_passed_on() {
    let (server, upstream) = scripted(|_| Reply::status("201 Created", "")).await;
    let lines = "PUT /registries/demo/v2/a/manifests/x HTTP/1.1\r\nhost: HOST\r\ntransfer-encoding: chunked\r\ntrailer: authorization\r\nconnection: close";
    let body = "5\r\nhello\r\n0\r\nauthorization: Bearer smuggled\r\n\r\n";
    let answer = raw(server.address(), &request(&server, lines, body)).await;
    assert_eq!(status(&answer), 201);
    let asked = upstream.only();
    assert_eq!(
        (asked.header("authorization"), asked.header("trailer"), asked.body.as_slice()),
        (None, None, b"hello".as_slice())
    );
}

#[tokio::test]
async fn hostile_paths_are_refused_in_every_position() {
    let (server, upstream) = scripted(|_| Reply::ok("", "{}")).await;
    for part in [
        "..",
        ".",
        "%2e%2e",
        "%2E%2E",
        ".%2e",
        "%2e",
        "x%2f..%2fy",
        "..%2f",
        "%2f",
        "%2F%2F",
        "%00",
        "a%00b",
        "%0d%0a",
        "%5c",
        "\\",
        "..%5c",
        "..;",
        ";x",
        "%252e%252e",
        "%252f",
        "%c0%ae%c0%ae",
        "%e0%80%ae",
        "%ff",
        "%",
        "%2",
        "%zz",
        "%u002e",
        "%7f",
        "\u{e9}",
    ] {
        for path in [
            format!("/registries/demo/{part}/v2/"),
            format!("/registries/demo/v2/{part}/manifests/latest"),
            format!("/registries/demo/v2/a/{part}/manifests/latest"),
            format!("/registries/demo/v2/a/manifests/{part}/x"),
            format!("/registries/demo/acr/v1/{part}/_tags"),
            format!("/registries/demo/acr/v1/a/_tags/{part}/x"),
            format!("/registries/demo/acr/{part}/v1/a"),
            format!("/registries/demo/oauth2/{part}/token"),
            format!("/registries/{part}/v2/"),
        ] {
            let lines = format!("GET {path} HTTP/1.1\r\nhost: HOST\r\nconnection: close");
            let answer = raw(server.address(), &request(&server, &lines, "")).await;
            assert!(matches!(status(&answer), 400 | 404), "{path}: {answer}");
        }
    }
    assert_eq!(upstream.asked().len(), 0);
}
