//! Upstreams that are gone, hang, reset, answer garbage or never end: each its status, and the gateway goes on.

use std::time::Duration;

use acr_gateway::RunningServer;
use axum::body::Body;
use http::Request;

use crate::support::{Reply, Upstream, config, gateway, get, registry, try_send};

const SHORT: Duration = Duration::from_millis(80);

async fn impatient(
    script: impl Fn(&crate::support::Asked) -> Reply + Send + Sync + 'static,
) -> (RunningServer, Upstream) {
    let upstream = Upstream::start(script).await;
    let mut config = config(&upstream.url());
    config.timeouts.upstream_head = SHORT;
    config.timeouts.upstream_idle = SHORT;
    config.limits.response_bytes = 64 << 10;
    (gateway(config).await, upstream)
}

async fn is_alive(server: &RunningServer) {
    assert_eq!(get(server, "/healthz").await.text(), "ok\n");
}

#[tokio::test]
async fn a_registry_that_is_gone_is_502() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let server = gateway(config(&url)).await;
    let answer = get(&server, "/registries/demo/v2/").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, "GATEWAY_UPSTREAM_UNREACHABLE"));
    assert!(answer.text().contains("demo.azurecr.io"));
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_502_and_says_so() {
    let mut config = config("http://127.0.0.1:1");
    config.registries = vec![registry("http://nobody.invalid")];
    let answer = get(&gateway(config).await, "/registries/demo/v2/").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, "GATEWAY_UPSTREAM_NAME"));
}

#[tokio::test]
async fn storage_that_does_not_resolve_is_said_to_be_the_storage() {
    let upstream = Upstream::start(|_| {
        Reply::status("307 Temporary Redirect", "location: http://storage.invalid/secret?sig=secret\r\n")
    })
    .await;
    let mut config = config(&upstream.url());
    config.registries[0].storage_hosts.push("http://storage.invalid".parse().unwrap());
    let answer = get(&gateway(config).await, "/registries/demo/v2/a/blobs/sha256:0").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, "GATEWAY_UPSTREAM_NAME"));
    assert!(
        answer.text().contains("storage.invalid") && !answer.text().contains("secret"),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn a_registry_that_says_nothing_is_504() {
    let (server, _upstream) = impatient(|_| Reply::Hang(Vec::new())).await;
    let answer = get(&server, "/registries/demo/v2/").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (504, "GATEWAY_UPSTREAM_TIMEOUT"));
    is_alive(&server).await;
}

#[tokio::test]
async fn a_registry_that_closes_or_answers_garbage_is_502() {
    for bytes in [
        "",
        "garbage\r\n\r\n",
        "HTTP/1.1 200",
        "HTTP/1.1 xyz OK\r\n\r\n",
        "\0\0\0\0\0\0\0\0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbroken",
        "HTTP/1.1 200 OK\r\nx y: z\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
    ] {
        let (server, _upstream) = impatient(move |_| Reply::Close(bytes.into())).await;
        let answer = get(&server, "/registries/demo/v2/").await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (502, "GATEWAY_UPSTREAM_BROKEN"),
            "{bytes:?}"
        );
        is_alive(&server).await;
    }
}

#[tokio::test]
async fn an_answer_cut_short_reaches_the_client_as_cut_short() {
    for head in ["content-length: 100\r\n\r\nhalf", "transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n"] {
        let bytes = format!("HTTP/1.1 200 OK\r\n{head}");
        let (server, _upstream) = impatient(move |_| Reply::Close(bytes.clone().into())).await;
        let request = Request::get("/registries/demo/v2/a/blobs/sha256:0").body(Body::empty()).unwrap();
        assert!(try_send(&server, request).await.is_err(), "{head}");
        is_alive(&server).await;
    }
}

#[tokio::test]
async fn an_answer_that_falls_silent_is_ended() {
    let (server, _upstream) =
        impatient(|_| Reply::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".into())).await;
    let request = Request::get("/registries/demo/v2/a/blobs/sha256:0").body(Body::empty()).unwrap();
    assert!(try_send(&server, request).await.is_err());
    is_alive(&server).await;
}

#[tokio::test]
async fn endless_answers_are_ended() {
    let endless_head = Reply::Endless as fn(Vec<u8>, Vec<u8>) -> Reply;
    let (server, _upstream) = impatient(move |asked| match asked.target() {
        "/v2/" => endless_head(b"HTTP/1.1 200 OK\r\n".into(), b"x: y\r\n".repeat(100)),
        _ => Reply::Endless(
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".into(),
            b"4\r\nmore\r\n".repeat(4096),
        ),
    })
    .await;
    assert_eq!(get(&server, "/registries/demo/v2/").await.code(), "GATEWAY_UPSTREAM_BROKEN");
    let request = Request::get("/registries/demo/acr/v1/_catalog").body(Body::empty()).unwrap();
    assert!(try_send(&server, request).await.is_err());
    is_alive(&server).await;
}

#[tokio::test]
async fn an_answer_announced_over_its_limit_is_502_before_it_is_read() {
    let (server, _upstream) =
        impatient(|_| Reply::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n".into())).await;
    assert_eq!(get(&server, "/registries/demo/acr/v1/_catalog").await.code(), "GATEWAY_UPSTREAM_TOO_LARGE");
}

#[tokio::test]
async fn a_connection_that_died_while_it_was_idle_is_not_the_clients_problem() {
    let (server, upstream) =
        impatient(|_| Reply::Close(Vec::from("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"))).await;
    for _ in 0..20 {
        assert_eq!(get(&server, "/registries/demo/v2/").await.status, 200);
    }
    assert!(upstream.asked().len() >= 20);
}

#[tokio::test]
async fn a_registry_that_is_silent_in_tls_is_not_reached_in_time() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = config(&format!("https://{}", listener.local_addr().unwrap()));
    config.timeouts.connect = SHORT;
    let server = gateway(config).await;
    let (answer, accepted) = tokio::join!(get(&server, "/registries/demo/v2/"), listener.accept());
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (504, "GATEWAY_UPSTREAM_TIMEOUT"));
    assert!(answer.text().contains("cannot be reached in time"), "{}", answer.text());
    drop(accepted);
}
