//! Uploads: pieces, ranges, states, and what is left of a client that goes away.

use std::sync::Arc;
use std::time::Duration;

use acr_emulator::{Emulator, ManualClock, MountMode, Time};
use axum::body::Body;
use bytes::Bytes;
use http::{Method, Request, StatusCode};

use crate::client::{Answer, Client};
use crate::image::{digest, push_blob};

const START: &str = "/v2/team/app/blobs/uploads/";

async fn client() -> Client {
    Client::new(&Emulator::builder().build().unwrap()).await
}

async fn start(client: &Client) -> String {
    let answer = client.send(Method::POST, START, &[], "").await;
    assert_eq!((answer.status, answer.header("range")), (StatusCode::ACCEPTED, "0-0"));
    answer.header("location").to_owned()
}

async fn patch(client: &Client, location: &str, range: Option<&str>, body: &'static [u8]) -> Answer {
    let headers: Vec<_> = range.map(|range| ("content-range", range)).into_iter().collect();
    client.send(Method::PATCH, location, &headers, body).await
}

#[tokio::test]
async fn pieces_become_a_blob() {
    let client = client().await;
    let first = start(&client).await;
    let second = patch(&client, &first, Some("0-4"), b"hello").await;
    assert_eq!((second.status, second.header("range")), (StatusCode::ACCEPTED, "0-4"));
    assert_ne!(second.header("location"), first);
    let third = patch(&client, second.header("location"), None, b", wor").await;
    assert_eq!(third.header("range"), "0-9");
    let whole = digest(b"hello, world");
    let done =
        client.send(Method::PUT, &format!("{}&digest={whole}", third.header("location")), &[], "ld").await;
    assert_eq!(
        (done.status, done.header("location")),
        (StatusCode::CREATED, format!("/v2/team/app/blobs/{whole}").as_str())
    );
    assert_eq!(client.get(&format!("/v2/team/app/blobs/{whole}")).await.text(), "hello, world");
}

#[tokio::test]
async fn a_refused_range_does_not_spend_the_state() {
    let client = client().await;
    let location = start(&client).await;
    let next = patch(&client, &location, None, b"0123456789").await.header("location").to_owned();
    for range in ["-1--1", "bytes 10-12/13", "0-2", "11-13", "10-11"] {
        let refused = patch(&client, &next, Some(range), b"abc").await;
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::RANGE_NOT_SATISFIABLE, "BLOB_UPLOAD_RANGE_INVALID".to_owned())
        );
    }
    assert_eq!(patch(&client, &next, Some("10-12"), b"abc").await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_state_is_good_for_its_own_step_only() {
    let client = client().await;
    let location = start(&client).await;
    let next = patch(&client, &location, None, b"abc").await.header("location").to_owned();
    let (path, _) = next.split_once('?').unwrap();
    for bad in [path.to_owned(), format!("{path}?_state=AAAA")] {
        let refused = patch(&client, &bad, None, b"abc").await;
        assert_eq!(refused.status, StatusCode::RANGE_NOT_SATISFIABLE, "{bad}");
        assert_eq!(refused.code(), "BLOB_UPLOAD_RANGE_INVALID");
    }
    let completed = format!("{location}&digest={}", digest(b"abcabc"));
    for (method, earlier) in [(Method::PATCH, &location), (Method::PUT, &completed)] {
        let refused = client.send(method, earlier, &[], "abc").await;
        assert_eq!(
            (refused.status, refused.header("range")),
            (StatusCode::RANGE_NOT_SATISFIABLE, "0-2"),
            "{earlier}"
        );
    }
    let elsewhere = patch(&client, &next.replace("team/app", "other"), None, b"abc").await;
    assert_eq!(elsewhere.code(), "BLOB_UPLOAD_UNKNOWN");
    let status = client.get(&location).await;
    assert_eq!((status.status, status.header("range")), (StatusCode::NO_CONTENT, "0-2"));
    assert_eq!(patch(&client, status.header("location"), None, b"def").await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_cancelled_upload_is_gone() {
    let emulator = Emulator::builder().build().unwrap();
    let client = Client::new(&emulator).await;
    let location = start(&client).await;
    patch(&client, &location, None, b"abc").await;
    // The state of the first step is good enough to cancel with.
    let cancelled = client.delete(&location).await;
    assert_eq!(cancelled.status, StatusCode::NO_CONTENT);
    assert_eq!(client.delete(&location).await.code(), "BLOB_UPLOAD_UNKNOWN");
    assert_eq!(client.get(&location).await.code(), "BLOB_UPLOAD_UNKNOWN");
    assert_eq!(emulator.open_uploads(), 0);
}

#[tokio::test]
async fn a_wrong_digest_stores_nothing_and_the_upload_can_still_be_completed() {
    let client = client().await;
    let location = start(&client).await;
    let right = digest(b"abc");
    for (claimed, detail) in [("", "digest missing"), ("sha256:00", "digest parsing failed")] {
        let refused = client.send(Method::PUT, &format!("{location}&digest={claimed}"), &[], "abc").await;
        assert_eq!(
            (refused.status, refused.json()["errors"][0]["detail"].clone()),
            (StatusCode::BAD_REQUEST, detail.into())
        );
    }
    let wrong = digest(b"abd");
    let refused = client.send(Method::PUT, &format!("{location}&digest={wrong}"), &[], "abc").await;
    assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "DIGEST_INVALID".to_owned()));
    assert_eq!(client.get(&format!("/v2/team/app/blobs/{wrong}")).await.code(), "BLOB_UNKNOWN");
    let done = client.send(Method::PUT, &format!("{location}&digest={right}"), &[], "abc").await;
    assert_eq!(done.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_piece_whose_client_went_away_counts_for_nothing() {
    let emulator = Emulator::builder().build().unwrap();
    let client = Client::new(&emulator).await;
    let location = start(&client).await;
    let next = patch(&client, &location, None, b"abc").await.header("location").to_owned();
    let broken =
        futures_util::stream::iter([Ok(Bytes::from_static(b"de")), Err(std::io::Error::other("gone"))]);
    let authorization = format!("Bearer {}", client.token.clone().unwrap());
    let request =
        Request::patch(&next).header("authorization", authorization).body(Body::from_stream(broken)).unwrap();
    assert_eq!(client.ask(request).await.status, StatusCode::BAD_REQUEST);
    let done = client.send(Method::PUT, &format!("{next}&digest={}", digest(b"abcdef")), &[], "def").await;
    assert_eq!(done.status, StatusCode::CREATED);
}

#[tokio::test]
async fn sessions_and_blobs_that_nothing_names_expire() {
    let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(1_700_000_000)));
    let emulator =
        Emulator::builder().clock(clock.clone()).upload_lifetime(Duration::from_secs(600)).build().unwrap();
    let mut client = Client::new(&emulator).await;
    let location = start(&client).await;
    let blob = push_blob(&client, "team/app", "nothing names this").await;
    clock.advance(Duration::from_secs(599));
    emulator.expire().await;
    assert_eq!(emulator.open_uploads(), 1);
    clock.advance(Duration::from_secs(1));
    emulator.expire().await;
    assert_eq!(emulator.open_uploads(), 0);
    client.token = Some(client.anonymous_token(crate::client::EVERYTHING).await);
    assert_eq!(client.get(&location).await.code(), "BLOB_UPLOAD_UNKNOWN");
    assert_eq!(client.get(&format!("/v2/team/app/blobs/{blob}")).await.code(), "BLOB_UNKNOWN");
}

#[tokio::test]
async fn blobs_over_the_limit_are_refused_announced_or_not() {
    let emulator = Emulator::builder().max_blob_size(5).build().unwrap();
    let client = Client::new(&emulator).await;
    let location = start(&client).await;
    assert_eq!(patch(&client, &location, None, b"123456").await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let pieces =
        futures_util::stream::iter(["123", "456"].map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece))));
    let authorization = format!("Bearer {}", client.token.clone().unwrap());
    let request = Request::patch(&location)
        .header("authorization", authorization)
        .body(Body::from_stream(pieces))
        .unwrap();
    assert_eq!(client.ask(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(patch(&client, &location, None, b"12345").await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_mount_mounts_or_opens_an_upload() {
    for mode in [MountMode::Fallback, MountMode::Real] {
        let client = Client::new(&Emulator::builder().mount(mode).build().unwrap()).await;
        let blob = push_blob(&client, "base", "shared").await;
        let mount = |digest: &str| format!("{START}?from=base&mount={digest}");
        let answer = client.send(Method::POST, &mount(&blob), &[], "").await;
        let there = client.get(&format!("/v2/team/app/blobs/{blob}")).await.status;
        match mode {
            MountMode::Fallback => {
                assert_eq!((answer.status, there), (StatusCode::ACCEPTED, StatusCode::NOT_FOUND))
            }
            MountMode::Real => assert_eq!((answer.status, there), (StatusCode::CREATED, StatusCode::OK)),
        }
        let unknown = client.send(Method::POST, &mount(&digest(b"unknown")), &[], "").await;
        assert_eq!(unknown.status, StatusCode::ACCEPTED);
    }
}

#[tokio::test]
async fn a_blob_may_come_in_one_post() {
    let client = client().await;
    let done = client.send(Method::POST, &format!("{START}?digest={}", digest(b"one")), &[], "one").await;
    assert_eq!(done.status, StatusCode::CREATED);
    assert_eq!(client.get(&format!("/v2/team/app/blobs/{}", digest(b"one"))).await.text(), "one");
}

#[tokio::test]
async fn a_blob_that_was_deleted_and_pushed_again_is_still_held_by_its_manifest() {
    let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(1_700_000_000)));
    let emulator =
        Emulator::builder().clock(clock.clone()).upload_lifetime(Duration::from_secs(600)).build().unwrap();
    let client = Client::new(&emulator).await;
    crate::image::push_image(&client, "app", Some("1"), crate::image::OCI_MANIFEST, "amd64", "layer").await;
    let layer = format!("/v2/app/blobs/{}", digest(b"layer"));
    assert_eq!(client.delete(&layer).await.status, StatusCode::ACCEPTED);
    assert_eq!(client.get(&layer).await.code(), "BLOB_UNKNOWN");
    assert_eq!(client.delete(&layer).await.code(), "BLOB_UNKNOWN");
    push_blob(&client, "app", "layer").await;
    clock.advance(Duration::from_secs(601));
    emulator.expire().await;
    assert_eq!(client.get(&layer).await.text(), "layer");
    client.delete("/acr/v1/app/_tags/1").await;
    assert_eq!(client.delete("/acr/v1/app").await.status, StatusCode::ACCEPTED);
    assert_eq!(client.get(&layer).await.code(), "BLOB_UNKNOWN");
}

#[tokio::test]
async fn an_expired_session_is_unknown_before_it_is_swept_and_touching_it_revives_nothing() {
    let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(1_700_000_000)));
    let emulator = Emulator::builder().clock(clock.clone()).upload_lifetime(Duration::from_secs(60));
    let client = Client::new(&emulator.build().unwrap()).await;
    let location = start(&client).await;
    clock.advance(Duration::from_secs(59));
    assert_eq!(client.get(&location).await.status, StatusCode::NO_CONTENT);
    clock.advance(Duration::from_secs(60));
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        let gone = client.send(method, &location, &[], "").await;
        assert_eq!((gone.status, gone.code()), (StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN".to_owned()));
    }
}

#[tokio::test]
async fn memory_has_a_limit_and_what_uploads_used_is_free_again() {
    let emulator = Emulator::builder().memory(10).build().unwrap();
    let client = Client::new(&emulator).await;
    let location = start(&client).await;
    patch(&client, &location, None, b"12345678").await;
    let other = start(&client).await;
    let refused = patch(&client, &other, None, b"345").await;
    assert_eq!((refused.status, refused.code()), (StatusCode::FORBIDDEN, "DENIED".to_owned()));
    assert_eq!(client.delete(&location).await.status, StatusCode::NO_CONTENT);
    let answer = patch(&client, &other, None, b"1234567890").await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let path = format!("{}&digest={}", answer.header("location"), digest(b"1234567890"));
    assert_eq!(client.send(Method::PUT, &path, &[], "").await.status, StatusCode::CREATED);
    let full = crate::image::digest(b"1");
    let path = format!("/v2/team/app/blobs/uploads/?digest={full}");
    assert_eq!(client.send(Method::POST, &path, &[], "1").await.status, StatusCode::FORBIDDEN);
    let path = format!("/v2/team/app/blobs/{}", digest(b"1234567890"));
    assert_eq!(client.delete(&path).await.status, StatusCode::ACCEPTED);
    let path = format!("/v2/team/app/blobs/uploads/?digest={full}");
    assert_eq!(client.send(Method::POST, &path, &[], "1").await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_blob_may_have_a_sha512_digest() {
    use sha2::{Digest as _, Sha512};
    let hex: String = Sha512::digest(b"abcdef").iter().map(|byte| format!("{byte:02x}")).collect();
    let digest = format!("sha512:{hex}");
    let folder = tempfile::tempdir().unwrap();
    for builder in [Emulator::builder(), Emulator::builder().data(folder.path())] {
        let client = Client::new(&builder.build().unwrap()).await;
        let location = start(&client).await;
        let location = patch(&client, &location, None, b"abc").await.header("location").to_owned();
        let done = client.send(Method::PUT, &format!("{location}&digest={digest}"), &[], "def").await;
        assert_eq!(
            (done.status, done.header("docker-content-digest")),
            (StatusCode::CREATED, digest.as_str())
        );
        assert_eq!(client.get(&format!("/v2/team/app/blobs/{digest}")).await.text(), "abcdef");
    }
}
