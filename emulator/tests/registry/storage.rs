//! The data folder: what was acknowledged is there after a restart, and nothing else.

use acr_emulator::Emulator;
use axum::body::Body;
use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{Method, Request, StatusCode};

use crate::client::Client;
use crate::image::{DOCKER_LIST, OCI_MANIFEST, digest, push_blob, push_image, push_index};

async fn open(folder: &std::path::Path) -> (Emulator, Client) {
    let emulator = Emulator::builder().data(folder).build().unwrap();
    let client = Client::new(&emulator).await;
    (emulator, client)
}

#[tokio::test]
async fn everything_is_the_same_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let paths = [
        "/acr/v1/_catalog",
        "/acr/v1/app",
        "/acr/v1/app/_tags",
        "/acr/v1/app/_manifests?orderby=timedesc",
        "/v2/app/manifests/1",
    ];
    let mut before = Vec::new();
    {
        let (_emulator, client) = open(folder.path()).await;
        let list = push_index(&client, "app", Some("1"), DOCKER_LIST, "x").await;
        push_index(&client, "app", Some("2"), DOCKER_LIST, "y").await;
        push_image(&client, "gone", Some("1"), OCI_MANIFEST, "amd64", "z").await;
        client.delete("/acr/v1/gone").await;
        client.delete("/acr/v1/app/_tags/2").await;
        client.patch("/acr/v1/app/_tags/1", r#"{"deleteEnabled":false}"#).await;
        client
            .patch(&format!("/acr/v1/app/_manifests/{}", list.digest), r#"{"quarantineState":"Passed"}"#)
            .await;
        client.patch("/acr/v1/app", r#"{"writeEnabled":false}"#).await;
        for path in paths {
            before.push(client.get(path).await.text());
        }
    }
    let (_emulator, client) = open(folder.path()).await;
    for (path, before) in paths.iter().zip(before) {
        assert_eq!(client.get(path).await.text(), before, "{path}");
    }
    assert_eq!(client.get(&format!("/v2/app/blobs/{}", digest(b"x"))).await.text(), "x");
}

#[tokio::test]
async fn a_manifest_whose_text_is_not_utf_8_has_the_same_bytes_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut manifest = Vec::new();
    {
        let (_emulator, client) = open(folder.path()).await;
        let config = push_blob(&client, "app", "{}").await;
        manifest.extend_from_slice(
            br#"{"schemaVersion":2,"layers":[],"annotations":{"a":"\ud83d","b":""#.as_slice(),
        );
        manifest.extend_from_slice(b"\xe9\"},");
        manifest.extend_from_slice(
            format!(r#""config":{{"mediaType":"x/y","digest":"{config}","size":-1}}}}"#).as_bytes(),
        );
        let media_type = [("content-type", OCI_MANIFEST)];
        let pushed = client.send(Method::PUT, "/v2/app/manifests/1", &media_type, manifest.clone()).await;
        assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.text());
    }
    let (_emulator, client) = open(folder.path()).await;
    assert_eq!(client.get("/v2/app/manifests/1").await.body, manifest);
}

#[tokio::test]
async fn tokens_survive_a_restart_and_their_key_is_the_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let token = open(folder.path()).await.1.token;
    let mut client = Client::without_token(&open(folder.path()).await.0);
    client.token = token;
    assert_eq!(client.get("/acr/v1/_catalog").await.status, StatusCode::OK);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join("signing-key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn unfinished_uploads_and_stray_files_are_swept_away() {
    let folder = tempfile::tempdir().unwrap();
    {
        let (_emulator, client) = open(folder.path()).await;
        push_image(&client, "app", Some("1"), OCI_MANIFEST, "amd64", "x").await;
        std::fs::write(folder.path().join("uploads/half"), "half").unwrap();
        let stray = digest(b"stray");
        let shard = folder.path().join("blobs/sha256").join(&stray[7..9]);
        std::fs::create_dir_all(&shard).unwrap();
        std::fs::write(shard.join(&stray[7..]), "stray").unwrap();
    }
    let (_emulator, client) = open(folder.path()).await;
    assert_eq!(std::fs::read_dir(folder.path().join("uploads")).unwrap().count(), 0);
    assert_eq!(files(&folder.path().join("blobs")), 2);
    assert_eq!(client.get("/v2/app/manifests/1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn bytes_leave_the_disk_with_the_last_repository_that_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let (_emulator, client) = open(folder.path()).await;
    for name in ["one", "two"] {
        push_image(&client, name, Some("1"), OCI_MANIFEST, "amd64", "shared").await;
    }
    client.delete("/acr/v1/one").await;
    assert_eq!(files(&folder.path().join("blobs")), 2);
    client.delete("/acr/v1/two").await;
    assert_eq!(files(&folder.path().join("blobs")), 0);
}

#[tokio::test]
async fn a_cancelled_upload_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let (_emulator, client) = open(folder.path()).await;
    let started = client.send(Method::POST, "/v2/app/blobs/uploads/", &[], "").await;
    let patched = client.send(Method::PATCH, started.header("location"), &[], "half").await;
    assert_eq!(files(&folder.path().join("uploads")), 1);
    client.delete(patched.header("location")).await;
    assert_eq!(files(&folder.path().join("uploads")), 0);
}

#[tokio::test]
async fn a_piece_whose_client_went_away_leaves_no_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (_emulator, client) = open(folder.path()).await;
    let started = client.send(Method::POST, "/v2/app/blobs/uploads/", &[], "").await;
    let mut location = started.header("location").to_owned();
    for whole in [0, 4] {
        let broken = futures_util::stream::iter([
            Ok(Bytes::from(vec![7; 5_000_000])),
            Err(std::io::Error::other("gone")),
        ]);
        let authorization = format!("Bearer {}", client.token.clone().unwrap());
        let request = Request::patch(&location).header("authorization", authorization);
        client.ask(request.body(Body::from_stream(broken)).unwrap()).await;
        let left = std::fs::read_dir(folder.path().join("uploads")).unwrap();
        let left: u64 = left.map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
        assert_eq!(left, whole);
        location = client.send(Method::PATCH, &location, &[], "half").await.header("location").to_owned();
    }
    let done = client.send(Method::PUT, &format!("{location}&digest={}", digest(b"halfhalf")), &[], "").await;
    assert_eq!(done.status, StatusCode::CREATED);
}

#[tokio::test]
async fn one_folder_is_one_emulators() {
    let folder = tempfile::tempdir().unwrap();
    let (_emulator, client) = open(folder.path()).await;
    push_blob(&client, "app", "x").await;
    let refused = Emulator::builder().data(folder.path()).build().unwrap_err();
    assert!(refused.to_string().contains("in use by another emulator"), "{refused}");
}

fn files(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { files(&path) } else { 1 })
        .sum()
}

#[tokio::test]
async fn a_folder_is_filled_once_and_stays_as_it_was_left() {
    let folder = tempfile::tempdir().unwrap();
    let seeded = || Emulator::builder().data(folder.path()).seed(acr_emulator::Seed::Demo).build().unwrap();
    {
        let emulator = seeded();
        let client = Client::new(&emulator).await;
        let before = client.get("/acr/v1/_catalog").await.json()["repositories"].as_array().unwrap().len();
        assert_eq!(client.delete("/acr/v1/charts%2Fstorefront").await.status, StatusCode::ACCEPTED);
        assert!(before > 10);
    }
    let emulator = seeded();
    let client = Client::new(&emulator).await;
    assert_eq!(client.get("/acr/v1/charts%2Fstorefront").await.code(), "NAME_UNKNOWN");
    let layer = client.get("/v2/nginx/manifests/latest").await.json()["layers"][0]["digest"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(digest(&client.get(&format!("/v2/nginx/blobs/{layer}")).await.body), layer);
}

#[tokio::test]
async fn a_journal_that_has_grown_is_written_anew_and_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let journal = || std::fs::metadata(folder.path().join("journal")).unwrap().len();
    let paths = [
        "/acr/v1/app/_tags",
        "/acr/v1/app/_manifests?orderby=timedesc",
        "/acr/v1/app",
        "/v2/app/manifests/1",
    ];
    let mut before = Vec::new();
    {
        let (_emulator, client) = open(folder.path()).await;
        let list = push_index(&client, "app", Some("1"), DOCKER_LIST, "x").await;
        push_index(&client, "app", Some("2"), DOCKER_LIST, "y").await;
        for path in ["/acr/v1/app/_tags/1".to_owned(), format!("/acr/v1/app/_manifests/{}", list.digest)] {
            client.patch(&path, r#"{"deleteEnabled":false,"quarantineState":"Failed"}"#).await;
        }
        let details = format!("{{\"quarantineDetails\":\"{}\"}}", "z".repeat(2_000));
        for _ in 0..200 {
            client.patch(&format!("/acr/v1/app/_manifests/{}", list.digest), &details).await;
        }
        for path in paths {
            before.push(client.get(path).await.text());
        }
    }
    assert!(journal() > 400_000);
    // Twice: what was written anew is read again, and goes on.
    for _ in 0..2 {
        let (_emulator, client) = open(folder.path()).await;
        assert!(journal() < 20_000);
        for (path, before) in paths.iter().zip(&before) {
            assert_eq!(client.get(path).await.text(), *before, "{path}");
        }
        assert_eq!(client.delete("/acr/v1/app").await.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    let (_emulator, client) = open(folder.path()).await;
    client.patch("/acr/v1/app/_tags/1", r#"{"deleteEnabled":true}"#).await;
    let manifests = client.get("/acr/v1/app/_manifests").await.json();
    for manifest in manifests["manifests"].as_array().unwrap() {
        client
            .patch(
                &format!("/acr/v1/app/_manifests/{}", manifest["digest"].as_str().unwrap()),
                r#"{"deleteEnabled":true}"#,
            )
            .await;
    }
    assert_eq!(client.delete("/acr/v1/app").await.status, StatusCode::ACCEPTED);
    assert_eq!(files(&folder.path().join("blobs")), 0);
}

#[tokio::test]
async fn bytes_whose_deleter_went_away_are_removed_later() {
    let folder = tempfile::tempdir().unwrap();
    let (emulator, client) = open(folder.path()).await;
    push_image(&client, "app", Some("1"), OCI_MANIFEST, "amd64", "x").await;
    // One step and no more: the change is made, and no request waits for the journal.
    let _ = client.delete("/acr/v1/app").now_or_never();
    assert_eq!(client.get("/acr/v1/app").await.code(), "NAME_UNKNOWN");
    emulator.expire().await;
    assert_eq!(files(&folder.path().join("blobs")), 0);
}
