//! Blobs on their way in: in chunks, taken up again at the registry's own offset, cancelled when their caller has gone.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use acr_client_wasm::{Digest, Error, ErrorKind, Progress, RepositoryName, UploadOptions, UploadedBlob};
use bytes::Bytes;
use futures_util::{FutureExt as _, stream};

use crate::script::{Reply, Script};
use crate::world::World;

const CONTENT: &[u8] = b"0123456789abcdefghij!";
const START: &str = "POST /v2/alpine/blobs/uploads/";

fn alpine() -> RepositoryName {
    "alpine".parse().unwrap()
}

/// The registry's answer to a chunk: where to go on, and the last byte it holds.
fn accepted(state: u32, last_byte: u64) -> Reply {
    Reply::status(202)
        .with("location", format!("/v2/alpine/blobs/uploads/u?_state={state}"))
        .with("range", format!("0-{last_byte}"))
}

fn held(state: u32, last_byte: u64) -> Reply {
    Reply::status(204)
        .with("location", format!("/v2/alpine/blobs/uploads/u?_state={state}"))
        .with("range", format!("0-{last_byte}"))
}

fn end(state: u32) -> String {
    let digest = Digest::of(CONTENT);
    format!("PUT /v2/alpine/blobs/uploads/u?_state={state}&digest={}", digest.as_str().replace(':', "%3A"))
}

fn created() -> Reply {
    Reply::status(201).with("docker-content-digest", Digest::of(CONTENT).as_str())
}

async fn upload(script: &Script, options: UploadOptions) -> Result<UploadedBlob, Error> {
    let pieces = CONTENT.chunks(4).map(|piece| Ok::<_, Infallible>(Bytes::from_static(piece)));
    script.client().blobs().upload(&alpine(), stream::iter(pieces), options).await
}

fn tens() -> UploadOptions {
    UploadOptions { chunk_size: Some(10), ..UploadOptions::default() }
}

fn ranges(script: &Script) -> Vec<String> {
    let range = |request: &acr_client_wasm::Request| Some(request.headers.get("content-range")?.to_owned());
    script.seen().iter().filter_map(range).collect()
}

#[tokio::test]
async fn content_goes_out_in_chunks_each_to_the_location_last_given() {
    let script = Script::of([
        (START, accepted(0, 0)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=0", accepted(1, 9)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=1", accepted(2, 19)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=2", accepted(3, 20)),
        (end(3).as_str(), created()),
    ]);
    let reported = Rc::new(RefCell::new(Vec::new()));
    let report = reported.clone();
    let progress = Box::new(move |progress: Progress| {
        report.borrow_mut().push((progress.loaded_bytes, progress.total_bytes))
    });
    let blob = upload(&script, UploadOptions { progress: Some(progress), total_bytes: Some(21), ..tens() })
        .await
        .unwrap();
    assert_eq!(blob, UploadedBlob { digest: Digest::of(CONTENT), size: 21 });
    assert_eq!(*reported.borrow(), [(10, Some(21)), (20, Some(21)), (21, Some(21))]);
    assert_eq!(ranges(&script), ["0-9", "10-19", "20-20"]);
    assert_eq!(World::run_spawned().await, 0);
    script.assert_done();
}

#[tokio::test]
async fn after_a_lost_connection_the_registry_says_where_to_go_on() {
    let script = Script::of([
        (START, accepted(0, 0)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=0", Reply::Drop),
        ("GET /v2/alpine/blobs/uploads/u?_state=0", held(1, 3)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=1", accepted(2, 9)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=2", Reply::status(503)),
        ("GET /v2/alpine/blobs/uploads/u?_state=2", held(3, 19)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=3", Reply::Drop),
        ("GET /v2/alpine/blobs/uploads/u?_state=3", held(4, 19)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=4", accepted(5, 20)),
        (end(5).as_str(), created()),
    ]);
    assert_eq!(upload(&script, tens()).await.unwrap().size, 21);
    assert_eq!(ranges(&script), ["0-9", "4-9", "10-19", "20-20", "20-20"]);
    let resent = &script.seen().into_iter().filter(|request| request.method == "PATCH").nth(1).unwrap().body;
    assert_eq!(resent, "456789");
}

#[tokio::test]
async fn an_end_that_got_lost_is_done_when_the_blob_is_there_and_repeated_when_it_is_not() {
    let head = format!("HEAD /v2/alpine/blobs/{}", Digest::of(CONTENT));
    let script = Script::of([
        (START, accepted(0, 0)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=0", accepted(1, 20)),
        (end(1).as_str(), Reply::Drop),
        (head.as_str(), Reply::status(404)),
        ("GET /v2/alpine/blobs/uploads/u?_state=1", held(2, 20)),
        (end(2).as_str(), Reply::Drop),
        (head.as_str(), Reply::status(200).with("content-length", "21")),
    ]);
    assert_eq!(upload(&script, UploadOptions::default()).await.unwrap().size, 21);
    script.assert_done();
}

#[tokio::test]
async fn an_upload_whose_caller_goes_away_is_cancelled_at_the_registry() {
    let script = Script::of([
        (START, accepted(0, 0)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=0", accepted(1, 9)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=1", Reply::Hang),
        ("DELETE /v2/alpine/blobs/uploads/u?_state=1", Reply::status(204)),
    ]);
    assert!(upload(&script, tens()).now_or_never().is_none());
    assert_eq!(World::run_spawned().await, 1);
    script.assert_done();
}

#[tokio::test]
async fn an_upload_that_fails_is_cancelled_at_the_registry() {
    let script = Script::of([
        (START, accepted(0, 0)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=0", accepted(1, 20)),
        (end(1).as_str(), Reply::error(400, "DIGEST_INVALID")),
        ("DELETE /v2/alpine/blobs/uploads/u?_state=1", Reply::status(204)),
    ]);
    assert_eq!(
        upload(&script, UploadOptions::default()).await.unwrap_err().kind(),
        ErrorKind::DigestMismatch
    );
    assert_eq!(World::run_spawned().await, 1);
    script.assert_done();
}

#[tokio::test]
async fn content_that_cannot_be_read_or_is_not_as_long_as_announced_fails_the_upload() {
    let start = || {
        Script::of([(START, accepted(0, 0)), ("PATCH /v2/alpine/blobs/uploads/u?_state=0", accepted(1, 20))])
    };
    for total_bytes in [20, 22] {
        let error =
            upload(&start(), UploadOptions { total_bytes: Some(total_bytes), ..UploadOptions::default() })
                .await
                .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{total_bytes}");
    }
    let broken = stream::iter([Ok(Bytes::from_static(b"a")), Err("the file is gone")]);
    let error =
        start().client().blobs().upload(&alpine(), broken, UploadOptions::default()).await.unwrap_err();
    assert!(error.to_string().contains("the file is gone"), "{error}");
}

#[tokio::test]
async fn an_empty_blob_is_a_blob() {
    let digest = Digest::of(b"");
    let end =
        format!("PUT /v2/alpine/blobs/uploads/u?_state=0&digest={}", digest.as_str().replace(':', "%3A"));
    let script = Script::of([(START, accepted(0, 0)), (end.as_str(), Reply::status(201))]);
    let blob = script
        .client()
        .blobs()
        .upload(&alpine(), stream::empty::<Result<Bytes, Infallible>>(), UploadOptions::default())
        .await
        .unwrap();
    assert_eq!(blob, UploadedBlob { digest, size: 0 });
}

#[tokio::test]
async fn an_upload_by_hand_is_asked_ended_with_a_last_chunk_and_cancelled() {
    let script = Script::of([
        (START, accepted(0, 0)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=0", accepted(1, 9)),
        ("GET /v2/alpine/blobs/uploads/u?_state=1", held(2, 9)),
        (end(2).as_str(), created()),
        (START, accepted(0, 0)),
        ("DELETE /v2/alpine/blobs/uploads/u?_state=0", Reply::error(404, "BLOB_UPLOAD_UNKNOWN")),
    ]);
    let blobs = script.client().blobs();
    let mut upload = blobs.start_upload(&alpine()).await.unwrap();
    assert_eq!(upload.append(Bytes::from_static(&CONTENT[..10])).await.unwrap(), 10);
    assert_eq!(upload.status().await.unwrap(), 10);
    let digest = upload.end(&Digest::of(CONTENT), Bytes::from_static(&CONTENT[10..])).await.unwrap();
    assert_eq!((digest, upload.offset()), (Digest::of(CONTENT), 21));
    assert_eq!(upload.append(Bytes::new()).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    blobs.start_upload(&alpine()).await.unwrap().cancel().await.unwrap();
    script.assert_done();
}

#[tokio::test]
async fn a_location_that_leads_elsewhere_is_refused() {
    for location in [
        "/v2/other/blobs/uploads/u",
        "//evil.example/v2/alpine/blobs/uploads/u",
        "/v2/alpine/blobs/uploads/../../x",
        "",
    ] {
        let script = Script::of([(START, Reply::status(202).with("location", location))]);
        assert_eq!(
            script.client().blobs().start_upload(&alpine()).await.unwrap_err().kind(),
            ErrorKind::Protocol,
            "{location}"
        );
    }
    let script = Script::of([(START, Reply::status(202))]);
    assert_eq!(
        script.client().blobs().start_upload(&alpine()).await.unwrap_err().kind(),
        ErrorKind::Protocol
    );
}

#[tokio::test]
async fn one_byte_is_not_mistaken_for_none() {
    let digest = Digest::of(b"x");
    let end =
        format!("PUT /v2/alpine/blobs/uploads/u?_state=1&digest={}", digest.as_str().replace(':', "%3A"));
    let script = Script::of([
        (START, accepted(0, 0)),
        ("PATCH /v2/alpine/blobs/uploads/u?_state=0", accepted(1, 0)),
        (end.as_str(), Reply::status(201)),
    ]);
    let content = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"x"))]);
    assert_eq!(
        script.client().blobs().upload(&alpine(), content, UploadOptions::default()).await.unwrap().size,
        1
    );
}
