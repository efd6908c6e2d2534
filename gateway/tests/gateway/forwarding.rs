//! What reaches a registry, and what comes back.

use acr_gateway::config::IdentityConfig;
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::Request;
use http_body_util::BodyExt;

use crate::support::{Reply, Upstream, config, gateway, get, scripted, send};

#[tokio::test]
async fn path_and_query_arrive_byte_for_byte() {
    let (server, upstream) = scripted(|_| Reply::ok("", "{}")).await;
    let targets = [
        "/v2/",
        "/v2",
        "/acr/v1/library%2Falpine/_tags?last=sha256%3Aab&n=1&orderby=",
        "/acr/v1/library%2falpine/_manifests/sha256%3Aab",
        "/acr/v1/library/alpine/_manifests/sha256:ab",
        "/v2/a/blobs/uploads/?mount=sha256%3A0&from=x%2Fy",
        "/v2/a/manifests/1.0%2B5",
        "/acr/v1/_catalog?last=a%20b&n=1&&x==&%",
        "/acr/v1/%61lpine",
        "/v2/a~b/manifests/x",
    ];
    for target in targets {
        let answer = get(&server, &format!("/registries/demo{target}")).await;
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
    }
    let asked = upstream.asked();
    assert_eq!(asked.iter().map(|asked| asked.target()).collect::<Vec<_>>(), targets);
}

#[tokio::test]
async fn nothing_but_the_three_apis_of_known_registries_is_reached() {
    let (server, upstream) = scripted(|_| Reply::ok("", "{}")).await;
    for path in [
        "/registries/other/v2/",
        "/registries//v2/",
        "/registries/",
        "/registries",
        "/registries/demo",
        "/registries/demo/",
        "/registries/demo/v1/",
        "/registries/demo/admin",
        "/registries/demo/acr/v2/x",
        "/registries/demo/oauth2/",
        "/registries/demo/oauth2/authorize",
        "/registries/demo/mount/v1/x",
        "/registries/DEMO/v2/",
        "/registries/demo%2e/v2/",
        "/registries/127.0.0.1/v2/",
        "/registries/demo@evil/v2/",
        "/registries/demo.azurecr.io/v2/",
    ] {
        let answer = get(&server, path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.code().starts_with("GATEWAY_"), "{path}");
    }
    assert_eq!(upstream.asked().len(), 0);
}

#[tokio::test]
async fn what_identifies_the_browser_stays_and_what_the_registry_needs_passes() {
    let (server, upstream) = scripted(|_| Reply::ok("", "{}")).await;
    let request = Request::get("/registries/demo/v2/")
        .header("authorization", "Bearer token")
        .header("accept", "application/vnd.oci.image.index.v1+json")
        .header("range", "bytes=0-9")
        .header("x-ms-client-request-id", "my-id")
        .header("cookie", "session=1")
        .header("origin", "http://portal")
        .header("referer", "http://portal/secret")
        .header("x-forwarded-for", "10.0.0.1")
        .header("x-forwarded-user", "jane")
        .header("connection", "x-private")
        .header("x-private", "1")
        .header("te", "trailers")
        .header("x-meta-source-client", "me");
    send(&server, request, Body::empty()).await;
    let asked = upstream.only();
    assert_eq!(asked.header("authorization"), Some("Bearer token"));
    assert_eq!(asked.header("accept"), Some("application/vnd.oci.image.index.v1+json"));
    assert_eq!(asked.header("range"), Some("bytes=0-9"));
    assert_eq!(asked.header("x-ms-client-request-id"), Some("my-id"));
    assert_eq!(asked.header("x-meta-source-client"), Some(acr_gateway::SOURCE_CLIENT));
    assert_eq!(asked.header("host"), upstream.url().strip_prefix("http://"));
    for name in [
        "cookie",
        "origin",
        "referer",
        "x-forwarded-for",
        "x-forwarded-user",
        "connection",
        "x-private",
        "te",
    ] {
        assert_eq!(asked.header(name), None, "{name}");
    }
}

#[tokio::test]
async fn the_registrys_own_fields_come_back_and_those_for_its_origin_do_not() {
    let fields = "www-authenticate: Bearer realm=\"https://demo.azurecr.io/oauth2/token\"\r\nlink: </v2/_catalog?last=a>; rel=\"next\"\r\n\
                  location: /v2/a/blobs/uploads/u?_state=x\r\ndocker-content-digest: sha256:0\r\nretry-after: 7\r\n\
                  x-ms-correlation-request-id: c\r\nx-ms-request-id: r\r\nx-ms-ratelimit-remaining-calls-per-second: 8.0\r\n\
                  etag: \"e\"\r\nset-cookie: a=b\r\nstrict-transport-security: max-age=9\r\n\
                  access-control-allow-origin: *\r\nserver: openresty\r\nkeep-alive: timeout=5\r\n\
                  content-security-policy: default-src *\r\naccess-control-expose-headers: *\r\n\
                  permissions-policy: camera=*\r\nx-sendfile: /etc/passwd\r\nsourcemap: //evil.example/m\r\n\
                  x-sourcemap: //evil.example/m\r\nvia: 1.1 inside\r\ncontent-location: /elsewhere\r\n\
                  cdn-cache-control: max-age=9\r\nsurrogate-control: max-age=9\r\n";
    let (server, _upstream) = scripted(move |_| Reply::ok(fields, "{}")).await;
    let answer = get(&server, "/registries/demo/v2/").await;
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"https://demo.azurecr.io/oauth2/token\"");
    assert_eq!(answer.header("link"), "</v2/_catalog?last=a>; rel=\"next\"");
    assert_eq!(answer.header("location"), "/v2/a/blobs/uploads/u?_state=x");
    for (name, value) in [
        ("docker-content-digest", "sha256:0"),
        ("retry-after", "7"),
        ("x-ms-correlation-request-id", "c"),
        ("x-ms-request-id", "r"),
        ("x-ms-ratelimit-remaining-calls-per-second", "8.0"),
        ("etag", "\"e\""),
    ] {
        assert_eq!(answer.header(name), value);
    }
    for name in [
        "set-cookie",
        "strict-transport-security",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "server",
        "keep-alive",
        "x-sendfile",
        "sourcemap",
        "x-sourcemap",
        "via",
        "content-location",
        "cdn-cache-control",
        "surrogate-control",
    ] {
        assert!(!answer.headers.contains_key(name), "{name}");
    }
    assert!(!answer.header("permissions-policy").contains('*'));
    assert!(answer.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn no_cache_keeps_a_registrys_answer_unless_the_registry_lets_it() {
    for (fields, as_client, as_gateway) in [
        ("", "no-store", "private, no-store"),
        ("cache-control: max-age=60\r\n", "max-age=60", "private, no-store"),
        ("cache-control: public\r\ncache-control: immutable\r\n", "public", "private, no-store"),
    ] {
        let upstream = Upstream::start(move |asked| match asked.target() {
            "/oauth2/token" => Reply::ok("", r#"{"access_token":"t"}"#),
            _ => Reply::ok(fields, "{}"),
        })
        .await;
        let mut config = config(&upstream.url());
        let answer = get(&gateway(config.clone()).await, "/registries/demo/acr/v1/_catalog").await;
        assert_eq!(answer.header("cache-control"), as_client, "{fields:?}");
        config.registries[0].identity = Some(IdentityConfig::Anonymous);
        let answer = get(&gateway(config).await, "/registries/demo/acr/v1/_catalog").await;
        let all: Vec<_> = answer.headers.get_all("cache-control").iter().collect();
        assert_eq!(all, [as_gateway], "{fields:?}");
    }
}

#[tokio::test]
async fn statuses_and_bodies_pass_unchanged() {
    let (server, _upstream) = scripted(|asked| match asked.target() {
        "/v2/a" => Reply::Bytes(b"HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 19\r\n\r\n404 page not found\n".into()),
        "/v2/b" => Reply::status("204 No Content", ""),
        _ => Reply::Bytes(b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 3\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n".into()),
    })
    .await;
    let answer = get(&server, "/registries/demo/v2/a").await;
    assert_eq!(
        (answer.status.as_u16(), answer.text(), answer.header("content-type")),
        (404, "404 page not found\n", "text/plain")
    );
    assert_eq!(get(&server, "/registries/demo/v2/b").await.status, 204);
    let answer = get(&server, "/registries/demo/v2/c").await;
    assert_eq!((answer.status.as_u16(), answer.text(), answer.header("retry-after")), (429, "{}", "3"));
}

#[tokio::test]
async fn a_head_keeps_the_length_it_was_answered_with() {
    let (server, _upstream) = scripted(|_| {
        Reply::Bytes(
            b"HTTP/1.1 200 OK\r\ncontent-length: 1472\r\ndocker-content-digest: sha256:0\r\n\r\n".into(),
        )
    })
    .await;
    let answer = send(&server, Request::head("/registries/demo/v2/a/blobs/sha256:0"), Body::empty()).await;
    assert_eq!((answer.header("content-length"), answer.body.len()), ("1472", 0));
}

#[tokio::test]
async fn a_body_streams_up_with_its_length_or_chunked() {
    let (server, upstream) = scripted(|_| Reply::status("202 Accepted", "range: 0-5\r\n")).await;
    let path = "/registries/demo/v2/a/blobs/uploads/u?_state=x";
    let answer = send(&server, Request::patch(path).header("content-range", "0-5"), "layers").await;
    assert_eq!((answer.status.as_u16(), answer.header("range")), (202, "0-5"));
    let parts = ["lay", "ers"].map(|part| Ok::<_, std::io::Error>(Bytes::from(part)));
    send(&server, Request::patch(path), Body::from_stream(stream::iter(parts))).await;
    let asked = upstream.asked();
    assert_eq!(
        (asked[0].header("content-length"), asked[0].header("content-range")),
        (Some("6"), Some("0-5"))
    );
    assert_eq!(asked[1].header("transfer-encoding"), Some("chunked"));
    assert!(asked.iter().all(|asked| asked.body == b"layers"));
}

#[tokio::test]
async fn an_answer_is_passed_on_before_it_has_ended() {
    let upstream =
        Upstream::start(|_| Reply::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfirst".into())).await;
    let server = gateway(config(&upstream.url())).await;
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
        .build_http::<Body>();
    let uri = format!("{}/registries/demo/v2/a/blobs/sha256:0", server.url()).parse().unwrap();
    let mut answer = client.get(uri).await.unwrap();
    let frame = answer.body_mut().frame().await.unwrap().unwrap();
    assert_eq!(frame.into_data().unwrap(), "first");
}
