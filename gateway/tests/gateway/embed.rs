//! The page that other people's portals frame: who may, who may not, and what a browser needs so that it loads there.

use acr_gateway::RunningServer;
use acr_gateway::config::Config;
use axum::body::Body;
use http::Request;

use crate::support::{Answer, config, gateway, get, send};

const PORTALS: [&str; 2] = ["https://portal.contoso.com", "http://localhost:3000"];

async fn framed_below(base: &str) -> RunningServer {
    let mut config: Config = config("http://127.0.0.1:1");
    config.base_path = base.parse().unwrap();
    config.frame_ancestors = PORTALS.iter().map(|origin| origin.parse().unwrap()).collect();
    gateway(config).await
}

/// Asks as a browser does for what it puts into a frame on a page of another site.
async fn frame(server: &RunningServer, path: &str) -> Answer {
    let request = Request::get(path)
        .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
        .header("sec-fetch-dest", "iframe")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-site", "cross-site");
    send(server, request, Body::empty()).await
}

fn ancestors(answer: &Answer) -> &str {
    answer.header("content-security-policy").split("frame-ancestors ").nth(1).unwrap()
}

#[tokio::test]
async fn configured_origins_may_frame_every_deep_link_below_embed() {
    for (base, below) in [("/", ""), ("/acr", "/acr"), ("/tools/acr/", "/tools/acr")] {
        let server = framed_below(base).await;
        let full = get(&server, &format!("{below}/")).await;
        for path in [
            "/embed",
            "/embed/",
            "/embed/demo",
            "/embed/demo/team/app:1.2",
            "/embed/demo/a@sha256:0?tab=layers",
        ] {
            let answer = frame(&server, &format!("{below}{path}")).await;
            assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{path}");
            // The base of its links is the gateway's, so its files are found however deep the link is.
            assert_eq!(answer.text(), full.text(), "{path}");
            assert!(
                answer.text().contains(&format!("<base href=\"{below}/\">")),
                "{path}: {}",
                answer.text()
            );
            assert_eq!(ancestors(&answer), PORTALS.join(" "), "{path}");
            assert!(!answer.headers.contains_key("x-frame-options"), "{path}");
            // But for its ancestors, the policy is the full page's.
            let policy = |answer: &Answer| {
                answer.header("content-security-policy").split("frame-ancestors").next().unwrap().to_owned()
            };
            assert_eq!(policy(&answer), policy(&full), "{path}");
        }
    }
}

#[tokio::test]
async fn a_page_with_an_embedder_policy_of_its_own_may_frame_it_too() {
    let server = framed_below("/").await;
    let page = frame(&server, "/embed/demo").await;
    // What a browser asks of a frame within a page that has `Cross-Origin-Embedder-Policy: require-corp`.
    assert_eq!(page.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(page.header("cross-origin-embedder-policy"), "require-corp");
    // And then of the frame's own files, which are of its own origin.
    let file = get(&server, "/app-1a2b3c4d5e6f.js").await;
    assert_eq!((file.status.as_u16(), file.header("cross-origin-resource-policy")), (200, "same-origin"));
    assert_eq!(file.header("cross-origin-embedder-policy"), "require-corp");
}

#[tokio::test]
async fn nothing_but_embed_may_be_framed_whatever_is_configured() {
    let server = framed_below("/").await;
    for path in [
        "/",
        "/demo",
        "/demo/embed",
        "/embedded/x",
        "/%65mbed/demo",
        "/boot.js",
        "/config.json",
        "/registries/demo/v2/",
    ] {
        let answer = frame(&server, path).await;
        assert_eq!(ancestors(&answer).trim_end_matches("; sandbox"), "'none'", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
    }
}

#[tokio::test]
async fn embed_cannot_be_framed_unless_configured() {
    let server = gateway(config("http://127.0.0.1:1")).await;
    let answer = frame(&server, "/embed/demo").await;
    assert_eq!((answer.status.as_u16(), ancestors(&answer)), (200, "'none'"));
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
}

#[tokio::test]
async fn a_hostile_path_below_embed_is_no_page() {
    let server = framed_below("/").await;
    for path in ["/embed//demo", "/embed/%2e%2e/demo", "/embed/demo/%00", "/embed/app-0123456789ab.js"] {
        let answer = get(&server, path).await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text().contains("<title>"), "{path}");
    }
}

#[tokio::test]
async fn the_page_learns_whose_messages_to_believe() {
    let server = framed_below("/").await;
    assert_eq!(get(&server, "/config.json").await.json()["frameAncestors"], serde_json::json!(PORTALS));
}
