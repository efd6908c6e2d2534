//! Manifests: every kind, verified against the digest, and who refers to them.

use acr_client_wasm::{
    Digest, ErrorKind, Manifest, ManifestChangeableAttributesPatch, MediaType, Reference, RepositoryName,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures_util::TryStreamExt as _;

use crate::script::{Reply, Script};

const INDEX: &str = r#"{ "schemaVersion": 2, "manifests": [{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:1","size":7,
    "platform":{"architecture":"arm64","os":"linux","variant":"v8","os.version":"10.0"}}], "x-unknown": {"kept": true} }"#;

fn alpine() -> RepositoryName {
    "alpine".parse().unwrap()
}

fn latest() -> Reference {
    "latest".parse().unwrap()
}

fn manifest(media_type: &str, bytes: &str) -> Reply {
    Reply::bytes(200, bytes).with("content-type", media_type)
}

#[tokio::test]
async fn a_manifest_keeps_its_bytes_and_says_its_digest() {
    let digest = Digest::of(INDEX.as_bytes());
    let reply = manifest(MediaType::OCI_INDEX, INDEX).with("docker-content-digest", digest.as_str());
    let script = Script::of([("GET /v2/alpine/manifests/latest", reply)]);
    let result = script.client().manifests().get(&alpine(), &latest()).await.unwrap();
    assert_eq!((result.digest, result.bytes.as_ref()), (digest, INDEX.as_bytes()));
    let platform = result.manifest.manifests()[0].platform.as_ref().unwrap();
    assert_eq!((platform.variant.as_deref(), platform.os_version.as_deref()), (Some("v8"), Some("10.0")));
    let accept = script.seen()[1].headers.get("accept").unwrap().to_owned();
    assert!(
        accept.contains(MediaType::DOCKER_MANIFEST_LIST) && accept.contains(MediaType::OCI_INDEX),
        "{accept}"
    );
}

#[tokio::test]
async fn the_digest_is_made_here_where_the_header_is_hidden() {
    let script = Script::of([("GET /v2/alpine/manifests/latest", manifest(MediaType::OCI_INDEX, INDEX))]);
    assert_eq!(
        script.client().manifests().get(&alpine(), &latest()).await.unwrap().digest,
        Digest::of(INDEX.as_bytes())
    );
}

#[tokio::test]
async fn bytes_that_are_not_what_the_digest_names_are_refused() {
    let asked = Digest::of(b"something else");
    let by_digest = format!("GET /v2/alpine/manifests/{asked}");
    let script = Script::of([
        (by_digest.as_str(), manifest(MediaType::OCI_INDEX, INDEX)),
        (
            "GET /v2/alpine/manifests/latest",
            manifest(MediaType::OCI_INDEX, INDEX).with("docker-content-digest", asked.as_str()),
        ),
    ]);
    let client = script.client();
    for reference in [Reference::Digest(asked.clone()), latest()] {
        let error = client.manifests().get(&alpine(), &reference).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::DigestMismatch, "Manifests_Get"));
    }
}

#[tokio::test]
async fn a_signed_schema_1_manifest_is_verified_without_its_signatures() {
    let payload = r#"{"schemaVersion":1,"name":"a","tag":"b","architecture":"amd64","fsLayers":[{"blobSum":"sha256:1"}],"history":[{"v1Compatibility":"{}"}]"#;
    let digest = Digest::of(format!("{payload}}}").as_bytes());
    let protected = URL_SAFE_NO_PAD.encode(format!(
        r#"{{"formatLength":{},"formatTail":"{}"}}"#,
        payload.len(),
        URL_SAFE_NO_PAD.encode("}")
    ));
    let signed = format!(
        r#"{payload},"signatures":[{{"header":{{"alg":"ES256"}},"signature":"x","protected":"{protected}"}}]}}"#
    );
    let reply = manifest(MediaType::DOCKER_V1_SIGNED, &signed).with("docker-content-digest", digest.as_str());
    let script = Script::of([("GET /v2/alpine/manifests/latest", reply)]);
    let result = script.client().manifests().get(&alpine(), &latest()).await.unwrap();
    assert_eq!(result.digest, digest);
    let Manifest::V1(v1) = result.manifest else { panic!("not of schema 1") };
    assert_eq!(
        (v1.fs_layers[0].blob_sum.as_str(), v1.signatures[0].header.alg.as_str()),
        ("sha256:1", "ES256")
    );
}

#[tokio::test]
async fn an_answer_that_is_no_manifest_is_a_decode_error() {
    let script = Script::of([("GET /v2/alpine/manifests/latest", manifest("text/html", "<html>"))]);
    assert_eq!(
        script.client().manifests().get(&alpine(), &latest()).await.unwrap_err().kind(),
        ErrorKind::Decode
    );
}

#[tokio::test]
async fn the_bytes_of_what_does_not_parse_are_given_and_still_verified() {
    let reply = || manifest("text/html", "<html>");
    let script = Script::of([("GET /v2/alpine/manifests/latest", reply())]);
    let content =
        script.client().manifests().content(&alpine(), &latest(), MediaType::ACCEPT_MANIFESTS).await.unwrap();
    assert_eq!((content.bytes.as_ref(), content.media_type.as_str()), (b"<html>".as_slice(), "text/html"));
    assert_eq!(content.digest, Digest::of(b"<html>"));

    let other = Digest::of(b"something else");
    let reply = reply().with("docker-content-digest", other.as_str());
    let script = Script::of([("GET /v2/alpine/manifests/latest", reply)]);
    let answer = script.client().manifests().content(&alpine(), &latest(), MediaType::ACCEPT_MANIFESTS).await;
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::DigestMismatch);
}

#[tokio::test]
async fn an_accept_header_that_cannot_be_is_refused_before_anything_is_sent() {
    let script = Script::of([]);
    let error =
        script.client().manifests().get_accepting(&alpine(), &latest(), "a\r\nx: y").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(script.seen().is_empty());
}

#[tokio::test]
async fn a_push_sends_the_bytes_unchanged_under_their_media_type() {
    let script = Script::of([("PUT /v2/alpine/manifests/latest", Reply::status(201))]);
    let media_type = MediaType::new("application/vnd.acme.rocket.v1+json");
    let digest = script
        .client()
        .manifests()
        .create(&alpine(), &latest(), &media_type, Bytes::from_static(INDEX.as_bytes()))
        .await
        .unwrap();
    assert_eq!(digest, Digest::of(INDEX.as_bytes()));
    let request = &script.seen()[1];
    assert_eq!(
        (request.body.as_ref(), request.headers.get("content-type").unwrap()),
        (INDEX.as_bytes(), media_type.as_str())
    );
}

#[tokio::test]
async fn a_push_under_another_digest_than_its_own_is_refused_before_anything_is_sent() {
    let script = Script::of([]);
    let reference = Reference::Digest(Digest::of(b"other"));
    let media_type = MediaType::new(MediaType::OCI_INDEX);
    let error = script
        .client()
        .manifests()
        .create(&alpine(), &reference, &media_type, Bytes::from_static(b"{}"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn attributes_by_tag_are_those_of_its_digest() {
    let digest = Digest::of(INDEX.as_bytes());
    let tag = || Reply::json(format!(r#"{{"tag":{{"name":"latest","digest":"{digest}"}}}}"#));
    let attributes = || {
        Reply::json(format!(r#"{{"imageName":"alpine","manifest":{{"digest":"{digest}","imageSize":7}}}}"#))
    };
    let (get, patch) = (
        format!("GET /acr/v1/alpine/_manifests/{digest}"),
        format!("PATCH /acr/v1/alpine/_manifests/{digest}"),
    );
    let script = Script::of([
        ("GET /acr/v1/alpine/_tags/latest", tag()),
        (get.as_str(), attributes()),
        ("GET /acr/v1/alpine/_tags/latest", tag()),
        (patch.as_str(), attributes()),
    ]);
    let manifests = script.client().manifests();
    assert_eq!(manifests.attributes(&alpine(), &latest()).await.unwrap().manifest.image_size, Some(7));
    let patch =
        ManifestChangeableAttributesPatch { quarantine_state: Some("Passed".into()), ..Default::default() };
    manifests.update_attributes(&alpine(), &latest(), &patch).await.unwrap();
    assert_eq!(script.seen().last().unwrap().body, r#"{"quarantineState":"Passed"}"#);
}

#[tokio::test]
async fn a_tag_that_does_not_resolve_is_the_failure_of_what_was_asked() {
    let script = Script::of([("GET /acr/v1/alpine/_tags/latest", Reply::error(404, "TAG_UNKNOWN"))]);
    let error = script.client().manifests().attributes(&alpine(), &latest()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotFound, "Manifests_GetAttributes"));
}

const SIGNATURE: &str = "application/vnd.dev.cosign.artifact.sig.v1+json";

fn referrers() -> String {
    format!(
        r#"{{"schemaVersion":2,"manifests":[{{"digest":"sha256:1","artifactType":"{SIGNATURE}"}},{{"digest":"sha256:2","artifactType":"application/spdx+json"}}]}}"#
    )
}

#[tokio::test]
async fn referrers_are_listed_and_filtered_even_where_the_registry_does_not_filter() {
    let digest = Digest::of(b"");
    let request = format!(
        "GET /v2/alpine/referrers/{digest}?artifactType=application%2Fvnd.dev.cosign.artifact.sig.v1%2Bjson"
    );
    let script = Script::of([(request.as_str(), Reply::json(referrers()))]);
    let found: Vec<_> = script
        .client()
        .manifests()
        .referrers(&alpine(), &digest, Some(SIGNATURE))
        .into_stream()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].digest, "sha256:1");
}

#[tokio::test]
async fn without_the_referrers_api_the_tag_of_the_digest_is_read() {
    let digest = Digest::of(b"");
    let (api, tag) = (
        format!("GET /v2/alpine/referrers/{digest}"),
        format!("GET /v2/alpine/manifests/sha256-{}", digest.hex()),
    );
    let missing = || Reply::bytes(404, "404 page not found\n");
    let script = Script::of([
        (api.as_str(), missing()),
        (tag.as_str(), Reply::json(referrers())),
        (api.as_str(), missing()),
        (tag.as_str(), Reply::error(404, "MANIFEST_UNKNOWN")),
    ]);
    let manifests = script.client().manifests();
    let found: Vec<_> =
        manifests.referrers(&alpine(), &digest, None).into_stream().try_collect().await.unwrap();
    assert_eq!(found.len(), 2);
    let none: Vec<_> =
        manifests.referrers(&alpine(), &digest, None).into_stream().try_collect().await.unwrap();
    assert!(none.is_empty());
    script.assert_done();
}
