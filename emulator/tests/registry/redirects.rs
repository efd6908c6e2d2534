//! Blob redirects: another origin, signed, short-lived, and not for requests with credentials.

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::rt::TokioExecutor;

use crate::client::Answer;

/// Asks any address.
pub async fn ask(request: Request<Body>) -> Answer {
    let client = HyperClient::builder(TokioExecutor::new()).build_http();
    let (parts, body) = client.request(request).await.unwrap().into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
}

use std::sync::Arc;
use std::time::Duration;

use acr_emulator::{Emulator, ManualClock, RunningEmulator, Time};
use http::StatusCode;

use crate::client::{Client, EVERYTHING};
use crate::image::push_blob;

async fn redirecting() -> (RunningEmulator, Client, Arc<ManualClock>, String) {
    let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(1_700_000_000)));
    let running = Emulator::builder().blob_redirect(true).clock(clock.clone()).start().await.unwrap();
    let mut client = Client::over_socket(&running);
    client.token = Some(client.anonymous_token(EVERYTHING).await);
    let blob = push_blob(&client, "app", "a layer").await;
    let redirect = client.get(&format!("/v2/app/blobs/{blob}")).await;
    assert_eq!(redirect.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(redirect.header("docker-content-digest"), blob);
    let address = redirect.header("location").to_owned();
    assert!(
        redirect.text().starts_with("<a href=\"http://localhost:")
            && redirect.text().ends_with("\">Temporary Redirect</a>.\n\n")
    );
    (running, client, clock, address)
}

fn get(address: &str) -> http::request::Builder {
    Request::get(address)
}

#[tokio::test]
async fn storage_is_another_origin_and_gives_the_blob() {
    let (running, _, _, address) = redirecting().await;
    assert!(!address.starts_with(&running.url()));
    assert!(address.starts_with(&running.storage_url().unwrap()));
    let blob = ask(get(&address).body(Body::empty()).unwrap()).await;
    assert_eq!((blob.status, blob.text()), (StatusCode::OK, "a layer".to_owned()));
    assert!(
        blob.headers
            .keys()
            .all(|name| !name.as_str().starts_with("access-control") && !name.as_str().starts_with("docker"))
    );
    let part = ask(get(&address).header("range", "bytes=2-4").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (part.status, part.header("content-range"), part.text().as_str()),
        (StatusCode::PARTIAL_CONTENT, "bytes 2-4/7", "lay")
    );
    let outside = ask(get(&address).header("range", "bytes=7-").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (outside.status, outside.header("content-range")),
        (StatusCode::RANGE_NOT_SATISFIABLE, "bytes */7")
    );
    let long = ask(get(&address).header("range", "bytes=5-99").body(Body::empty()).unwrap()).await;
    assert_eq!((long.status, long.header("content-range")), (StatusCode::PARTIAL_CONTENT, "bytes 5-6/7"));
    let suffix = ask(get(&address).header("range", "bytes=-2").body(Body::empty()).unwrap()).await;
    assert_eq!((suffix.status, suffix.text().as_str()), (StatusCode::OK, "a layer"));
}

#[tokio::test]
async fn a_range_of_another_blob_than_the_client_has_is_the_blob() {
    let (_running, _, _, address) = redirecting().await;
    let blob = ask(get(&address).body(Body::empty()).unwrap()).await;
    for (validator, status) in [
        (blob.header("etag"), StatusCode::PARTIAL_CONTENT),
        (blob.header("last-modified"), StatusCode::PARTIAL_CONTENT),
        ("\"0x8D0000000000000\"", StatusCode::OK),
        ("Wed, 24 Jan 2024 06:16:02 GMT", StatusCode::OK),
    ] {
        let request = get(&address).header("range", "bytes=0-1").header("if-range", validator);
        let answer = ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{validator}");
    }
}

/// Follows a redirect as Go does from 1.21 on: `Authorization` is dropped on the way to another host name, which a
/// subdomain is not, and another port neither (net/http, `shouldCopyHeaderOnRedirect`).
async fn follow_as_go_does(from: &str, token: &str, path: &str) -> Answer {
    let authorization = format!("Bearer {token}");
    let first = Request::get(format!("{from}{path}")).header("authorization", &authorization);
    let redirect = ask(first.body(Body::empty()).unwrap()).await;
    assert_eq!(redirect.status, StatusCode::TEMPORARY_REDIRECT);
    let target: http::Uri = redirect.header("location").parse().unwrap();
    let from: http::Uri = from.parse().unwrap();
    let (here, there) = (from.host().unwrap(), target.host().unwrap());
    let keeps = there == here || there.ends_with(&format!(".{here}"));
    let second = Request::get(target.clone());
    let second = if keeps { second.header("authorization", authorization) } else { second };
    ask(second.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn clients_that_keep_their_credentials_on_the_same_host_can_pull() {
    let (running, client, _, _) = redirecting().await;
    let blob = push_blob(&client, "app", "another layer").await;
    let token = client.token.unwrap();
    let path = format!("/v2/app/blobs/{blob}");
    for base in [running.url(), running.url().replace("127.0.0.1", "localhost")] {
        let pulled = follow_as_go_does(&base, &token, &path).await;
        assert_eq!((pulled.status, pulled.text().as_str()), (StatusCode::OK, "another layer"), "{base}");
    }
}

#[tokio::test]
async fn the_host_of_storage_can_be_named() {
    let builder = Emulator::builder().blob_redirect(true).storage_host("storage.test");
    let running = builder.start().await.unwrap();
    let mut client = Client::over_socket(&running);
    client.token = Some(client.anonymous_token(EVERYTHING).await);
    let blob = push_blob(&client, "app", "a layer").await;
    let redirect = client.get(&format!("/v2/app/blobs/{blob}")).await;
    assert!(redirect.header("location").starts_with("http://storage.test:"));
}

#[tokio::test]
async fn the_range_that_storage_clients_send_wins() {
    let (_running, _, _, address) = redirecting().await;
    let request = get(&address).header("range", "bytes=0-0").header("x-ms-range", "bytes=2-4");
    let part = ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!((part.status, part.text().as_str()), (StatusCode::PARTIAL_CONTENT, "lay"));
}

#[tokio::test]
async fn a_blob_whose_file_is_missing_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    for redirects in [true, false] {
        let builder =
            Emulator::builder().blob_redirect(redirects).data(folder.path().join(redirects.to_string()));
        let running = builder.start().await.unwrap();
        let mut client = Client::over_socket(&running);
        client.token = Some(client.anonymous_token(EVERYTHING).await);
        let blob = push_blob(&client, "app", "a layer").await;
        let hex = blob.strip_prefix("sha256:").unwrap();
        let blobs = folder.path().join(redirects.to_string()).join("blobs/sha256");
        std::fs::remove_file(blobs.join(hex.get(..2).unwrap()).join(hex)).unwrap();
        let mut answer = client.get(&format!("/v2/app/blobs/{blob}")).await;
        if redirects {
            answer = ask(get(answer.header("location")).body(Body::empty()).unwrap()).await;
            assert_eq!(answer.header("x-ms-error-code"), "BlobNotFound");
        } else {
            assert_eq!(answer.code(), "BLOB_UNKNOWN");
        }
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn storage_refuses_a_request_that_carries_authorization() {
    let (_running, client, _, address) = redirecting().await;
    let token = format!("Bearer {}", client.token.unwrap());
    let refused = ask(get(&address).header("authorization", token).body(Body::empty()).unwrap()).await;
    assert_eq!(
        (refused.status, refused.header("x-ms-error-code")),
        (StatusCode::BAD_REQUEST, "InvalidAuthenticationInfo")
    );
}

#[tokio::test]
async fn a_storage_address_is_short_lived_and_cannot_be_changed() {
    let (_running, _, clock, address) = redirecting().await;
    let other = address.replace("/data?se=2023", "/data?se=2033");
    let forged = ask(get(&other).body(Body::empty()).unwrap()).await;
    assert_eq!(
        (forged.status, forged.header("x-ms-error-code")),
        (StatusCode::FORBIDDEN, "AuthenticationFailed")
    );
    clock.advance(Duration::from_secs(20 * 60 - 1));
    assert_eq!(ask(get(&address).body(Body::empty()).unwrap()).await.status, StatusCode::OK);
    clock.advance(Duration::from_secs(1));
    assert_eq!(ask(get(&address).body(Body::empty()).unwrap()).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn without_redirects_the_registry_gives_the_bytes_and_ranges_itself() {
    let client = Client::new(&Emulator::builder().build().unwrap()).await;
    let blob = push_blob(&client, "app", "a layer").await;
    let path = format!("/v2/app/blobs/{blob}");
    let part = client.send(http::Method::GET, &path, &[("range", "bytes=5-")], "").await;
    assert_eq!((part.status, part.text().as_str()), (StatusCode::PARTIAL_CONTENT, "er"));
    let outside = client.send(http::Method::GET, &path, &[("range", "bytes=7-")], "").await;
    assert_eq!(
        (outside.status, outside.header("content-range")),
        (StatusCode::RANGE_NOT_SATISFIABLE, "bytes */7")
    );
    let head = client.send(http::Method::HEAD, &path, &[("range", "bytes=0-1")], "").await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (StatusCode::OK, "7", 0));
}
