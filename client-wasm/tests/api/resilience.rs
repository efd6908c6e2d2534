//! Retries of what is safe to repeat, and care with what is not.

use std::time::Duration;

use acr_client_wasm::{
    ChangeableAttributesPatch, Credential, Digest, ErrorKind, Governor, MediaType, Reference, RegistryClient,
    RepositoryName, RetryPolicy, TagName,
};
use bytes::Bytes;
use futures_util::FutureExt as _;

use crate::script::{ENDPOINT, Reply, Script};
use crate::world::World;

const ATTRIBUTES: &str = r#"{"registry":"demo.azurecr.io","imageName":"alpine"}"#;
const TAG: &str = r#"{"registry":"r","imageName":"alpine","tag":{"name":"old","digest":"sha256:0"}}"#;

fn alpine() -> RepositoryName {
    "alpine".parse().unwrap()
}

fn old() -> TagName {
    "old".parse().unwrap()
}

#[tokio::test]
async fn reads_are_repeated_after_lost_connections_and_server_failures_with_growing_waits() {
    let script = Script::of([
        ("GET /acr/v1/alpine", Reply::Drop),
        ("GET /acr/v1/alpine", Reply::status(503)),
        ("GET /acr/v1/alpine", Reply::Break(200, Vec::new(), b"{".to_vec())),
        ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES)),
    ]);
    let world = World::default();
    script.client_with(Credential::Anonymous, &world).repositories().attributes(&alpine()).await.unwrap();
    assert_eq!(world.sleeps(), [500, 1000, 2000].map(Duration::from_millis));
}

#[tokio::test]
async fn after_the_last_retry_the_failure_is_reported() {
    let script = Script::of([(); 4].map(|()| ("GET /acr/v1/alpine", Reply::Drop)));
    let error = script.client().repositories().attributes(&alpine()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Network, "Repository_GetAttributes"));
    script.assert_done();
}

#[tokio::test]
async fn no_retries_means_none() {
    let script = Script::of([("GET /acr/v1/alpine", Reply::status(503))]);
    let client = RegistryClient::builder(ENDPOINT)
        .transport(script.clone())
        .environment(World::default())
        .retry(RetryPolicy { max_retries: 0, ..RetryPolicy::default() })
        .build()
        .unwrap();
    assert_eq!(client.repositories().attributes(&alpine()).await.unwrap_err().kind(), ErrorKind::Server);
}

#[tokio::test]
async fn retry_after_is_obeyed() {
    let throttled = Reply::error(429, "TOOMANYREQUESTS").with("retry-after", "7");
    let script =
        Script::of([("GET /acr/v1/alpine", throttled), ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES))]);
    let world = World::default();
    let client = script.client_with(Credential::Anonymous, &world);
    client.repositories().attributes(&alpine()).await.unwrap();
    assert!(world.sleeps()[0] >= Duration::from_secs(7), "{:?}", world.sleeps());
}

#[tokio::test]
async fn a_wait_longer_than_the_longest_is_reported_instead_of_waited_and_holds_for_every_call() {
    let throttled = Reply::error(429, "TOOMANYREQUESTS").with("retry-after", "120");
    let script =
        Script::of([("GET /acr/v1/alpine", throttled), ("GET /acr/v1/busybox", Reply::json(ATTRIBUTES))]);
    let world = World::default();
    let client = script.client_with(Credential::Anonymous, &world);
    let error = client.repositories().attributes(&alpine()).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(Duration::from_secs(120))));
    assert_eq!(client.rate_limit().unwrap().throttled_until, Some(Duration::from_secs(120)));
    world.pass(Duration::from_secs(80));
    let error = client.repositories().attributes(&"busybox".parse().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(Duration::from_secs(40))));
    assert_eq!(script.calls().len(), 1);
    world.pass(Duration::from_secs(40));
    client.repositories().attributes(&"busybox".parse().unwrap()).await.unwrap();
}

#[tokio::test]
async fn clients_that_share_a_governor_hold_back_together() {
    let throttled = Reply::error(429, "TOOMANYREQUESTS").with("retry-after", "120");
    let (first, second) = (Script::of([("GET /acr/v1/alpine", throttled)]), Script::of([]));
    let (governor, world) = (Governor::new(), World::default());
    let client = |script: &Script| {
        let builder = RegistryClient::builder(ENDPOINT).governor(governor.clone());
        builder.transport(script.clone()).environment(world.clone()).build().unwrap()
    };
    client(&first).repositories().attributes(&alpine()).await.unwrap_err();
    let error = client(&second).repositories().attributes(&alpine()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(second.calls().is_empty(), "{:?}", second.calls());
}

#[tokio::test]
async fn what_is_left_of_the_limit_is_shown() {
    let script = Script::of([(
        "GET /acr/v1/alpine",
        Reply::json(ATTRIBUTES).with("x-ms-ratelimit-remaining-calls-per-second", "8.000000"),
    )]);
    let client = script.client();
    assert_eq!(client.rate_limit(), None);
    client.repositories().attributes(&alpine()).await.unwrap();
    assert_eq!(client.rate_limit().unwrap().remaining_calls_per_second, Some(8.0));
}

#[tokio::test]
async fn other_errors_are_not_repeated() {
    for (status, code, kind) in [
        (404, "NAME_UNKNOWN", ErrorKind::NotFound),
        (500, "UNKNOWN", ErrorKind::Server),
        (403, "DENIED", ErrorKind::Forbidden),
    ] {
        let script = Script::of([("GET /acr/v1/alpine", Reply::error(status, code))]);
        let error = script.client().repositories().attributes(&alpine()).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)));
        assert_eq!(error.errors()[0].code, code);
    }
}

#[tokio::test]
async fn a_change_of_attributes_may_be_repeated() {
    let script = Script::of([
        ("PATCH /acr/v1/alpine", Reply::Drop),
        ("PATCH /acr/v1/alpine", Reply::json(ATTRIBUTES)),
    ]);
    let patch = ChangeableAttributesPatch { write_enabled: Some(false), ..Default::default() };
    script.client().repositories().update_attributes(&alpine(), &patch).await.unwrap();
    assert_eq!(script.seen()[1].body, r#"{"writeEnabled":false}"#);
    script.assert_done();
}

#[tokio::test]
async fn a_deletion_that_got_lost_is_done_when_the_registry_no_longer_knows_the_thing() {
    let script = Script::of([
        ("DELETE /acr/v1/alpine/_tags/old", Reply::Drop),
        ("GET /acr/v1/alpine/_tags/old", Reply::error(404, "TAG_UNKNOWN")),
    ]);
    script.client().tags().delete(&alpine(), &old()).await.unwrap();
    script.assert_done();
}

#[tokio::test]
async fn a_deletion_that_got_lost_is_repeated_when_the_thing_is_still_there() {
    let script = Script::of([
        ("DELETE /acr/v1/alpine/_tags/old", Reply::status(504)),
        ("GET /acr/v1/alpine/_tags/old", Reply::json(TAG)),
        ("DELETE /acr/v1/alpine/_tags/old", Reply::error(404, "TAG_UNKNOWN")),
    ]);
    script.client().tags().delete(&alpine(), &old()).await.unwrap();
    script.assert_done();
}

#[tokio::test]
async fn a_deletion_that_got_lost_is_not_repeated_when_the_registry_does_not_say() {
    let script = Script::of([
        ("DELETE /acr/v1/alpine/_tags/old", Reply::Drop),
        ("GET /acr/v1/alpine/_tags/old", Reply::error(403, "DENIED")),
    ]);
    assert_eq!(
        script.client().tags().delete(&alpine(), &old()).await.unwrap_err().kind(),
        ErrorKind::Network
    );
    script.assert_done();
}

#[tokio::test]
async fn the_deletion_of_something_unknown_is_an_error() {
    let script = Script::of([("DELETE /acr/v1/alpine/_tags/old", Reply::error(404, "TAG_UNKNOWN"))]);
    assert_eq!(
        script.client().tags().delete(&alpine(), &old()).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn a_throttled_deletion_was_not_done_and_is_repeated_without_asking() {
    let script = Script::of([
        ("DELETE /acr/v1/alpine", Reply::error(429, "TOOMANYREQUESTS").with("retry-after", "1")),
        (
            "DELETE /acr/v1/alpine",
            Reply::Answer(
                202,
                Vec::new(),
                br#"{"manifestsDeleted":["sha256:0"],"tagsDeleted":null}"#.to_vec(),
            ),
        ),
    ]);
    let deleted = script.client().repositories().delete(&alpine()).await.unwrap();
    assert_eq!((deleted.manifests_deleted.len(), deleted.tags_deleted.len()), (1, 0));
}

#[tokio::test]
async fn a_push_that_got_lost_is_looked_for_before_it_is_repeated() {
    let bytes = Bytes::from_static(br#"{"schemaVersion":2}"#);
    let digest = Digest::of(&bytes);
    let other = Digest::of(b"other");
    let found = |digest: &Digest| Reply::status(200).with("docker-content-digest", digest.as_str());
    let reference: Reference = "latest".parse().unwrap();
    let (put, head) = ("PUT /v2/alpine/manifests/latest", "HEAD /v2/alpine/manifests/latest");
    let script = Script::of([
        (put, Reply::Drop),
        (head, found(&other)),
        (put, Reply::status(502)),
        (head, Reply::error(404, "MANIFEST_UNKNOWN")),
        (put, Reply::Drop),
        (head, found(&digest)),
    ]);
    let media_type = MediaType::new(MediaType::OCI_MANIFEST);
    assert_eq!(
        script.client().manifests().create(&alpine(), &reference, &media_type, bytes).await.unwrap(),
        digest
    );
    script.assert_done();
}

#[tokio::test]
async fn nothing_is_left_of_a_dropped_call() {
    let script =
        Script::of([("GET /acr/v1/alpine", Reply::Hang), ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES))]);
    let client = script.client();
    assert!(client.repositories().attributes(&alpine()).now_or_never().is_none());
    client.repositories().attributes(&alpine()).await.unwrap();
}

#[tokio::test]
async fn a_leader_whose_caller_goes_away_is_replaced_at_the_token_service() {
    let script =
        Script::of([("POST /oauth2/token", Reply::Hang), ("GET /acr/v1/alpine", Reply::json(ATTRIBUTES))]);
    let client = script.client();
    let (repositories, name) = (client.repositories(), alpine());
    let mut leader = Box::pin(repositories.attributes(&name));
    assert!((&mut leader).now_or_never().is_none());
    let mut waiter = Box::pin(repositories.attributes(&name));
    assert!((&mut waiter).now_or_never().is_none());
    drop(leader);
    waiter.await.unwrap();
    assert_eq!(script.token_requests().len(), 2);
}

#[tokio::test]
async fn a_request_that_cannot_be_sent_is_not_sent_again() {
    let script =
        Script::of([("GET /acr/v1/alpine", Reply::Unsendable), ("DELETE /acr/v1/alpine", Reply::Unsendable)]);
    let repositories = script.client().repositories();
    assert_eq!(repositories.attributes(&alpine()).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(repositories.delete(&alpine()).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    script.assert_done();
}
