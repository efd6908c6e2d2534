//! Pages: sizes, order, `Link`, and both ends of a long list.

use acr_emulator::{Emulator, Scale};
use http::StatusCode;
use rstest::rstest;

use crate::client::{Answer, Client};
use crate::image::{OCI_MANIFEST, push_image};

fn next(answer: &Answer) -> Option<String> {
    let link = answer.header("link").strip_prefix('<')?;
    link.strip_suffix(">; rel=\"next\"").map(str::to_owned)
}

/// Every item of a list, page by page.
async fn all(client: &Client, path: &str, list: &str, key: Option<&str>) -> Vec<String> {
    let mut items = Vec::new();
    let mut path = Some(path.to_owned());
    while let Some(current) = path {
        let answer = client.get(&current).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        for item in answer.json()[list].as_array().into_iter().flatten() {
            items.push(key.map_or(item, |key| &item[key]).as_str().unwrap().to_owned());
        }
        path = next(&answer);
    }
    items
}

async fn scaled(repositories: u32, tags: u32) -> Client {
    let emulator = Emulator::builder().scale(Scale { repositories, tags }).build().unwrap();
    Client::new(&emulator).await
}

#[tokio::test]
async fn every_list_is_complete_whatever_the_page_size() {
    let client = scaled(25, 31).await;
    for n in [1, 7, 25, 26, 100] {
        assert_eq!(all(&client, &format!("/acr/v1/_catalog?n={n}"), "repositories", None).await.len(), 26);
        assert_eq!(all(&client, &format!("/v2/_catalog?n={n}"), "repositories", None).await.len(), 26);
        assert_eq!(all(&client, &format!("/v2/scale/tags/tags/list?n={n}"), "tags", None).await.len(), 31);
        let manifests =
            all(&client, &format!("/acr/v1/scale%2Ftags/_manifests?n={n}"), "manifests", Some("digest"))
                .await;
        assert!(manifests.is_sorted() && manifests.len() == 31);
    }
}

#[rstest]
#[case("", "build-000001")]
#[case("timeasc", "build-000001")]
#[case("timedesc", "build-000031")]
#[tokio::test]
async fn tags_come_in_the_order_asked_for(#[case] order: &str, #[case] first: &str) {
    let client = scaled(0, 31).await;
    for n in [1, 10, 100] {
        let path = format!("/acr/v1/scale/tags/_tags?n={n}&orderby={order}");
        let mut tags = all(&client, &path, "tags", Some("name")).await;
        assert_eq!(tags[0], first);
        if order == "timedesc" {
            tags.reverse();
        }
        assert!(tags.is_sorted() && tags.len() == 31);
        let manifests =
            all(&client, &path.replace("_tags?", "_manifests?"), "manifests", Some("digest")).await;
        assert_eq!(manifests.len(), 31);
    }
}

#[tokio::test]
async fn a_page_is_a_hundred_items_unless_asked_otherwise() {
    let client = scaled(0, 101).await;
    let page = client.get("/acr/v1/scale%2Ftags/_tags?api-version=2021-07-01").await;
    assert_eq!(page.json()["tags"].as_array().unwrap().len(), 100);
    assert_eq!(
        page.header("link"),
        "</acr/v1/scale%2Ftags/_tags?last=build-000100&n=100&orderby=>; rel=\"next\""
    );
    for bad in ["0", "-1", "x"] {
        let refused = client.get(&format!("/acr/v1/scale/tags/_tags?n={bad}")).await;
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::BAD_REQUEST, "PAGINATION_NUMBER_INVALID".to_owned())
        );
    }
}

#[tokio::test]
async fn tags_are_filtered_by_digest_and_the_link_drops_the_filter() {
    let client = scaled(0, 3).await;
    let mut digest = String::new();
    for tag in ["a", "b", "c"] {
        digest = push_image(&client, "scale/tags", Some(tag), OCI_MANIFEST, "amd64", "x").await.digest;
    }
    let page = client.get(&format!("/acr/v1/scale/tags/_tags?n=1&digest={digest}")).await;
    assert_eq!(page.json()["tags"][0]["name"], "a");
    assert_eq!(page.header("link"), "</acr/v1/scale/tags/_tags?last=a&n=1&orderby=>; rel=\"next\"");
    let rest = client.get(&format!("/acr/v1/scale/tags/_tags?last=a&digest={digest}")).await.json();
    let names = rest["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["b", "c"]);
}

#[tokio::test]
async fn the_cursor_in_time_order_is_a_moment_and_survives_its_item() {
    let client = scaled(0, 5).await;
    let first = client.get("/acr/v1/scale/tags/_tags?n=2&orderby=timeasc").await;
    let last = first.json()["tags"][1]["name"].as_str().unwrap().to_owned();
    let link = first.header("link").to_owned();
    assert!(link.ends_with(&format!("%26{last}&n=2&orderby=timeasc>; rel=\"next\"")), "{link}");
    client.delete(&format!("/acr/v1/scale/tags/_tags/{last}")).await;
    let next = link.trim_start_matches('<').split('>').next().unwrap();
    let next = client.get(next).await.json();
    assert_eq!(next["tags"][0]["name"], "build-000003");
}

#[tokio::test]
async fn the_last_page_is_as_whole_as_the_first() {
    let client = scaled(0, 20_000).await;
    for order in ["", "timeasc", "timedesc"] {
        for last in ["build-000020", "build-019980"] {
            let path = format!("/acr/v1/scale/tags/_tags?n=10&orderby={order}&last={last}");
            let page = client.get(&path).await.json();
            assert_eq!(page["tags"].as_array().unwrap().len(), 10, "{order} after {last}");
        }
    }
}
