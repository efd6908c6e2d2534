//! Manifests: what is computed from a push, what is refused, what is pulled, and who refers to whom.

use std::sync::Arc;
use std::time::Duration;

use acr_emulator::{Behaviour, Emulator, ManualClock, Time};
use http::{Method, StatusCode};
use rstest::rstest;
use serde_json::json;

use crate::client::Client;
use crate::image::{
    DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST, digest, image_manifest, push_image, push_index,
    push_manifest,
};

async fn client() -> Client {
    Client::new(&Emulator::builder().build().unwrap()).await
}

#[tokio::test]
async fn sizes_platforms_and_references_are_computed() {
    let client = client().await;
    let index = push_index(&client, "app", Some("1"), OCI_INDEX, "twelve bytes").await;
    let attributes = client.get(&format!("/acr/v1/app/_manifests/{}", index.digest)).await.json();
    let references = attributes["manifest"]["references"].as_array().unwrap();
    assert_eq!(
        references.iter().map(|r| r["architecture"].as_str().unwrap()).collect::<Vec<_>>(),
        ["amd64", "arm64"]
    );
    let mut children = 0;
    for reference in references {
        let path = format!("/acr/v1/app/_manifests/{}", reference["digest"].as_str().unwrap());
        let child = client.get(&path).await.json()["manifest"].clone();
        let manifest = client.get(&path.replace("acr/v1", "v2").replace("_manifests", "manifests")).await;
        let config = manifest.json()["config"]["size"].as_u64().unwrap();
        assert_eq!(child["imageSize"], manifest.body.len() as u64 + config + 12);
        assert_eq!((&child["architecture"], &child["os"]), (&reference["architecture"], &"linux".into()));
        assert_eq!(child["configMediaType"], "application/vnd.oci.image.config.v1+json");
        assert!(child.get("tags").is_none() && child.get("references").is_none());
        children += child["imageSize"].as_u64().unwrap();
    }
    assert_eq!(attributes["manifest"]["imageSize"], children + index.bytes.len() as u64);
    assert!(attributes["manifest"].get("architecture").is_none());
    let row = client.get("/acr/v1/app/_manifests").await.text();
    assert!(!row.contains("references"));
}

#[rstest]
#[case(OCI_MANIFEST, "not json")]
#[case(OCI_MANIFEST, "{}")]
#[case(
    OCI_MANIFEST,
    r#"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json"}"#
)]
#[case("text/plain", "{}")]
#[case(OCI_INDEX, r#"{"schemaVersion":2,"manifests":null,"subject":{"digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":18446744073709551615}}"#)]
#[case(OCI_INDEX, r#"{"schemaVersion":2,"manifests":[{"digest":"sha256:zz"}]}"#)]
#[tokio::test]
async fn what_is_no_manifest_is_refused_and_changes_nothing(
    #[case] content_type: &str,
    #[case] body: &'static str,
) {
    let client = client().await;
    let refused =
        client.send(Method::PUT, "/v2/app/manifests/1", &[("content-type", content_type)], body).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        refused.text(),
        "{\"errors\":[{\"code\":\"MANIFEST_INVALID\",\"message\":\"manifest invalid\",\"detail\":{\"Reason\":{}}}]}\n"
    );
    assert_eq!(client.get("/acr/v1/_catalog").await.json()["repositories"], json!([]));
}

#[tokio::test]
async fn a_manifest_that_names_what_is_not_there_is_refused() {
    let client = client().await;
    let missing = digest(b"missing");
    let manifest = json!({
        "schemaVersion": 2, "mediaType": OCI_MANIFEST,
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": missing, "size": 1 }, "layers": [],
    });
    let put = |body: String| {
        client.send(Method::PUT, "/v2/app/manifests/1", &[("content-type", OCI_MANIFEST)], body)
    };
    let refused = put(manifest.to_string()).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN".to_owned())
    );
    let too_large = put(format!("{{\"x\":\"{}\"}}", "x".repeat(4 * 1024 * 1024))).await;
    assert_eq!(too_large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let manifest = image_manifest(&client, "app", OCI_MANIFEST, "amd64", "x").await.to_string();
    let path = format!("/v2/app/manifests/{missing}");
    let refused = client.send(Method::PUT, &path, &[("content-type", OCI_MANIFEST)], manifest).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::BAD_REQUEST, "DIGEST_INVALID".to_owned()));
}

#[tokio::test]
async fn a_list_pulled_by_tag_without_accepting_lists_is_its_linux_amd64_image() {
    let client = client().await;
    let list = push_index(&client, "app", Some("1"), DOCKER_LIST, "x").await;
    let get = |reference: String, accept: &'static str| {
        let client = &client;
        async move {
            client
                .send(Method::GET, &format!("/v2/app/manifests/{reference}"), &[("accept", accept)], "")
                .await
        }
    };
    let image = get("1".to_owned(), DOCKER_MANIFEST).await;
    assert_eq!(image.header("content-type"), DOCKER_MANIFEST);
    assert_eq!(digest(&image.body), image.header("docker-content-digest"));
    for accept in [
        DOCKER_LIST,
        "*/*",
        "application/json, application/vnd.docker.distribution.manifest.list.v2+json;q=0.5",
    ] {
        assert_eq!(get("1".to_owned(), accept).await.body, list.bytes, "{accept}");
    }
    assert_eq!(get(list.digest.clone(), DOCKER_MANIFEST).await.body, list.bytes);
    push_index(&client, "app", Some("oci"), OCI_INDEX, "x").await;
    let refused = get("oci".to_owned(), DOCKER_MANIFEST).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::NOT_FOUND, "MANIFEST_UNKNOWN".to_owned()));
}

#[tokio::test]
async fn deleting_a_manifest_takes_its_tags_and_untagging_takes_nothing_else() {
    let client = client().await;
    let list = push_index(&client, "app", Some("1"), DOCKER_LIST, "x").await;
    client
        .send(Method::PUT, "/v2/app/manifests/2", &[("content-type", DOCKER_LIST)], list.bytes.clone())
        .await;
    let untagged = client.delete("/acr/v1/app/_tags/1").await;
    assert_eq!(
        (untagged.status, untagged.header("x-ms-int-docker-content-digest")),
        (StatusCode::ACCEPTED, list.digest.as_str())
    );
    assert_eq!(client.get("/acr/v1/app").await.json()["manifestCount"], 3);
    assert_eq!(client.delete("/v2/app/manifests/2").await.code(), "UNSUPPORTED");
    assert_eq!(
        client.delete(&format!("/v2/app/manifests/{}", list.digest)).await.status,
        StatusCode::ACCEPTED
    );
    assert_eq!(
        client.get("/acr/v1/app/_tags").await.text(),
        "{\"registry\":\"contoso.azurecr.io\",\"imageName\":\"app\",\"tags\":null}\n"
    );
    assert_eq!(client.get("/acr/v1/app").await.json()["manifestCount"], 2);
    assert_eq!(
        client.delete(&format!("/v2/app/manifests/{}", list.digest)).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_repository_goes_with_its_last_manifest() {
    let client = client().await;
    let image = push_image(&client, "app", Some("1"), OCI_MANIFEST, "amd64", "layer").await;
    assert_eq!(client.get("/acr/v1/app").await.status, StatusCode::OK);
    client.delete(&format!("/v2/app/manifests/{}", image.digest)).await;
    assert_eq!(client.get("/acr/v1/app").await.code(), "NAME_UNKNOWN");
}

#[tokio::test]
async fn a_repository_is_deleted_with_what_it_says_is_deleted() {
    let client = client().await;
    push_index(&client, "app", Some("1"), DOCKER_LIST, "x").await;
    let deleted = client.delete("/acr/v1/app").await.json();
    assert_eq!(
        (deleted["manifestsDeleted"].as_array().unwrap().len(), &deleted["tagsDeleted"]),
        (3, &json!(["1"]))
    );
    let unknown = client.delete("/acr/v1/app").await;
    assert_eq!(
        (unknown.status, unknown.json()["errors"][0]["detail"].clone()),
        (StatusCode::NOT_FOUND, json!({ "name": "app" }))
    );
}

#[tokio::test]
async fn referrers_are_listed_by_type_and_leave_with_their_manifest() {
    let client = client().await;
    let image = push_image(&client, "app", Some("1"), OCI_MANIFEST, "amd64", "x").await;
    let mut pushed = Vec::new();
    for kind in ["application/spdx+json", "application/vnd.example.signature"] {
        let mut manifest = image_manifest(&client, "app", OCI_MANIFEST, "", kind).await;
        manifest["artifactType"] = kind.into();
        manifest["annotations"] = json!({ "kind": kind });
        manifest["subject"] =
            json!({ "mediaType": OCI_MANIFEST, "digest": image.digest, "size": image.bytes.len() });
        let path = format!("/v2/app/manifests/{}", digest(manifest.to_string().as_bytes()));
        let answer =
            client.send(Method::PUT, &path, &[("content-type", OCI_MANIFEST)], manifest.to_string()).await;
        assert_eq!(answer.header("oci-subject"), image.digest);
        pushed.push(answer.header("docker-content-digest").to_owned());
    }
    let path = format!("/v2/app/referrers/{}", image.digest);
    let all = client.get(&path).await;
    assert_eq!(all.header("content-type"), OCI_INDEX);
    assert_eq!(
        (all.json()["manifests"].as_array().unwrap().len(), all.header("oci-filters-applied")),
        (2, "")
    );
    let one = client.get(&format!("{path}?artifactType=application%2Fspdx%2Bjson")).await;
    assert_eq!(one.header("oci-filters-applied"), "artifactType");
    let row = one.json()["manifests"][0].clone();
    assert_eq!(
        (&row["digest"], &row["artifactType"], &row["annotations"]["kind"]),
        (&pushed[0].as_str().into(), &"application/spdx+json".into(), &"application/spdx+json".into())
    );
    client.delete(&format!("/v2/app/manifests/{}", pushed[0])).await;
    assert_eq!(client.get(&path).await.json()["manifests"].as_array().unwrap().len(), 1);
    let none = client.get(&format!("/v2/app/referrers/{}", digest(b"none"))).await;
    assert_eq!((none.status, none.json()["manifests"].clone()), (StatusCode::OK, json!([])));
    let nowhere = client.get(&format!("/v2/nowhere/referrers/{}", digest(b"none"))).await;
    assert_eq!((nowhere.status, nowhere.json()["manifests"].clone()), (StatusCode::OK, json!([])));
}

#[tokio::test]
async fn moving_a_tag_keeps_its_creation_and_leaves_the_old_manifest_untagged() {
    let client = client().await;
    let old = push_image(&client, "app", Some("1"), OCI_MANIFEST, "amd64", "old").await;
    let created = client.get("/acr/v1/app/_tags/1").await.json()["tag"]["createdTime"].clone();
    push_image(&client, "app", Some("1"), OCI_MANIFEST, "amd64", "new").await;
    let tag = client.get("/acr/v1/app/_tags/1").await.json()["tag"].clone();
    assert_eq!(tag["createdTime"], created);
    assert_ne!(tag["lastUpdateTime"], created);
    let old = client.get(&format!("/acr/v1/app/_manifests/{}", old.digest)).await.json();
    assert!(old["manifest"].get("tags").is_none());
}

#[tokio::test]
async fn a_docker_image_of_the_first_schema_is_taken() {
    let client = client().await;
    let layer = crate::image::push_blob(&client, "old", "layer").await;
    let media_type = "application/vnd.docker.distribution.manifest.v1+json";
    let manifest = json!({ "schemaVersion": 1, "name": "old", "tag": "1", "architecture": "amd64", "fsLayers": [{ "blobSum": layer }] });
    let pushed = push_manifest(&client, "old", Some("1"), media_type, &manifest).await;
    let attributes = client.get(&format!("/acr/v1/old/_manifests/{}", pushed.digest)).await.json();
    let attributes = &attributes["manifest"];
    assert_eq!(
        (&attributes["mediaType"], &attributes["architecture"]),
        (&media_type.into(), &"amd64".into())
    );
    assert_eq!(attributes["imageSize"], pushed.bytes.len() as u64 + 5);
}

#[tokio::test]
async fn an_index_may_name_blobs_of_its_repository_and_holds_them() {
    let clock = Arc::new(ManualClock::new(Time::from_unix_seconds(1_700_000_000)));
    let lifetime = Duration::from_secs(600);
    let emulator = Emulator::builder().clock(clock.clone()).upload_lifetime(lifetime).build().unwrap();
    let client = Client::new(&emulator).await;
    let layer = crate::image::push_blob(&client, "cache", "a cached layer").await;
    let entry = |digest: &str| json!({ "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": digest, "size": 14 });
    let index =
        |digest: &str| json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry(digest)] });
    let pushed = push_manifest(&client, "cache", Some("main"), OCI_INDEX, &index(&layer)).await;
    let unknown = index(&crate::image::digest(b"nowhere")).to_string();
    let refused =
        client.send(Method::PUT, "/v2/cache/manifests/x", &[("content-type", OCI_INDEX)], unknown).await;
    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::BAD_REQUEST, "MANIFEST_BLOB_UNKNOWN".to_owned())
    );
    for expected in [StatusCode::OK, StatusCode::NOT_FOUND] {
        clock.advance(lifetime);
        emulator.expire().await;
        assert_eq!(client.get(&format!("/v2/cache/blobs/{layer}")).await.status, expected);
        client.delete(&format!("/v2/cache/manifests/{}", pushed.digest)).await;
    }
}

#[tokio::test]
async fn another_tag_does_not_change_a_manifests_time() {
    let client = client().await;
    let pushed = push_image(&client, "app", Some("1"), OCI_MANIFEST, "amd64", "x").await;
    let path = format!("/acr/v1/app/_manifests/{}", pushed.digest);
    let before = client.get(&path).await.json()["manifest"]["lastUpdateTime"].clone();
    push_image(&client, "app", Some("2"), OCI_MANIFEST, "amd64", "x").await;
    let after = client.get(&path).await.json()["manifest"].clone();
    assert_eq!((&after["lastUpdateTime"], &after["tags"]), (&before, &json!(["1", "2"])));
}

#[tokio::test]
async fn a_manifest_without_layers_has_no_size_and_rows_have_no_artifact_type() {
    let client = client().await;
    let config = crate::image::push_blob(&client, "notes", "{}").await;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": "application/vnd.example.note",
        "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": config, "size": 2 },
        "layers": null,
    });
    push_manifest(&client, "notes", Some("1"), OCI_MANIFEST, &manifest).await;
    let row = client.get("/acr/v1/notes/_manifests").await.json()["manifests"][0].clone();
    assert_eq!(row["imageSize"], 0);
    assert!(row.get("artifactType").is_none());
}

#[tokio::test]
async fn a_docker_image_is_converted_to_schema_1_where_the_service_is_to_do_so() {
    let behaviour = Behaviour { schema_1_conversion: true, ..Behaviour::default() };
    let client = Client::new(&Emulator::builder().behaviour(behaviour).build().unwrap()).await;
    let layer = crate::image::push_blob(&client, "app", "layer").await;
    let config = json!({
        "architecture": "amd64",
        "os": "linux",
        "history": [{ "created_by": "ADD file" }, { "created_by": "CMD", "empty_layer": true }],
        "rootfs": { "type": "layers", "diff_ids": [] },
    })
    .to_string();
    let config_digest = crate::image::push_blob(&client, "app", config.clone()).await;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": { "mediaType": "application/vnd.docker.container.image.v1+json", "digest": config_digest, "size": config.len() },
        "layers": [{ "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "digest": layer, "size": 5 }],
    });
    let pushed = push_manifest(&client, "app", Some("1"), DOCKER_MANIFEST, &manifest).await;
    let get = async |reference: &str, accept: &str| {
        let path = format!("/v2/app/manifests/{reference}");
        client.send(Method::GET, &path, &[("accept", accept)], "").await
    };
    let converted = get("1", OCI_MANIFEST).await;
    let signed = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    assert_eq!(converted.header("content-type"), signed);
    assert_eq!(converted.json()["fsLayers"][1]["blobSum"], layer.as_str());
    // What was sent can be pushed, and is known by the digest that it was sent with.
    let path = format!("/v2/app/manifests/{}", converted.header("docker-content-digest"));
    for layer in converted.json()["fsLayers"].as_array().unwrap() {
        let path = format!("/v2/app/blobs/{}", layer["blobSum"].as_str().unwrap());
        assert_eq!(client.get(&path).await.status, StatusCode::OK, "{path}");
    }
    let again = client.send(Method::PUT, &path, &[("content-type", signed)], converted.body.clone()).await;
    assert_eq!(again.status, StatusCode::CREATED, "{}", again.text());
    for (reference, accept) in [("1", DOCKER_MANIFEST), ("1", ""), (pushed.digest.as_str(), OCI_MANIFEST)] {
        assert_eq!(
            get(reference, accept).await.header("content-type"),
            DOCKER_MANIFEST,
            "{reference} {accept}"
        );
    }
}
