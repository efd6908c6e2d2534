//! Lists: where they begin, go on and end, whatever the registry does.

use acr_client_wasm::{ErrorKind, ListOptions, ManifestListOptions, Order, Page, TagListOptions};
use futures_util::TryStreamExt as _;

use crate::script::{Reply, Script};

const REALM: &str = "https://demo.azurecr.io/oauth2/token";

fn names(list: &[&str]) -> Reply {
    Reply::json(serde_json::json!({ "repositories": list }).to_string())
}

fn linked(list: &[&str], link: &str) -> Reply {
    names(list).with("link", format!(r#"<{link}>; rel="next""#))
}

fn two() -> ListOptions {
    ListOptions { n: Some(2), ..ListOptions::default() }
}

async fn all(script: &Script, options: ListOptions) -> Result<Vec<String>, acr_client_wasm::Error> {
    script.client().repositories().list(options).into_stream().try_collect().await
}

#[tokio::test]
async fn a_list_goes_on_where_the_link_says_and_ends_where_there_is_none() {
    let script = Script::of([
        ("GET /acr/v1/_catalog?n=2", linked(&["a", "b"], "/acr/v1/_catalog?last=b&n=2&orderby=")),
        ("GET /acr/v1/_catalog?last=b&n=2&orderby=", names(&["c", "d"])),
    ]);
    let mut pager = script.client().repositories().list(two());
    let first = pager.next_page().await.unwrap().unwrap();
    assert_eq!(
        first,
        Page { items: vec!["a".into(), "b".into()], continuation_token: Some("last=b&n=2&orderby=".into()) }
    );
    let second = pager.next_page().await.unwrap().unwrap();
    assert_eq!(second, Page { items: vec!["c".into(), "d".into()], continuation_token: None });
    assert_eq!(pager.next_page().await.unwrap(), None);
    assert_eq!(pager.next_page().await.unwrap(), None);
}

#[tokio::test]
async fn a_list_is_resumed_by_its_continuation_token() {
    let script = Script::of([("GET /acr/v1/_catalog?last=b&n=2&orderby=", names(&["c"]))]);
    let pager = script.client().repositories().list(two()).resume("last=b&n=2&orderby=");
    let items: Vec<String> = pager.into_stream().try_collect().await.unwrap();
    assert_eq!(items, ["c"]);
}

#[tokio::test]
async fn a_continuation_token_cannot_lead_anywhere_else() {
    for token in ["", "x#y", "a b", "a?b", "last=\u{e4}", "\\..", &"x".repeat(5000)] {
        let script = Script::of([]);
        let error = script.client().repositories().list(two()).resume(token).next_page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{token}");
    }
}

#[tokio::test]
async fn an_empty_page_with_a_link_is_not_the_end() {
    let script = Script::of([
        ("GET /acr/v1/_catalog?n=2", linked(&[], "/acr/v1/_catalog?last=b&n=2")),
        ("GET /acr/v1/_catalog?last=b&n=2", names(&["c"])),
    ]);
    assert_eq!(all(&script, two()).await.unwrap(), ["c"]);
}

#[tokio::test]
async fn a_cursor_that_repeats_is_an_error_and_no_endless_loop() {
    let around = || linked(&["a"], "/acr/v1/_catalog?last=a");
    let script =
        Script::of([("GET /acr/v1/_catalog?n=2", around()), ("GET /acr/v1/_catalog?last=a", around())]);
    let error = all(&script, two()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("circle"), "{error}");
    script.assert_done();
}

#[tokio::test]
async fn a_longer_circle_is_found_too() {
    let script = Script::of([
        ("GET /acr/v1/_catalog?n=2", linked(&["a"], "/acr/v1/_catalog?last=a")),
        ("GET /acr/v1/_catalog?last=a", linked(&["b"], "/acr/v1/_catalog?last=b")),
        ("GET /acr/v1/_catalog?last=b", linked(&["a"], "/acr/v1/_catalog?last=a")),
    ]);
    assert_eq!(all(&script, two()).await.unwrap_err().kind(), ErrorKind::Protocol);
}

#[tokio::test]
async fn a_link_to_another_host_is_followed_at_the_endpoint_alone() {
    let script = Script::of([
        ("GET /acr/v1/_catalog?n=2", linked(&["a"], "https://evil.example/acr/v1/_catalog?last=a&n=2")),
        ("GET /acr/v1/_catalog?last=a&n=2", names(&["b"])),
    ]);
    assert_eq!(all(&script, two()).await.unwrap(), ["a", "b"]);
}

#[tokio::test]
async fn a_link_out_of_the_list_is_refused() {
    for link in [
        "/v2/alpine/manifests/x?y",
        "/acr/v1/_catalog/../alpine?last=a",
        "/acr/v1/_catalog",
        "//evil.example/acr/v1/_catalog?x",
        "?last=a",
    ] {
        let script = Script::of([("GET /acr/v1/_catalog?n=2", linked(&["a"], link))]);
        assert_eq!(all(&script, two()).await.unwrap_err().kind(), ErrorKind::Protocol, "{link}");
    }
}

#[tokio::test]
async fn a_hidden_link_is_made_up_for_by_the_last_item_of_a_full_page() {
    let script = Script::of([
        ("GET /acr/v1/_catalog?n=2", names(&["a", "b/c"]).hidden()),
        ("GET /acr/v1/_catalog?n=2&last=b%2Fc", names(&["d"]).hidden()),
    ]);
    assert_eq!(all(&script, two()).await.unwrap(), ["a", "b/c", "d"]);
}

#[tokio::test]
async fn null_lists_are_empty_ones() {
    let alpine = "alpine".parse().unwrap();
    let script = Script::of([
        ("GET /acr/v1/_catalog", Reply::json(r#"{"repositories":null}"#)),
        ("GET /acr/v1/alpine/_tags", Reply::json(r#"{"registry":"r","imageName":"alpine","tags":null}"#)),
        (
            "GET /acr/v1/alpine/_manifests",
            Reply::json(r#"{"registry":"r","imageName":"alpine","manifests":null}"#),
        ),
    ]);
    let client = script.client();
    assert!(
        client
            .repositories()
            .list(ListOptions::default())
            .next_page()
            .await
            .unwrap()
            .unwrap()
            .items
            .is_empty()
    );
    assert!(
        client
            .tags()
            .list(&alpine, TagListOptions::default())
            .next_page()
            .await
            .unwrap()
            .unwrap()
            .items
            .is_empty()
    );
    assert!(
        client
            .manifests()
            .list(&alpine, ManifestListOptions::default())
            .next_page()
            .await
            .unwrap()
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn every_option_reaches_the_registry() {
    let name = "team/app".parse().unwrap();
    let digest = acr_client_wasm::Digest::of(b"");
    let tags = format!(
        "GET /acr/v1/team/app/_tags?last=1.0&n=5&orderby=timedesc&digest={}",
        digest.as_str().replace(':', "%3A")
    );
    let script = Script::of([
        (tags.as_str(), Reply::json(r#"{"tags":[]}"#)),
        ("GET /acr/v1/team/app/_manifests?last=x&n=6&orderby=timeasc", Reply::json(r#"{"manifests":[]}"#)),
    ]);
    let client = script.client();
    let options = TagListOptions {
        last: Some("1.0".into()),
        n: Some(5),
        order: Some(Order::TimeDescending),
        digest: Some(digest),
    };
    client.tags().list(&name, options).next_page().await.unwrap();
    let options =
        ManifestListOptions { last: Some("x".into()), n: Some(6), order: Some(Order::TimeAscending) };
    client.manifests().list(&name, options).next_page().await.unwrap();
    script.assert_done();
}

#[tokio::test]
async fn a_page_of_no_items_is_refused_before_anything_is_sent() {
    let script = Script::of([]);
    let error = all(&script, ListOptions { n: Some(0), last: None }).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(script.seen().is_empty());
}

#[tokio::test]
async fn a_401_in_the_middle_of_a_list_is_survived() {
    let script = Script::of([
        ("GET /acr/v1/_catalog?n=2", linked(&["a"], "/acr/v1/_catalog?last=a")),
        ("GET /acr/v1/_catalog?last=a", Reply::challenge("registry:catalog:*", REALM)),
        ("GET /acr/v1/_catalog?last=a", names(&["b"])),
    ]);
    assert_eq!(all(&script, two()).await.unwrap(), ["a", "b"]);
}

#[tokio::test]
async fn truncated_json_is_a_decode_error_and_the_page_can_be_asked_for_again() {
    let script = Script::of([
        ("GET /acr/v1/_catalog?n=2", Reply::json(r#"{"repositories":["a","#)),
        ("GET /acr/v1/_catalog?n=2", names(&["a"])),
    ]);
    let mut pager = script.client().repositories().list(two());
    let error = pager.next_page().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Decode, "Repository_GetList"));
    assert_eq!(pager.next_page().await.unwrap().unwrap().items, ["a"]);
}

#[tokio::test]
async fn a_page_that_breaks_off_is_read_again() {
    let broken = Reply::Break(200, Vec::new(), br#"{"repositories":["a","#.to_vec());
    let script =
        Script::of([("GET /acr/v1/_catalog?n=2", broken), ("GET /acr/v1/_catalog?n=2", names(&["a"]))]);
    assert_eq!(all(&script, two()).await.unwrap(), ["a"]);
}

fn tags(list: &[(&str, &str)]) -> Reply {
    let tags: Vec<_> = list
        .iter()
        .map(|(name, time)| serde_json::json!({ "name": name, "digest": "sha256:0", "lastUpdateTime": time }))
        .collect();
    Reply::json(serde_json::json!({ "tags": tags }).to_string())
}

#[tokio::test]
async fn the_digest_of_a_filtered_list_is_kept_on_every_page() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let filter = digest.replace(':', "%3A");
    let link = r#"</acr/v1/app/_tags?last=b&n=1&orderby=>; rel="next""#;
    let (first, second) = (
        format!("GET /acr/v1/app/_tags?n=1&digest={filter}"),
        format!("GET /acr/v1/app/_tags?last=b&n=1&orderby=&digest={filter}"),
    );
    let script = Script::of([
        (first.as_str(), tags(&[("b", "")]).with("link", link)),
        (second.as_str(), tags(&[("c", "")])),
    ]);
    let options =
        TagListOptions { n: Some(1), digest: Some(digest.parse().unwrap()), ..TagListOptions::default() };
    let pager = script.client().tags().list(&"app".parse().unwrap(), options);
    let names: Vec<_> = pager.into_stream().map_ok(|tag| tag.name).try_collect().await.unwrap();
    assert_eq!(names, ["b", "c"]);
    script.assert_done();
}

#[tokio::test]
async fn a_list_in_order_of_time_goes_on_after_the_time_of_its_last_item_if_links_are_hidden() {
    let script = Script::of([
        (
            "GET /acr/v1/app/_tags?n=1&orderby=timedesc",
            tags(&[("v2", "2026-01-31T23:34:15.8766570Z")]).hidden(),
        ),
        ("GET /acr/v1/app/_tags?n=1&orderby=timedesc&last=639054992558766570%26v2", tags(&[]).hidden()),
    ]);
    let order = Some(Order::TimeDescending);
    let options = TagListOptions { n: Some(1), order, ..TagListOptions::default() };
    let pager = script.client().tags().list(&"app".parse().unwrap(), options);
    let names: Vec<_> = pager.into_stream().map_ok(|tag| tag.name).try_collect().await.unwrap();
    assert_eq!(names, ["v2"]);
    script.assert_done();
}
