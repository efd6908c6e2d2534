//! `kill -9` in the middle of a thousand concurrent pushes: after a restart on the same folder everything that was
//! acknowledged is there and verifies, and nothing that was not whole is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Mutex, Semaphore};

const PUSHES: usize = 1_000;
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// The real program.
struct Program {
    child: Child,
    url: String,
}

impl Program {
    fn start(data: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_acr-emulator"));
        command.args(["--port", "0", "--log", "off", "--blob-redirect", "off", "--data"]).arg(data);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url =
            line.split_whitespace().find(|word| word.starts_with("http")).expect("an address").to_owned();
        Self { child, url }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Clone)]
struct Client {
    http: HyperClient<HttpConnector, Body>,
    url: String,
    token: String,
}

impl Client {
    async fn new(url: &str) -> Self {
        let http = HyperClient::builder(TokioExecutor::new()).build_http();
        let mut client = Self { http, url: url.to_owned(), token: String::new() };
        let path = "/oauth2/token?service=x&scope=registry:catalog:*&scope=repository:*:*";
        let answer: Value =
            serde_json::from_slice(&client.send("GET", path, "", Bytes::new()).await.unwrap().2).unwrap();
        client.token = answer["access_token"].as_str().unwrap().to_owned();
        client
    }

    /// Status, location and body; `None` when the connection broke.
    async fn send(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Option<(StatusCode, String, Bytes)> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let request = request.header("content-type", content_type).body(Body::from(body)).unwrap();
        let (parts, body) = self.http.request(request).await.ok()?.into_parts();
        let location = parts.headers.get("location").map_or("", |value| value.to_str().unwrap()).to_owned();
        Some((parts.status, location, body.collect().await.ok()?.to_bytes()))
    }

    async fn blob(&self, name: &str, bytes: Bytes) -> Option<String> {
        let digest = digest(&bytes);
        let (_, location, _) =
            self.send("POST", &format!("/v2/{name}/blobs/uploads/"), "", Bytes::new()).await?;
        let (status, _, _) = self.send("PUT", &format!("{location}&digest={digest}"), "", bytes).await?;
        (status == StatusCode::CREATED).then_some(digest)
    }
}

fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// What the emulator said it had stored.
#[derive(Default)]
struct Acknowledged {
    blobs: Vec<(String, String)>,
    manifests: Vec<(String, String, String)>,
}

async fn push(
    client: &Client,
    number: usize,
    acknowledged: &Mutex<Acknowledged>,
    count: &AtomicUsize,
) -> Option<()> {
    let name = format!("team-{}/app", number % 7);
    let layer = Bytes::from(format!("layer {number} ").repeat(500 + number % 97));
    let layer_size = layer.len();
    let layer = client.blob(&name, layer).await?;
    acknowledged.lock().await.blobs.push((name.clone(), layer.clone()));
    let config = json!({ "architecture": "amd64", "os": "linux", "number": number }).to_string();
    let config_size = config.len();
    let config = client.blob(&name, Bytes::from(config)).await?;
    acknowledged.lock().await.blobs.push((name.clone(), config.clone()));
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": config_size },
        "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer, "size": layer_size }],
    });
    let manifest = Bytes::from(manifest.to_string());
    let manifest_digest = digest(&manifest);
    let tag = format!("build-{number}");
    let (status, _, _) =
        client.send("PUT", &format!("/v2/{name}/manifests/{tag}"), MANIFEST, manifest).await?;
    assert_eq!(status, StatusCode::CREATED);
    acknowledged.lock().await.manifests.push((name, tag, manifest_digest));
    count.fetch_add(1, Ordering::SeqCst);
    Some(())
}

/// Killed after so many acknowledged manifests.
#[rstest]
#[case(1)]
#[case(60)]
#[case(200)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_before_a_kill_is_there_and_verifies(#[case] kill_after: usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path());
    let client = Client::new(&program.url).await;
    let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
    let count = Arc::new(AtomicUsize::new(0));
    // All of them at once; the semaphore only keeps below the open files a test may have.
    let files = Arc::new(Semaphore::new(200));
    let pushes: Vec<_> = (0..PUSHES)
        .map(|number| {
            let (client, acknowledged, count, files) =
                (client.clone(), acknowledged.clone(), count.clone(), files.clone());
            tokio::spawn(async move {
                let _file = files.acquire().await.unwrap();
                push(&client, number, &acknowledged, &count).await
            })
        })
        .collect();
    while count.load(Ordering::SeqCst) < kill_after {
        tokio::task::yield_now().await;
        assert!(program.child.try_wait().unwrap().is_none(), "the emulator ended by itself");
    }
    // SIGKILL: no handler, no flush, no goodbye.
    program.child.kill().unwrap();
    program.child.wait().unwrap();
    let mut interrupted = 0;
    for push in pushes {
        interrupted += usize::from(push.await.unwrap().is_none());
    }
    assert!(interrupted > 0, "the kill came too late to prove anything");

    let program = Program::start(folder.path());
    let client = Client::new(&program.url).await;
    let acknowledged = acknowledged.lock().await;
    assert!(acknowledged.manifests.len() >= kill_after);
    for (name, tag, expected) in &acknowledged.manifests {
        let (status, _, body) =
            client.send("GET", &format!("/v2/{name}/manifests/{tag}"), "", Bytes::new()).await.unwrap();
        assert_eq!((status, &digest(&body)), (StatusCode::OK, expected), "{name}:{tag}");
    }
    for (name, expected) in &acknowledged.blobs {
        let (status, _, body) =
            client.send("GET", &format!("/v2/{name}/blobs/{expected}"), "", Bytes::new()).await.unwrap();
        assert_eq!((status, &digest(&body)), (StatusCode::OK, expected), "{name}");
    }
    assert_eq!(std::fs::read_dir(folder.path().join("uploads")).unwrap().count(), 0);
    every_blob_file_is_whole(&folder.path().join("blobs/sha256"));
}

fn every_blob_file_is_whole(folder: &Path) {
    for shard in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(shard.unwrap().path()).unwrap() {
            let file = file.unwrap();
            let named = format!("sha256:{}", file.file_name().to_str().unwrap());
            assert_eq!(digest(&std::fs::read(file.path()).unwrap()), named);
        }
    }
}
