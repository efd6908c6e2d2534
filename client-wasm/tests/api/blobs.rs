//! Blobs on their way out: verified, taken up again, in part, and gone.

use acr_client_wasm::{Digest, ErrorKind, Mount, RepositoryName};

use crate::script::{Reply, Script};

const CONTENT: &[u8] = b"the quick brown fox jumps over the lazy dog";

fn alpine() -> RepositoryName {
    "alpine".parse().unwrap()
}

fn line(method: &str) -> String {
    format!("{method} /v2/alpine/blobs/{}", Digest::of(CONTENT))
}

fn sized(status: u16, content: &[u8]) -> Reply {
    Reply::bytes(status, content).with("content-length", content.len().to_string())
}

#[tokio::test]
async fn a_blob_comes_in_pieces_and_is_verified_at_its_end() {
    let script = Script::of([(line("GET").as_str(), sized(200, CONTENT))]);
    let mut download = script.client().blobs().get(&alpine(), &Digest::of(CONTENT)).await.unwrap();
    assert_eq!(download.size(), Some(CONTENT.len() as u64));
    let mut received = Vec::new();
    let mut pieces = 0;
    while let Some(chunk) = download.chunk().await.unwrap() {
        received.extend_from_slice(&chunk);
        pieces += 1;
    }
    assert_eq!((received.as_slice(), pieces > 1), (CONTENT, true));
    assert_eq!(download.chunk().await, Ok(None));
}

#[tokio::test]
async fn bytes_that_are_not_the_blob_fail_at_the_end_and_stay_failed() {
    let script = Script::of([(line("GET").as_str(), Reply::bytes(200, "something else"))]);
    let mut download = script.client().blobs().get(&alpine(), &Digest::of(CONTENT)).await.unwrap();
    let error = loop {
        match download.chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("a wrong blob came to a good end"),
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind(), error.operation()), (ErrorKind::DigestMismatch, "Blob_Get"));
    assert_eq!(download.chunk().await.unwrap_err(), error);
}

#[tokio::test]
async fn a_download_that_breaks_off_goes_on_where_it_was() {
    let rest = sized(206, &CONTENT[20..])
        .with("content-range", format!("bytes 20-{}/{}", CONTENT.len() - 1, CONTENT.len()));
    let broken =
        Reply::Break(200, vec![("content-length", CONTENT.len().to_string())], CONTENT[..20].to_vec());
    let script = Script::of([(line("GET").as_str(), broken), (line("GET").as_str(), rest)]);
    let bytes = script.client().blobs().get_bytes(&alpine(), &Digest::of(CONTENT), 100).await.unwrap();
    assert_eq!(bytes, CONTENT);
    assert_eq!(script.seen().last().unwrap().headers.get("range"), Some("bytes=20-"));
}

#[tokio::test]
async fn a_download_that_ends_early_without_an_error_goes_on_too() {
    let short = Reply::bytes(200, &CONTENT[..20]).with("content-length", CONTENT.len().to_string());
    let script =
        Script::of([(line("GET").as_str(), short), (line("GET").as_str(), sized(206, &CONTENT[20..]))]);
    assert_eq!(
        script.client().blobs().get_bytes(&alpine(), &Digest::of(CONTENT), 100).await.unwrap(),
        CONTENT
    );
}

#[tokio::test]
async fn a_registry_that_cannot_go_on_ends_the_download() {
    let broken = Reply::Break(200, Vec::new(), CONTENT[..20].to_vec());
    let script = Script::of([(line("GET").as_str(), broken), (line("GET").as_str(), sized(200, CONTENT))]);
    let error = script.client().blobs().get_bytes(&alpine(), &Digest::of(CONTENT), 100).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network);
}

#[tokio::test]
async fn a_blob_larger_than_allowed_is_not_read_into_memory() {
    for reply in [sized(200, CONTENT), Reply::bytes(200, CONTENT)] {
        let script = Script::of([(line("GET").as_str(), reply)]);
        let error = script.client().blobs().get_bytes(&alpine(), &Digest::of(CONTENT), 10).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn a_part_of_a_blob_is_given_whether_or_not_the_server_knows_ranges() {
    let digest = Digest::of(CONTENT);
    let part = Reply::bytes(206, &CONTENT[4..=8]).with("content-range", "bytes 4-8/43");
    let other = Reply::bytes(206, &CONTENT[0..=4]).with("content-range", "bytes 0-4/43");
    let script = Script::of([
        (line("GET").as_str(), part),
        (line("GET").as_str(), sized(200, CONTENT)),
        (line("GET").as_str(), other),
        (line("GET").as_str(), sized(200, CONTENT)),
    ]);
    let blobs = script.client().blobs();
    assert_eq!(blobs.get_chunk(&alpine(), &digest, 4, 8).await.unwrap(), "quick");
    assert_eq!(script.seen().last().unwrap().headers.get("range"), Some("bytes=4-8"));
    assert_eq!(blobs.get_chunk(&alpine(), &digest, 4, 8).await.unwrap(), "quick");
    assert_eq!(blobs.get_chunk(&alpine(), &digest, 4, 8).await.unwrap_err().kind(), ErrorKind::Protocol);
    assert_eq!(
        blobs.get_chunk(&alpine(), &digest, 400, 401).await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(blobs.get_chunk(&alpine(), &digest, 8, 4).await.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(
        blobs.get_chunk(&alpine(), &digest, 0, u64::MAX).await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    script.assert_done();
}

#[tokio::test]
async fn a_blob_is_checked_by_its_head_and_an_unknown_one_is_none() {
    let digest = Digest::of(CONTENT);
    let there =
        || Reply::status(200).with("content-length", "43").with("docker-content-digest", digest.as_str());
    let script = Script::of([
        (line("HEAD").as_str(), there()),
        (line("HEAD").as_str(), Reply::status(404)),
        (line("HEAD").as_str(), there()),
        (line("HEAD").as_str(), Reply::status(404)),
    ]);
    let blobs = script.client().blobs();
    let properties = blobs.check(&alpine(), &digest).await.unwrap().unwrap();
    assert_eq!((properties.size, &properties.digest), (43, &digest));
    assert_eq!(blobs.check(&alpine(), &digest).await.unwrap(), None);
    assert_eq!(blobs.check_chunk(&alpine(), &digest, 0, 9).await.unwrap(), Some(43));
    assert_eq!(blobs.check_chunk(&alpine(), &digest, 0, 9).await.unwrap(), None);
}

#[tokio::test]
async fn a_deleted_blob_whose_answer_got_lost_is_looked_for() {
    let script =
        Script::of([(line("DELETE").as_str(), Reply::Drop), (line("HEAD").as_str(), Reply::status(404))]);
    script.client().blobs().delete(&alpine(), &Digest::of(CONTENT)).await.unwrap();
}

#[tokio::test]
async fn a_mount_ends_mounted_or_as_an_upload() {
    let digest = Digest::of(CONTENT);
    let request = format!(
        "POST /v2/hello-world/blobs/uploads/?from=alpine&mount={}",
        digest.as_str().replace(':', "%3A")
    );
    let upload = Reply::status(202)
        .with("location", "/v2/hello-world/blobs/uploads/1?_state=x%3D")
        .with("range", "0-0");
    let script = Script::of([(request.as_str(), Reply::status(201)), (request.as_str(), upload)]);
    let blobs = script.client().blobs();
    let to = "hello-world".parse().unwrap();
    assert!(matches!(blobs.mount(&to, &alpine(), &digest).await.unwrap(), Mount::Mounted));
    let Mount::Upload(upload) = blobs.mount(&to, &alpine(), &digest).await.unwrap() else {
        panic!("mounted")
    };
    assert_eq!((upload.location(), upload.offset()), ("/v2/hello-world/blobs/uploads/1?_state=x%3D", 0));
    let token = String::from_utf8(script.token_requests()[0].body.to_vec()).unwrap();
    assert!(
        token.contains("scope=repository%3Ahello-world%3Apull%2Cpush%20repository%3Aalpine%3Apull"),
        "{token}"
    );
}

#[tokio::test]
async fn a_part_of_a_blob_streams_and_is_resumed() {
    let total = CONTENT.len();
    let range = |first: usize| format!("bytes {first}-19/{total}");
    let broken = Reply::Break(206, vec![("content-range", range(4))], CONTENT[4..10].to_vec());
    let rest = sized(206, &CONTENT[10..20]).with("content-range", range(10));
    let script = Script::of([(line("GET").as_str(), broken), (line("GET").as_str(), rest)]);
    let blobs = script.client().blobs();
    let mut download = blobs.get_range(&alpine(), &Digest::of(CONTENT), 4, 19).await.unwrap();
    assert_eq!(download.size(), Some(16));
    let mut received = Vec::new();
    while let Some(chunk) = download.chunk().await.unwrap() {
        received.extend_from_slice(&chunk);
    }
    assert_eq!(received, &CONTENT[4..20]);
    let ranges: Vec<_> =
        script.seen().iter().filter_map(|it| it.headers.get("range").map(str::to_owned)).collect();
    assert_eq!(ranges, ["bytes=4-19", "bytes=10-19"]);
    assert_eq!(
        blobs.get_range(&alpine(), &Digest::of(CONTENT), 2, 1).await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}

#[tokio::test]
async fn a_blob_is_verified_by_the_algorithm_of_its_digest() {
    let sha512: Digest = format!("sha512:{}", "0".repeat(128)).parse().unwrap();
    let digest = sha512.recompute(CONTENT);
    let path = format!("GET /v2/alpine/blobs/{digest}");
    let script = Script::of([(path.as_str(), sized(200, CONTENT)), (path.as_str(), sized(200, b"other"))]);
    let blobs = script.client().blobs();
    assert_eq!(blobs.get_bytes(&alpine(), &digest, 100).await.unwrap(), CONTENT);
    let error = blobs.get_bytes(&alpine(), &digest, 100).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DigestMismatch);
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_last_byte_loses_nothing() {
    let length = || vec![("content-length", CONTENT.len().to_string())];
    let range = || vec![("content-range", "bytes 4-19/43".to_owned())];
    let script = Script::of([
        (line("GET").as_str(), Reply::Break(200, length(), CONTENT.to_vec())),
        // The registry says no size: the digest shows that the blob is complete.
        (line("GET").as_str(), Reply::Break(200, Vec::new(), CONTENT.to_vec())),
        (line("GET").as_str(), Reply::Break(206, range(), CONTENT[4..20].to_vec())),
        (line("GET").as_str(), Reply::Break(206, Vec::new(), CONTENT[4..20].to_vec())),
    ]);
    let blobs = script.client().blobs();
    for _ in 0..2 {
        assert_eq!(blobs.get_bytes(&alpine(), &Digest::of(CONTENT), 100).await.unwrap(), CONTENT);
    }
    for _ in 0..2 {
        let mut download = blobs.get_range(&alpine(), &Digest::of(CONTENT), 4, 19).await.unwrap();
        assert_eq!(all_of(&mut download).await.unwrap(), &CONTENT[4..20]);
    }
    script.assert_done();
}

#[tokio::test]
async fn a_blob_of_unknown_size_is_complete_where_the_registry_has_no_more_of_it() {
    let broken = Reply::Break(200, Vec::new(), CONTENT.to_vec());
    let script = Script::of([(line("GET").as_str(), broken), (line("GET").as_str(), Reply::status(416))]);
    let download = script.client().blobs().get(&alpine(), &Digest::of(CONTENT)).await.unwrap();
    assert_eq!(all_of(&mut download.without_verification()).await.unwrap(), CONTENT);
    script.assert_done();
}

#[tokio::test]
async fn breaks_are_counted_from_the_last_progress_on() {
    let answer = |at: usize| match at {
        0 => Reply::Break(200, vec![("content-length", CONTENT.len().to_string())], CONTENT[..1].to_vec()),
        _ => Reply::Break(206, Vec::new(), CONTENT[at..=at].to_vec()),
    };
    let get = line("GET");
    let script = Script::of(std::array::from_fn::<_, { CONTENT.len() }, _>(|at| (get.as_str(), answer(at))));
    assert_eq!(
        script.client().blobs().get_bytes(&alpine(), &Digest::of(CONTENT), 100).await.unwrap(),
        CONTENT
    );
    script.assert_done();
    let nothing = || (get.as_str(), Reply::Break(206, Vec::new(), Vec::new()));
    let script = Script::of([(get.as_str(), answer(0)), nothing(), nothing(), nothing()]);
    let error = script.client().blobs().get_bytes(&alpine(), &Digest::of(CONTENT), 100).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network);
}

#[tokio::test]
async fn the_answer_to_the_request_for_the_rest_is_the_error() {
    for (status, code, kind) in [
        (401, "UNAUTHORIZED", ErrorKind::Unauthorized),
        (404, "BLOB_UNKNOWN", ErrorKind::NotFound),
        (429, "TOOMANYREQUESTS", ErrorKind::RateLimited),
    ] {
        let broken =
            Reply::Break(200, vec![("content-length", CONTENT.len().to_string())], CONTENT[..20].to_vec());
        let refusal = || Reply::error(status, code).with("retry-after", "120");
        let script = Script::of([
            (line("GET").as_str(), broken),
            (line("GET").as_str(), refusal()),
            (line("GET").as_str(), refusal()),
        ]);
        let error =
            script.client().blobs().get_bytes(&alpine(), &Digest::of(CONTENT), 100).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)));
    }
}

async fn all_of(download: &mut acr_client_wasm::BlobDownload) -> Result<Vec<u8>, acr_client_wasm::Error> {
    let mut received = Vec::new();
    while let Some(chunk) = download.chunk().await? {
        received.extend_from_slice(&chunk);
    }
    Ok(received)
}
