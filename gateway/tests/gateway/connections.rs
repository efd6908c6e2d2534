//! Connections that say nothing, half of something, or read nothing: each ends within its limit, and health checks are answered meanwhile.

use std::time::Duration;

use acr_gateway::RunningServer;
use acr_gateway::config::Config;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Reply, Upstream, config, gateway, get, raw, status, until};
use crate::tls::certificate;

const SHORT: Duration = Duration::from_millis(80);

async fn rig(change: impl FnOnce(&mut Config)) -> (RunningServer, Upstream) {
    let upstream = Upstream::start(|_| Reply::ok("", "{}").into_status("401 Unauthorized")).await;
    let mut config = config(&upstream.url());
    change(&mut config);
    (gateway(config).await, upstream)
}

/// Reads until the other side closes; were it not to, the test would not end.
async fn is_closed(mut stream: impl AsyncRead + Unpin) {
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
}

#[tokio::test]
async fn a_client_that_says_nothing_or_half_a_preface_is_let_go() {
    let (server, _upstream) = rig(|config| config.timeouts.client_head = SHORT).await;
    for beginning in
        ["", "P", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /", "\r\n"]
    {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        is_closed(stream).await;
    }
}

#[tokio::test]
async fn a_client_that_says_nothing_within_or_after_a_tls_handshake_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let files = certificate(folder.path());
    let of_server = files.clone();
    let (server, _upstream) = rig(|config| {
        config.timeouts.client_head = SHORT;
        config.tls = Some(of_server);
    })
    .await;
    is_closed(TcpStream::connect(server.address()).await.unwrap()).await;
    let mut roots = rustls::RootCertStore::empty();
    use rustls::pki_types::pem::PemObject;
    roots.add(rustls::pki_types::CertificateDer::from_pem_file(&files.certificate).unwrap()).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(tls));
    let stream = TcpStream::connect(server.address()).await.unwrap();
    is_closed(connector.connect("localhost".try_into().unwrap(), stream).await.unwrap()).await;
}

#[tokio::test]
async fn health_checks_are_answered_when_one_address_holds_all_connections() {
    let (server, _upstream) = rig(|config| config.limits.connections = 50).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(server.address()).await.unwrap());
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(get(&server, path).await.status, 200, "{path}");
    }
    // Everything else is refused, rather than left waiting.
    let answer = get(&server, "/config.json").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "GATEWAY_BUSY"));
    drop(silent);
    until(|| async { get(&server, "/config.json").await.status == 200 }).await;
}

#[tokio::test]
async fn a_bound_on_connections_of_one_address_can_be_set() {
    let (server, _upstream) = rig(|config| config.limits.connections_per_client = Some(1)).await;
    let held = TcpStream::connect(server.address()).await.unwrap();
    assert_eq!(get(&server, "/config.json").await.status, 503);
    drop(held);
    until(|| async { get(&server, "/config.json").await.status == 200 }).await;
}

/// An HTTP/2 frame.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A header field that no table holds (RFC 7541 section 6.2.2).
fn field(name: &str, value: &str) -> Vec<u8> {
    let mut field = vec![0, u8::try_from(name.len()).unwrap()];
    field.extend(name.as_bytes());
    field.push(u8::try_from(value.len()).unwrap());
    field.extend(value.as_bytes());
    field
}

/// The beginning of a connection over HTTP/2 with a window of so many bytes for each answer, and so many requests for a path.
fn requests(server: &RunningServer, window: u8, count: u32, path: &str) -> Vec<u8> {
    // SETTINGS_INITIAL_WINDOW_SIZE.
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend(frame(4, 0, 0, &[0, 4, 0, 0, 0, window]));
    let host = server.address().to_string();
    let head: Vec<u8> =
        [field(":method", "GET"), field(":scheme", "http"), field(":authority", &host), field(":path", path)]
            .concat();
    for number in 0..count {
        bytes.extend(frame(1, 5, 1 + 2 * number, &head));
    }
    bytes
}

#[tokio::test]
async fn answers_for_an_http_2_window_that_is_closed_or_of_a_byte_are_given_up() {
    for window in [0, 1] {
        are_given_up(window).await;
    }
}

async fn are_given_up(window: u8) {
    const STREAMS: u32 = 10;
    let (server, upstream) = rig(|config| {
        config.timeouts.client_idle = SHORT;
        config.limits.requests = STREAMS as usize;
    })
    .await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(&requests(&server, window, STREAMS, "/registries/demo/v2/")).await.unwrap();
    until(|| async { upstream.asked().len() == STREAMS as usize }).await;
    let idle = "acr_gateway_requests_in_flight 0\n";
    until(|| async { get(&server, "/metrics").await.text().contains(idle) }).await;
    assert_eq!(get(&server, "/registries/demo/v2/").await.status, 401);
    // Nothing is left on the connection but answers that were given up. Its pings are not answered here either.
    is_closed(stream).await;
}

#[tokio::test]
async fn another_time_for_clients_that_do_not_read_holds_for_answers_that_are_open() {
    let (server, upstream) = rig(|_| {}).await;
    let mut config = config(&upstream.url());
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(&requests(&server, 0, 1, "/registries/demo/v2/")).await.unwrap();
    until(|| async { upstream.asked().len() == 1 }).await;
    config.timeouts.client_idle = SHORT;
    server.reloader().reload(config).unwrap();
    is_closed(stream).await;
}

#[tokio::test]
async fn an_http_2_connection_that_asks_for_nothing_more_is_let_go() {
    let (server, _upstream) = rig(|config| config.timeouts.client_head = SHORT).await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(&requests(&server, 255, 1, "/healthz")).await.unwrap();
    is_closed(stream).await;
}

#[tokio::test]
async fn one_answer_that_is_not_read_ends_no_connection_with_a_request_under_way() {
    let never = std::sync::Arc::new(tokio::sync::Notify::new());
    let of_script = never.clone();
    let upstream = Upstream::start(move |asked| match asked.target() {
        "/v2/slow" => Reply::After(of_script.clone(), b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
        _ => Reply::ok("", "{}"),
    })
    .await;
    let mut config = config(&upstream.url());
    config.timeouts.client_idle = SHORT;
    let server = gateway(config).await;
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let mut bytes = requests(&server, 0, 1, "/registries/demo/v2/");
    let slow = requests(&server, 0, 2, "/registries/demo/v2/slow");
    // Of the second beginning its last request alone, which is the second of the connection.
    bytes.extend(&slow[requests(&server, 0, 1, "/registries/demo/v2/slow").len()..]);
    stream.write_all(&bytes).await.unwrap();
    let in_flight = "acr_gateway_requests_in_flight 1\n";
    until(|| async {
        upstream.asked().len() == 2 && get(&server, "/metrics").await.text().contains(in_flight)
    })
    .await;
    never.notify_one();
    // The answer to the second: its head needs no window.
    let mut seen = Vec::new();
    let mut part = [0; 1024];
    while !seen.windows(9).any(|window| window[3] == 1 && window[8] == 3) {
        let read = stream.read(&mut part).await.unwrap();
        assert!(read > 0, "the connection was ended");
        seen.extend_from_slice(&part[..read]);
    }
}

#[tokio::test]
async fn a_connection_that_only_has_room_for_health_checks_is_not_kept_over_http_2() {
    let (server, _upstream) = rig(|config| config.limits.connections_per_client = Some(1)).await;
    let _held = TcpStream::connect(server.address()).await.unwrap();
    assert_eq!(get(&server, "/healthz").await.status, 200);
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    stream.write_all(&requests(&server, 255, 1, "/healthz")).await.unwrap();
    is_closed(stream).await;
}

#[tokio::test]
async fn a_refusal_reaches_a_client_that_is_still_sending() {
    let (server, upstream) = rig(|_| {}).await;
    let body = vec![b'x'; 8 << 20];
    for (length, path, expected) in [
        (format!("content-length: {}", body.len()), "/registries/demo/v2/a/manifests/x", 413),
        (format!("content-length: {}", body.len()), "/registries/nobody/v2/a/manifests/x", 404),
    ] {
        let host = server.address();
        let mut request =
            format!("PUT {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{length}\r\n\r\n")
                .into_bytes();
        request.extend(&body);
        let mut stream = TcpStream::connect(host).await.unwrap();
        // All of it is taken: a client that sends before it reads is not cut off.
        stream.write_all(&request).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert_eq!(status(&String::from_utf8_lossy(&answer)), expected, "{path}");
    }
    assert!(upstream.asked().is_empty());
}

#[tokio::test]
async fn a_client_that_waits_to_be_asked_for_its_body_is_refused_without_it() {
    let (server, _upstream) = rig(|_| {}).await;
    let host = server.address();
    let request = format!(
        "PUT /registries/demo/v2/a/manifests/x HTTP/1.1\r\nhost: {host}\r\nexpect: 100-continue\r\ncontent-length: 99999999\r\n\r\n"
    );
    let answer = raw(host, request.as_bytes()).await;
    assert_eq!(status(&answer), 413, "{answer}");
}
