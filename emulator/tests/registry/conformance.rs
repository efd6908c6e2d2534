//! What transcripts of the OCI's conformance suite show of the service: runs of January 2022 and June 2024 against an Azure
//! container registry, published in `opencontainers/oci-conformance`.

use std::sync::Arc;
use std::time::Duration;

use acr_emulator::{Emulator, ManualClock, Time};
use http::{Method, StatusCode};
use serde_json::json;

use crate::client::{Answer, Client};
use crate::image::{OCI_MANIFEST, digest, image_manifest, push_image, push_manifest};

const UPLOADS: &str = "/v2/team/app/blobs/uploads/";

async fn client() -> Client {
    Client::new(&Emulator::builder().build().unwrap()).await
}

async fn piece(client: &Client, location: &str, range: &str, bytes: &'static str) -> Answer {
    client.send(Method::PATCH, location, &[("content-range", range)], bytes).await
}

#[tokio::test]
async fn a_blob_outlives_its_manifests_until_it_is_deleted_itself() {
    let client = client().await;
    let image = push_image(&client, "team/app", Some("1"), OCI_MANIFEST, "amd64", "layer").await;
    let path = format!("/v2/team/app/manifests/{}", image.digest);
    assert_eq!(client.delete(&path).await.status, StatusCode::ACCEPTED);
    // The last manifest took the repository with it.
    assert_eq!(client.get("/v2/team/app/tags/list").await.status, StatusCode::NOT_FOUND);
    let manifest: serde_json::Value = serde_json::from_slice(&image.bytes).unwrap();
    for blob in [&manifest["config"]["digest"], &manifest["layers"][0]["digest"]] {
        let blob = format!("/v2/team/app/blobs/{}", blob.as_str().unwrap());
        assert_eq!(client.get(&blob).await.status, StatusCode::OK);
        assert_eq!(client.delete(&blob).await.status, StatusCode::ACCEPTED);
        assert_eq!(client.get(&blob).await.code(), "BLOB_UNKNOWN");
        assert_eq!(client.delete(&blob).await.code(), "BLOB_UNKNOWN");
    }
}

#[tokio::test]
async fn a_blob_whose_manifests_are_gone_expires_as_an_upload_does_and_one_that_is_named_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(1_700_000_000)));
    let open = || {
        let builder = Emulator::builder().data(folder.path()).clock(clock.clone());
        builder.upload_lifetime(Duration::from_secs(600)).build().unwrap()
    };
    let layer = |text: &str| format!("/v2/app/blobs/{}", digest(text.as_bytes()));
    {
        let client = Client::new(&open()).await;
        push_image(&client, "app", Some("1"), OCI_MANIFEST, "amd64", "kept").await;
        let image = push_image(&client, "app", Some("2"), OCI_MANIFEST, "arm64", "gone").await;
        clock.advance(Duration::from_secs(1000));
        client.delete(&format!("/v2/app/manifests/{}", image.digest)).await;
    }
    // Its time begins with the deletion, also after a restart.
    clock.advance(Duration::from_secs(599));
    let emulator = open();
    let client = Client::new(&emulator).await;
    emulator.expire().await;
    assert_eq!(client.get(&layer("gone")).await.text(), "gone");
    clock.advance(Duration::from_secs(1));
    emulator.expire().await;
    assert_eq!(client.get(&layer("gone")).await.code(), "BLOB_UNKNOWN");
    assert_eq!(client.get(&layer("kept")).await.text(), "kept");
}

#[tokio::test]
async fn a_blob_that_is_uploaded_again_lives_on_as_a_new_one() {
    let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(1_700_000_000)));
    let emulator =
        Emulator::builder().clock(clock.clone()).upload_lifetime(Duration::from_secs(600)).build().unwrap();
    let client = Client::new(&emulator).await;
    for _ in 0..2 {
        crate::image::push_blob(&client, "app", "layer").await;
        clock.advance(Duration::from_secs(400));
    }
    emulator.expire().await;
    assert_eq!(client.get(&format!("/v2/app/blobs/{}", digest(b"layer"))).await.text(), "layer");
}

#[tokio::test]
async fn referrers_come_newest_first_on_every_page_and_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Emulator::builder().data(folder.path()).build().unwrap();
    let mut pushed = Vec::new();
    let subject = {
        let client = Client::new(&open()).await;
        let image = push_image(&client, "app", Some("1"), OCI_MANIFEST, "amd64", "x").await;
        for number in 0..5 {
            let mut referrer = image_manifest(&client, "app", OCI_MANIFEST, "", "referrer").await;
            referrer["artifactType"] = format!("application/vnd.example.{}", number % 2).into();
            referrer["annotations"] = json!({ "number": number.to_string() });
            referrer["subject"] =
                json!({ "mediaType": OCI_MANIFEST, "digest": image.digest, "size": image.bytes.len() });
            pushed.insert(0, push_manifest(&client, "app", None, OCI_MANIFEST, &referrer).await.digest);
        }
        image.digest
    };
    let client = Client::new(&open()).await;
    let path = format!("/v2/app/referrers/{subject}");
    assert_eq!(listed(&client.get(&path).await), pushed);
    let odd = client.get(&format!("{path}?artifactType=application%2Fvnd.example.1")).await;
    assert_eq!(listed(&odd), [pushed[1].clone(), pushed[3].clone()]);
    let mut pages = Vec::new();
    let mut next = Some(format!("{path}?n=2"));
    while let Some(page) = next {
        let answer = client.get(&page).await;
        pages.push(listed(&answer));
        let link = answer.header("link").strip_prefix('<').and_then(|link| link.split_once('>'));
        next = link.map(|(path, _)| path.to_owned());
    }
    assert_eq!(pages, [&pushed[..2], &pushed[2..4], &pushed[4..]]);
    // A client that cannot read `Link` goes on from the last digest.
    let rest = client.get(&format!("{path}?last={}", pushed[3])).await;
    assert_eq!(listed(&rest), pushed[4..]);
}

fn listed(answer: &Answer) -> Vec<String> {
    let manifests = answer.json()["manifests"].as_array().unwrap().clone();
    manifests.iter().map(|row| row["digest"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_piece_that_is_sent_again_is_answered_with_how_far_the_upload_has_come() {
    let client = client().await;
    let first = client.send(Method::POST, UPLOADS, &[], "").await.header("location").to_owned();
    let accepted = piece(&client, &first, "0-21", "twenty-two bytes of it").await;
    assert_eq!(accepted.status, StatusCode::ACCEPTED);
    let again = piece(&client, &first, "0-21", "twenty-two bytes of it").await;
    assert_eq!((again.status, again.text()), (StatusCode::RANGE_NOT_SATISFIABLE, String::new()));
    for name in ["range", "docker-upload-uuid"] {
        assert_eq!(again.header(name), accepted.header(name), "{name}");
    }
    assert_eq!(
        (again.header("content-length"), again.header("content-type")),
        ("0", "application/json; charset=utf-8")
    );
    let rest = piece(&client, again.header("location"), "22-25", "more").await;
    assert_eq!((rest.status, rest.header("range")), (StatusCode::ACCEPTED, "0-25"));
}

#[tokio::test]
async fn a_piece_that_comes_too_early_is_refused_with_where_it_should_begin() {
    let client = client().await;
    let location = client.send(Method::POST, UPLOADS, &[], "").await.header("location").to_owned();
    let refused = piece(&client, &location, "22-41", "twenty bytes of later").await;
    assert_eq!(refused.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(
        refused.text(),
        "{\"errors\":[{\"code\":\"BLOB_UPLOAD_RANGE_INVALID\",\"message\":\"blob upload range invalid\",\
         \"detail\":{\"Range\":\"22-41\",\"Reason\":\"out of order chunk: content range should start at 0\"}}]}\n"
    );
}

#[tokio::test]
async fn the_status_of_an_upload_needs_pull_alone() {
    let mut client = client().await;
    let location = client.send(Method::POST, UPLOADS, &[], "").await.header("location").to_owned();
    client.token = None;
    let refused = client.get(&location).await;
    assert!(refused.header("www-authenticate").ends_with("scope=\"repository:team/app:pull\""));
    let detail = json!([{ "Type": "repository", "Name": "team/app", "Action": "pull" }]);
    assert_eq!(refused.json()["errors"][0]["detail"], detail);
    client.token = Some(client.anonymous_token("repository:team/app:pull").await);
    assert_eq!(client.get(&location).await.status, StatusCode::NO_CONTENT);
    assert_eq!(client.send(Method::PATCH, &location, &[], "x").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn lists_below_v2_do_not_name_the_request() {
    let client = client().await;
    let image = push_image(&client, "app", Some("1"), OCI_MANIFEST, "amd64", "x").await;
    let referrers = format!("/v2/app/referrers/{}", image.digest);
    for path in ["/v2/app/tags/list", "/v2/none/tags/list", "/v2/_catalog", referrers.as_str()] {
        let answer = client.get(path).await;
        for name in ["x-ms-request-id", "x-ms-client-request-id"] {
            assert!(!answer.headers.contains_key(name), "{path} {name}");
        }
        assert!(answer.headers.contains_key("x-ms-correlation-request-id"), "{path}");
    }
    assert!(client.get("/v2/app/manifests/1").await.headers.contains_key("x-ms-request-id"));
}

#[tokio::test]
async fn that_a_blob_is_not_there_is_not_to_be_cached() {
    let client = client().await;
    let path = format!("/v2/team/app/blobs/{}", digest(b"none"));
    for method in [Method::GET, Method::HEAD, Method::DELETE] {
        let answer = client.send(method.clone(), &path, &[], "").await;
        let expected = if method == Method::DELETE { "" } else { "no-cache" };
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::NOT_FOUND, expected));
    }
}
