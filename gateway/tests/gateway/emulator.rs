//! The gateway in front of the emulated registry: reading, writing, blobs by way of storage.

use acr_emulator::{Emulator, RunningEmulator};
use acr_gateway::RunningServer;
use axum::body::Body;
use http::Request;
use sha2::{Digest, Sha256};

use crate::support::{Answer, config, gateway, get, send};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

async fn rig() -> (RunningServer, RunningEmulator) {
    let emulator =
        Emulator::builder().login_server("demo.azurecr.io").blob_redirect(true).start().await.unwrap();
    let mut config = config(&emulator.url());
    let storage = emulator.storage_url().unwrap();
    config.registries[0].storage_hosts.push(storage.parse().unwrap());
    (gateway(config).await, emulator)
}

/// A token for everything in a repository, as a page gets one.
async fn token(server: &RunningServer, scope: &str) -> String {
    let form = format!("grant_type=password&service=demo.azurecr.io&refresh_token=&scope={scope}");
    let request = Request::post("/registries/demo/oauth2/token")
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = send(server, request, form).await;
    format!("Bearer {}", answer.json()["access_token"].as_str().unwrap())
}

async fn call(
    server: &RunningServer,
    token: &str,
    method: &str,
    path: &str,
    media_type: &str,
    body: Vec<u8>,
) -> Answer {
    let request = Request::builder().method(method).uri(format!("/registries/demo{path}"));
    send(server, request.header("authorization", token).header("content-type", media_type), body).await
}

fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// Uploads a blob in one PATCH and returns its digest.
async fn upload(server: &RunningServer, token: &str, repository: &str, bytes: &[u8]) -> String {
    let start =
        call(server, token, "POST", &format!("/v2/{repository}/blobs/uploads/"), "", Vec::new()).await;
    assert_eq!(start.status, 202);
    let location = start.header("location").to_owned();
    let sent = call(server, token, "PATCH", &location, "application/octet-stream", bytes.to_vec()).await;
    assert_eq!(sent.status, 202, "{}", sent.text());
    let digest = digest(bytes);
    let end = format!("{}&digest={digest}", sent.header("location"));
    let done = call(server, token, "PUT", &end, "", Vec::new()).await;
    assert_eq!(done.status, 201, "{}", done.text());
    digest
}

#[tokio::test]
async fn an_image_is_pushed_read_locked_and_deleted_through_the_gateway() {
    let (server, _emulator) = rig().await;
    let token = token(&server, "repository%3Ateam%2Fapp%3A*").await;
    let layer = vec![7u8; 300_000];
    let layer_digest = upload(&server, &token, "team/app", &layer).await;
    let config_blob = br#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#;
    let config_digest = upload(&server, &token, "team%2Fapp", config_blob).await;
    let manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": config_digest, "size": config_blob.len()},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer_digest, "size": layer.len()}],
    })
    .to_string();
    let put =
        call(&server, &token, "PUT", "/v2/team%2Fapp/manifests/1.0", MANIFEST, manifest.clone().into()).await;
    assert_eq!(
        (put.status.as_u16(), put.header("docker-content-digest")),
        (201, digest(manifest.as_bytes()).as_str())
    );

    let request = Request::get("/registries/demo/v2/team/app/manifests/1.0").header("accept", MANIFEST);
    let read = send(&server, request.header("authorization", &token), Body::empty()).await;
    assert_eq!((read.text(), read.header("content-type")), (manifest.as_str(), MANIFEST));

    let tags = call(&server, &token, "GET", "/acr/v1/team%2Fapp/_tags", "", Vec::new()).await;
    assert_eq!(tags.json()["tags"][0]["name"], "1.0");

    let lock = br#"{"deleteEnabled":false}"#.to_vec();
    let locked =
        call(&server, &token, "PATCH", "/acr/v1/team%2Fapp/_tags/1.0", "application/json", lock).await;
    assert_eq!(locked.json()["tag"]["changeableAttributes"]["deleteEnabled"], false);
    let refused = call(&server, &token, "DELETE", "/acr/v1/team%2Fapp/_tags/1.0", "", Vec::new()).await;
    assert_eq!(refused.status, 405);
}

#[tokio::test]
async fn a_blob_comes_from_storage_whole_and_in_part() {
    let (server, _emulator) = rig().await;
    let token = token(&server, "repository%3Aapp%3A*").await;
    let bytes: Vec<u8> = (0..200_000u32).map(|index| (index % 251) as u8).collect();
    let digest = upload(&server, &token, "app", &bytes).await;
    let path = format!("/registries/demo/v2/app/blobs/{digest}");
    let whole = send(&server, Request::get(&path).header("authorization", &token), Body::empty()).await;
    assert_eq!((whole.status.as_u16(), whole.header("docker-content-digest")), (200, digest.as_str()));
    assert!(whole.body == bytes);
    let part = send(
        &server,
        Request::get(&path).header("authorization", &token).header("range", "bytes=10-19"),
        Body::empty(),
    )
    .await;
    assert_eq!((part.status.as_u16(), part.body.as_ref()), (206, &bytes[10..20]));
    assert_eq!(part.header("content-range"), "bytes 10-19/200000");
}

#[tokio::test]
async fn a_challenge_reaches_the_page_as_the_registry_made_it() {
    let (server, _emulator) = rig().await;
    let answer = get(&server, "/registries/demo/acr/v1/a%2Fb/_tags").await;
    assert_eq!(answer.status, 401);
    let challenge = "Bearer realm=\"https://demo.azurecr.io/oauth2/token\",service=\"demo.azurecr.io\",scope=\"repository:a/b:metadata_read\"";
    assert_eq!(answer.header("www-authenticate"), challenge);
}
