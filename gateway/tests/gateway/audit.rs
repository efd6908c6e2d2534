//! Writes are on record whatever happens to their clients, their connections and the process.

use std::sync::Arc;

use axum::body::Body;
use http::Request;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::binary::Running;
use crate::support::{Reply, Upstream, raw, status, until};

const ACCEPTED: &[u8] =
    b"HTTP/1.1 202 Accepted\r\nx-ms-correlation-request-id: theirs\r\ncontent-length: 0\r\n\r\n";

/// A registry that answers each write once a test lets it, and a gateway whose identity may delete there.
struct Rig {
    gate: Arc<Notify>,
    upstream: Upstream,
    gateway: Running,
}

impl Rig {
    async fn start(more: &[&str]) -> Self {
        let gate = Arc::new(Notify::new());
        let of_script = Arc::clone(&gate);
        let upstream = Upstream::start(move |asked| match asked.target() {
            "/oauth2/token" => Reply::ok("", r#"{"access_token":"t"}"#),
            _ => Reply::After(Arc::clone(&of_script), ACCEPTED.to_vec()),
        })
        .await;
        let url = format!("em={}", upstream.url());
        let flags = ["serve", "--port", "0", "--log-format", "json", "--registry", &url]
            .into_iter()
            .chain(["--registry-identity", "em=anonymous", "--registry-allow", "em=delete,push"])
            .chain(["--user-header", "X-Forwarded-User", "--trusted-proxies", "127.0.0.0/8"])
            .chain(more.iter().copied())
            .collect::<Vec<_>>();
        let gateway = Running::start(&flags, &[]);
        Self { gate, upstream, gateway }
    }

    fn delete(&self) -> String {
        let host = self.gateway.address();
        format!(
            "DELETE /registries/em/v2/a/manifests/sha256:0 HTTP/1.1\r\nhost: {host}\r\nx-forwarded-user: jane\r\n\r\n"
        )
    }

    fn writes(&self) -> usize {
        self.upstream.asked().iter().filter(|asked| asked.head.starts_with("DELETE")).count()
    }

    /// Waits until the registry has had so many writes.
    async fn had(&self, writes: usize) {
        until(|| async { self.writes() == writes }).await;
    }

    /// Waits until so many writes are counted with the registry's answer.
    async fn counted(&self, writes: usize) {
        let line = format!("operation=\"Manifests_Delete\",status=\"202\"}} {writes}");
        until(|| async { self.gateway.get("/metrics", "").await.contains(&line) }).await;
    }
}

/// The lines of a target in a log.
fn lines(log: &str, target: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["target"] == target).collect()
}

#[tokio::test]
async fn a_log_without_a_reader_stops_writes_alone() {
    let rig = Rig::start(&["--log-level", "debug"]).await;
    // Nothing reads the pipe that the gateway logs to, which holds 64 KiB.
    let path = format!("/registries/em/v2/{}/tags/list", "a".repeat(200));
    for _ in 0..300 {
        rig.gateway.get(&path, "authorization: Bearer x\r\n").await;
    }
    for _ in 0..2 {
        let delete = rig.delete().replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
        let answer = raw(rig.gateway.address(), delete.as_bytes());
        let (answer, health) = tokio::join!(answer, rig.gateway.get("/healthz", ""));
        assert_eq!(status(&health), 200);
        assert!(status(&answer) == 503 && answer.contains("GATEWAY_AUDIT"), "{answer}");
    }
    assert_eq!(rig.writes(), 0);
}

#[tokio::test]
async fn a_write_whose_client_leaves_is_recorded_with_the_registrys_answer() {
    let rig = Rig::start(&[]).await;
    for number in 1..=5 {
        let mut client = TcpStream::connect(rig.gateway.address()).await.unwrap();
        client.write_all(rig.delete().as_bytes()).await.unwrap();
        rig.had(number).await;
        if number % 2 == 0 {
            // Closing it is a reset then.
            client.set_zero_linger().unwrap();
        }
    }
    for _ in 0..5 {
        rig.gate.notify_one();
    }
    rig.counted(5).await;
    let (_, log) = rig.gateway.stop();
    let (intents, outcomes) = (lines(&log, "acr_gateway::audit::intent"), lines(&log, "acr_gateway::audit"));
    assert_eq!((intents.len(), outcomes.len()), (5, 5), "{log}");
    assert!(outcomes.iter().all(|line| line["status"] == 202 && line["user"] == "jane"), "{log}");
    assert!(outcomes.iter().all(|line| line["correlation_id"] == "theirs"), "{log}");
    let ids = |lines: &[Value]| {
        let mut ids: Vec<String> = lines.iter().map(|line| line["request_id"].to_string()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&intents), ids(&outcomes));
    assert_eq!(lines(&log, "acr_gateway::access").len(), 5, "{log}");
}

#[tokio::test]
async fn a_write_whose_http_2_stream_is_reset_is_recorded_with_the_registrys_answer() {
    let rig = Rig::start(&[]).await;
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http::<Body>();
    let uri = format!("{}/registries/em/v2/a/manifests/sha256:0", rig.gateway.url);
    let request = Request::delete(uri).header("x-forwarded-user", "jane").body(Body::empty()).unwrap();
    let pending = tokio::spawn(client.request(request));
    rig.had(1).await;
    pending.abort();
    assert!(pending.await.unwrap_err().is_cancelled());
    rig.gate.notify_one();
    rig.counted(1).await;
    // The client's connection is closed on this thread meanwhile.
    let gateway = rig.gateway;
    let (_, log) = tokio::task::spawn_blocking(move || gateway.stop()).await.unwrap();
    assert_eq!(lines(&log, "acr_gateway::audit")[0]["status"], 202, "{log}");
}

#[tokio::test]
async fn a_write_is_on_record_before_the_registry_answers() {
    let rig = Rig::start(&["--timeouts-shutdown", "1"]).await;
    let mut client = TcpStream::connect(rig.gateway.address()).await.unwrap();
    client.write_all(rig.delete().as_bytes()).await.unwrap();
    rig.had(1).await;
    let (code, log) = rig.gateway.stop();
    assert_eq!(code, 0);
    assert_eq!(lines(&log, "acr_gateway::audit::intent").len(), 1, "{log}");
    let outcomes = lines(&log, "acr_gateway::audit");
    assert_eq!((outcomes.len(), &outcomes[0]["code"]), (1, &"GATEWAY_OUTCOME_UNKNOWN".into()), "{log}");
    assert_eq!(lines(&log, "acr_gateway::access").len(), 1, "{log}");
}

#[tokio::test]
async fn a_gateway_that_stops_waits_for_writes_whose_clients_left() {
    let rig = Rig::start(&[]).await;
    let mut client = TcpStream::connect(rig.gateway.address()).await.unwrap();
    client.write_all(rig.delete().as_bytes()).await.unwrap();
    rig.had(1).await;
    drop(client);
    let (gate, upstream) = (rig.gate, rig.upstream);
    let gateway = rig.gateway;
    let stopping = tokio::task::spawn_blocking(move || gateway.stop());
    gate.notify_one();
    let (_, log) = stopping.await.unwrap();
    assert_eq!(lines(&log, "acr_gateway::audit")[0]["status"], 202, "{log}");
    drop(upstream);
}

#[tokio::test]
async fn a_read_whose_client_leaves_has_an_access_line_too() {
    let rig = Rig::start(&[]).await;
    let mut client = TcpStream::connect(rig.gateway.address()).await.unwrap();
    let read = rig.delete().replace("DELETE", "GET");
    client.write_all(read.as_bytes()).await.unwrap();
    until(|| async { rig.upstream.asked().iter().any(|asked| asked.head.starts_with("GET")) }).await;
    drop(client);
    let line = "operation=\"Manifests_Get\",status=\"499\"} 1";
    until(|| async { rig.gateway.get("/metrics", "").await.contains(line) }).await;
    let (_, log) = rig.gateway.stop();
    let access = lines(&log, "acr_gateway::access");
    assert_eq!((&access[0]["code"], &access[0]["aborted"]), (&"GATEWAY_CLIENT_GONE".into(), &true.into()));
    assert!(lines(&log, "acr_gateway::audit").is_empty(), "{log}");
}

#[tokio::test]
async fn a_write_that_is_refused_has_an_outcome_and_no_intent() {
    let rig = Rig::start(&[]).await;
    let untag = rig
        .delete()
        .replace("/v2/a/manifests/sha256:0", "/acr/v1/a/_tags/1")
        .replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
    assert_eq!(status(&raw(rig.gateway.address(), untag.as_bytes()).await), 403);
    let (_, log) = rig.gateway.stop();
    assert!(lines(&log, "acr_gateway::audit::intent").is_empty(), "{log}");
    assert_eq!(lines(&log, "acr_gateway::audit")[0]["code"], "GATEWAY_FORBIDDEN", "{log}");
}

#[tokio::test]
async fn no_log_level_turns_the_audit_log_off() {
    for level in [
        "off",
        "info,acr_gateway::audit=off",
        "info,acr_gateway::audit::intent=off",
        "acr_gateway::audit[{user}]=off,acr_gateway::audit::intent[{user}]=off",
    ] {
        let rig = Rig::start(&["--log-level", level]).await;
        rig.gate.notify_one();
        let delete = rig.delete().replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
        assert_eq!(status(&raw(rig.gateway.address(), delete.as_bytes()).await), 202);
        let (_, log) = rig.gateway.stop();
        assert_eq!(lines(&log, "acr_gateway::audit::intent").len(), 1, "{level}: {log}");
        assert_eq!(lines(&log, "acr_gateway::audit").len(), 1, "{level}: {log}");
    }
}

#[tokio::test]
async fn uploads_and_mounts_are_recorded_with_all_that_they_name() {
    let rig = Rig::start(&[]).await;
    let address = rig.gateway.address();
    let mut expected = Vec::new();
    for (request, operation, named) in [
        (
            "POST /v2/a/blobs/uploads/?mount=sha256:1&from=b%2Fc",
            "Blob_Mount",
            json!([null, "sha256:1", "b/c"]),
        ),
        ("POST /v2/a/blobs/uploads/?%6dount=sha256:1&fr%6Fm=b", "Blob_Mount", json!([null, "sha256:1", "b"])),
        ("POST /v2/a/blobs/uploads/", "Blob_StartUpload", json!([null, null, null])),
        ("POST /v2/a/blobs/uploads/?digest=sha256:2", "Blob_StartUpload", json!([null, "sha256:2", null])),
        ("PATCH /v2/a/blobs/uploads/u1?_state=secret", "Blob_Upload", json!(["u1", null, null])),
        (
            "PUT /v2/a/blobs/uploads/u1?_state=secret&digest=sha256%3A3",
            "Blob_EndUpload",
            json!(["u1", "sha256:3", null]),
        ),
        ("DELETE /v2/a/blobs/uploads/u2?_state=secret", "Blob_CancelUpload", json!(["u2", null, null])),
        ("PUT /v2/a/manifests/1?digest=sha256:4", "Manifests_Create", json!(["1", null, null])),
    ] {
        rig.gate.notify_one();
        let id = format!("number-{}", expected.len());
        let request = request.replacen(" /", " /registries/em/", 1);
        let request = format!(
            "{request} HTTP/1.1\r\nhost: {address}\r\nx-forwarded-user: jane\r\nx-ms-client-request-id: {id}\r\n\
             content-length: 0\r\nconnection: close\r\n\r\n"
        );
        assert_eq!(status(&raw(address, request.as_bytes()).await), 202, "{request}");
        expected.push((id, operation, named));
    }
    let (_, log) = rig.gateway.stop();
    assert!(!log.contains("secret"), "{log}");
    for target in ["acr_gateway::audit::intent", "acr_gateway::audit"] {
        let lines = lines(&log, target);
        let recorded = lines.iter().map(|line| {
            let named = json!([line["reference"], line["digest"], line["from"]]);
            (line["request_id"].as_str().unwrap().to_owned(), line["operation"].as_str().unwrap(), named)
        });
        assert_eq!(recorded.collect::<Vec<_>>(), expected, "{log}");
    }
}

#[tokio::test]
async fn writes_that_are_refused_before_they_are_calls_are_recorded_without_access_lines_too() {
    let rig = Rig::start(&["--log-requests", "false"]).await;
    let address = rig.gateway.address();
    let host = address.to_string();
    for (method, path, host, fields, expected) in [
        ("DELETE", "/registries/other/v2/a/manifests/1", &*host, "", 404),
        ("DELETE", "/registries/em/v2/a/%2e%2e/manifests/1", &host, "", 400),
        ("PUT", "/registries/em/v3/a", &host, "", 404),
        (
            "PUT",
            "/registries/em/v2/a/manifests/1",
            &host,
            "x-forwarded-user: a\r\nx-forwarded-user: b\r\n",
            400,
        ),
        ("PATCH", "/registries/em/acr/v1/a", "evil.example", "", 421),
        // What only reads, or is not for a registry, is not a write.
        ("GET", "/registries/other/v2/a/manifests/1", &host, "", 404),
        ("POST", "/registries/other/oauth2/token", &host, "", 404),
        ("POST", "/", &host, "", 405),
    ] {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\n{fields}content-length: 0\r\nconnection: close\r\n\r\n"
        );
        assert_eq!(status(&raw(address, request.as_bytes()).await), expected, "{method} {path}");
    }
    let (_, log) = rig.gateway.stop();
    assert!(lines(&log, "acr_gateway::access").is_empty(), "{log}");
    let audit = lines(&log, "acr_gateway::audit");
    let recorded = audit.iter().map(|line| {
        assert_eq!(line["client"], "127.0.0.1", "{log}");
        json!([line["registry"], line["action"], line["repository"], line["status"], line["code"]])
    });
    let expected = [
        json!(["other", "delete", "a", 404, "GATEWAY_UNKNOWN_REGISTRY"]),
        json!(["em", "unknown", null, 400, "GATEWAY_HOSTILE_PATH"]),
        json!(["em", "unknown", null, 404, "GATEWAY_NOT_FOUND"]),
        json!(["em", "push", "a", 400, "GATEWAY_BAD_REQUEST"]),
        json!(["em", "lock", "a", 421, "GATEWAY_UNKNOWN_HOST"]),
    ];
    assert_eq!(recorded.collect::<Vec<_>>(), expected, "{log}");
}
