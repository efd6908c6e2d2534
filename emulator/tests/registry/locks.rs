//! Locks: four flags at three levels that do not know each other.

use acr_emulator::Emulator;
use http::{Method, StatusCode};
use rstest::rstest;

use crate::client::{Answer, Client};
use crate::image::{DOCKER_MANIFEST, OCI_MANIFEST, Pushed, image_manifest, push_image};

async fn registry() -> (Client, Pushed) {
    let client = Client::new(&Emulator::builder().build().unwrap()).await;
    let pushed = push_image(&client, "team/app", Some("1"), DOCKER_MANIFEST, "amd64", "one").await;
    (client, pushed)
}

fn is_disallowed(answer: &Answer) -> bool {
    let message = "The operation is disallowed on this registry, repository or image. View troubleshooting steps at https://aka.ms/acr/faq/#why-does-my-pull-or-push-request-fail-with-disallowed-operation";
    let exact = format!(
        "{{\"errors\":[{{\"code\":\"REGISTRY_DISALLOWED_OPERATION\",\"message\":\"{message}\",\"detail\":{{}}}}]}}\n"
    );
    answer.status == StatusCode::METHOD_NOT_ALLOWED && answer.text() == exact
}

/// The path of the attributes of a level.
fn level(name: &str, pushed: &Pushed) -> String {
    match name {
        "repository" => "/acr/v1/team/app".to_owned(),
        "tag" => "/acr/v1/team/app/_tags/1".to_owned(),
        _ => format!("/acr/v1/team/app/_manifests/{}", pushed.digest),
    }
}

#[rstest]
#[case("repository", "deleteEnabled", &["delete repository"])]
#[case("repository", "writeEnabled", &["delete repository", "delete manifest", "untag", "push same tag", "push new tag", "upload"])]
#[case("repository", "readEnabled", &["pull by tag", "pull by digest"])]
#[case("tag", "deleteEnabled", &["delete repository", "delete manifest", "untag"])]
#[case("tag", "writeEnabled", &["delete repository", "delete manifest", "untag", "push same tag"])]
#[case("tag", "readEnabled", &["pull by tag"])]
#[case("manifest", "deleteEnabled", &["delete repository", "delete manifest"])]
#[case("manifest", "writeEnabled", &["delete repository", "delete manifest"])]
#[case("manifest", "readEnabled", &["pull by tag", "pull by digest"])]
#[tokio::test]
async fn each_flag_of_each_level_forbids_its_own(
    #[case] name: &str,
    #[case] flag: &str,
    #[case] forbidden: &[&str],
) {
    let all = [
        "pull by tag",
        "pull by digest",
        "upload",
        "push same tag",
        "push new tag",
        "untag",
        "delete manifest",
        "delete repository",
    ];
    for deed in all {
        let (client, pushed) = registry().await;
        let other = image_manifest(&client, "team/app", OCI_MANIFEST, "arm64", "two").await.to_string();
        let locked = client.patch(&level(name, &pushed), &format!("{{\"{flag}\":false}}")).await;
        assert_eq!(locked.status, StatusCode::OK);
        let answer = act(&client, &pushed, deed, &other).await;
        assert_eq!(
            is_disallowed(&answer),
            forbidden.contains(&deed),
            "{name} {flag} {deed}: {}",
            answer.text()
        );
        assert!(
            is_disallowed(&answer) || answer.status.is_success(),
            "{name} {flag} {deed}: {}",
            answer.text()
        );
    }
}

async fn act(client: &Client, pushed: &Pushed, deed: &str, other: &str) -> Answer {
    let put = |tag: &str| format!("/v2/team/app/manifests/{tag}");
    let oci = [("content-type", OCI_MANIFEST)];
    match deed {
        "pull by tag" => client.get("/v2/team/app/manifests/1").await,
        "pull by digest" => client.get(&put(&pushed.digest)).await,
        "upload" => client.send(Method::POST, "/v2/team/app/blobs/uploads/", &[], "").await,
        "push same tag" => client.send(Method::PUT, &put("1"), &oci, other.to_owned()).await,
        "push new tag" => client.send(Method::PUT, &put("2"), &oci, other.to_owned()).await,
        "untag" => client.delete("/acr/v1/team/app/_tags/1").await,
        "delete manifest" => client.delete(&put(&pushed.digest)).await,
        _ => client.delete("/acr/v1/team/app").await,
    }
}

#[tokio::test]
async fn what_is_not_listed_is_still_there() {
    let (client, pushed) = registry().await;
    push_image(&client, "team/app", Some("2"), DOCKER_MANIFEST, "amd64", "two").await;
    push_image(&client, "other", Some("1"), DOCKER_MANIFEST, "amd64", "x").await;
    for path in ["repository", "tag", "manifest"].map(|name| level(name, &pushed)) {
        client.patch(&path, r#"{"listEnabled":false}"#).await;
        assert_eq!(client.get(&path).await.status, StatusCode::OK);
    }
    assert_eq!(client.get("/acr/v1/_catalog").await.json()["repositories"], serde_json::json!(["other"]));
    assert_eq!(client.get("/v2/team/app/tags/list").await.json()["tags"], serde_json::json!(["2"]));
    assert_eq!(client.get("/acr/v1/team/app/_tags").await.json()["tags"].as_array().unwrap().len(), 1);
    assert_eq!(
        client.get("/acr/v1/team/app/_manifests").await.json()["manifests"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test]
async fn attributes_change_even_when_all_four_are_off_and_no_time_changes() {
    let (client, pushed) = registry().await;
    for path in ["repository", "tag", "manifest"].map(|name| level(name, &pushed)) {
        let before = client.get(&path).await.text();
        let off = r#"{"deleteEnabled":false,"writeEnabled":false,"readEnabled":false,"listEnabled":false}"#;
        assert!(client.patch(&path, off).await.text().contains("\"listEnabled\":false"));
        let on = client.patch(&path, &off.replace("false", "true")).await;
        assert_eq!((on.status, on.text()), (StatusCode::OK, before));
    }
}

#[tokio::test]
async fn quarantine_is_kept_as_it_was_sent() {
    let (client, pushed) = registry().await;
    let patch = r#"{"quarantineState":"Failed","quarantineDetails":"{\"state\":\"Scan Failed\"}"}"#;
    let answer = client.patch(&level("manifest", &pushed), patch).await.json();
    let attributes = &answer["manifest"]["changeableAttributes"];
    assert_eq!(
        (&attributes["quarantineState"], &attributes["quarantineDetails"]),
        (&"Failed".into(), &"{\"state\":\"Scan Failed\"}".into())
    );
}

#[tokio::test]
async fn a_patch_that_cannot_be_read_changes_nothing() {
    let (client, pushed) = registry().await;
    for (bad, path) in ["{", "[]", r#"{"deleteEnabled":"no"}"#].iter().zip(["repository", "tag", "manifest"])
    {
        let path = level(path, &pushed);
        let before = client.get(&path).await.text();
        assert_eq!(client.patch(&path, bad).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(client.get(&path).await.text(), before);
    }
    for path in ["/acr/v1/none", "/acr/v1/team/app/_tags/none", "/acr/v1/none/_manifests/x"] {
        assert_eq!(client.patch(path, "{}").await.status, StatusCode::NOT_FOUND);
    }
}
