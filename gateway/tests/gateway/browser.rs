//! What a browser receives: the page, its files, its configuration, and the header fields that keep it safe.

use acr_gateway::config::{Config, HostPolicy};
use acr_gateway::{Assets, Gateway, RunningServer, Server};
use axum::body::Body;
use http::Request;

use crate::support::{Answer, Reply, config, gateway, get, raw, scripted, send, status};

async fn serve(change: impl FnOnce(&mut Config)) -> RunningServer {
    let mut config = config("http://127.0.0.1:1");
    change(&mut config);
    gateway(config).await
}

async fn with(server: &RunningServer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request =
        fields.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    send(server, request, Body::empty()).await
}

#[tokio::test]
async fn every_deep_link_is_the_page() {
    let server = serve(|_| {}).await;
    for path in [
        "/",
        "/demo",
        "/demo/team/app",
        "/demo/team/app:1.2",
        "/demo/team/app@sha256:0?tab=layers",
        "/index.html",
    ] {
        let answer = with(&server, path, &[("accept", "text/html,*/*;q=0.8")]).await;
        assert!(answer.text().contains("<title>page</title>"), "{path}");
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    }
}

#[tokio::test]
async fn a_file_that_is_missing_is_404_and_not_the_page() {
    let server = serve(|_| {}).await;
    for (path, fields) in [
        ("/assets/gone-1a2b3c4d.js", &[][..]),
        ("/gone.js", &[("sec-fetch-dest", "script")]),
        ("/gone.png", &[("accept", "image/png")]),
        ("/gone.js", &[]),
        ("/app-0123456789ab.js", &[("accept", "*/*")]),
        ("/app-0123456789ab_bg.wasm", &[("accept", "*/*"), ("sec-fetch-dest", "empty")]),
        ("/favicon.ico", &[("accept", "text/html,*/*;q=0.8")]),
        ("/demo.azurecr.io/team/app", &[]),
        ("/fonts/gone", &[]),
    ] {
        assert_eq!(with(&server, path, fields).await.status, 404, "{path}");
    }
    let answer = get(&server, "/demo/team/app.js").await;
    assert_eq!(answer.status, 200, "a repository may be called like a file");
}

#[tokio::test]
async fn a_hostile_path_is_no_page() {
    let server = serve(|_| {}).await;
    for path in [
        "/%00",
        "/demo/%00",
        "/%2e%2e/registries/demo/v2/",
        "/../demo",
        "/demo/%2e%2e/x",
        "//registries/demo/v2/",
        "/demo//app",
        "/demo/a%2f%2fb",
        "/demo/a%5cb",
        "/demo/a;b",
        "/demo/a%0d%0ab",
        "/demo/%252e%252e",
        "/demo/%zz",
    ] {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", server.address());
        let answer = raw(server.address(), request.as_bytes()).await;
        assert_eq!(status(&answer), 400, "{path}: {answer}");
        assert!(answer.contains("GATEWAY_HOSTILE_PATH"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_method_that_is_not_taken_is_answered_with_those_that_are() {
    let server = serve(|_| {}).await;
    let every = "GET, HEAD, POST, PUT, PATCH, DELETE";
    for (method, path, allow) in [
        ("POST", "/demo", "GET, HEAD"),
        ("OPTIONS", "/demo", "GET, HEAD"),
        ("PUT", "/config.json", "GET, HEAD"),
        ("OPTIONS", "/registries/demo/v2/", every),
        ("PURGE", "/registries/demo/v2/", every),
    ] {
        let answer = send(&server, Request::builder().method(method).uri(path), Body::empty()).await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allow), "{method} {path}");
    }
}

#[tokio::test]
async fn a_hashed_file_is_immutable_and_others_are_revalidated() {
    let server = serve(|_| {}).await;
    let hashed = get(&server, "/app-1a2b3c4d5e6f.js").await;
    assert_eq!(hashed.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!((hashed.text(), hashed.header("content-type")), ("app()", "text/javascript; charset=utf-8"));
    assert_eq!(get(&server, "/app-1a2b3c4d5e6f_bg.wasm").await.header("content-type"), "application/wasm");
    let plain = get(&server, "/boot.js").await;
    assert_eq!(plain.header("cache-control"), "no-cache");
    let again = with(&server, "/boot.js", &[("if-none-match", plain.header("etag"))]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
}

#[tokio::test]
async fn files_come_compressed_to_those_who_take_it() {
    let server = serve(|_| {}).await;
    for (accept, coding, body) in [
        ("gzip, deflate, br, zstd", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("identity", "", "app()"),
        ("*", "br", "brotli"),
        ("br;q=0, *", "gzip", "gzip"),
        ("br;q=0.2, gzip;q=0.9", "gzip", "gzip"),
        ("*;q=0", "", "app()"),
    ] {
        let answer = with(&server, "/app-1a2b3c4d5e6f.js", &[("accept-encoding", accept)]).await;
        assert_eq!(
            (answer.header("content-encoding"), answer.text(), answer.header("vary")),
            (coding, body, "accept-encoding")
        );
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
    }
}

#[tokio::test]
async fn the_page_has_a_strict_policy_and_cannot_be_framed() {
    let server = serve(|_| {}).await;
    let answer = get(&server, "/").await;
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("script-src 'self' 'wasm-unsafe-eval';"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    for relaxation in ["unsafe-inline", "'unsafe-eval'", "*", "data:", "blob:", "http:"] {
        assert!(!policy.contains(relaxation), "{policy}");
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_base_path_works_with_and_without_its_closing_slash() {
    for base in ["/acr", "/acr/", "acr"] {
        let server = serve(|config| config.base_path = base.parse().unwrap()).await;
        for path in ["/acr", "/acr/", "/acr/demo/team/app"] {
            assert!(get(&server, path).await.text().contains("<base href=\"/acr/\">"), "{path}");
        }
        let page = get(&server, "/acr/config.json").await.json();
        assert_eq!(
            (&page["basePath"], &page["registries"][0]["endpoint"]),
            (&"/acr/".into(), &"/acr/registries/demo".into())
        );
        assert_eq!(get(&server, "/acr/boot.js").await.text(), "boot()");
        assert_eq!(get(&server, "/acr/registries/demo/v2/").await.status, 502);
        for path in ["/", "/demo", "/config.json", "/registries/demo/v2/", "/acrobat"] {
            assert_eq!(get(&server, path).await.status, 404, "{path}");
        }
        for path in ["/healthz", "/readyz", "/metrics", "/acr/healthz"] {
            assert_eq!(get(&server, path).await.status, 200, "{path}");
        }
    }
}

#[tokio::test]
async fn a_loopback_gateway_answers_to_loopback_names_only_but_to_probes_always() {
    let server = serve(|_| {}).await;
    for (path, expected) in
        [("/", 421), ("/config.json", 421), ("/registries/demo/v2/", 421), ("/healthz", 200)]
    {
        let request = format!("GET {path} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
        assert_eq!(status(&raw(server.address(), request.as_bytes()).await), expected, "{path}");
    }
    let server =
        serve(|config| config.hosts = Some(HostPolicy::Listed(vec!["acr.contoso.com".parse().unwrap()])))
            .await;
    for (host, expected) in [
        ("acr.contoso.com", 200),
        ("ACR.contoso.com:443", 200),
        ("acr.contoso.com.", 200),
        ("127.0.0.1", 421),
    ] {
        let request = format!("GET /config.json HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        assert_eq!(status(&raw(server.address(), request.as_bytes()).await), expected, "{host}");
    }
}

#[tokio::test]
async fn a_listed_origin_may_call_the_registries_and_others_may_not() {
    let upstream = crate::support::Upstream::start(|_| Reply::ok("", "{}")).await;
    let mut config = config(&upstream.url());
    config.cors_origins = vec!["https://portal.contoso.com".parse().unwrap()];
    let server = gateway(config).await;
    let preflight = |origin: &'static str| {
        Request::options("/registries/demo/acr/v1/_catalog")
            .header("origin", origin)
            .header("access-control-request-method", "GET")
    };
    let answer = send(&server, preflight("https://portal.contoso.com"), Body::empty()).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("access-control-allow-origin")),
        (204, "https://portal.contoso.com")
    );
    assert!(answer.header("access-control-allow-headers").contains("Authorization"));
    assert!(answer.header("access-control-allow-methods").contains("DELETE"));
    assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    let answer = with(&server, "/registries/demo/v2/", &[("origin", "https://portal.contoso.com")]).await;
    assert_eq!(answer.header("access-control-allow-origin"), "https://portal.contoso.com");
    assert!(answer.header("access-control-expose-headers").contains("Link"));
    for origin in [
        "https://evil.example",
        "null",
        "https://portal.contoso.com.evil.example",
        "http://portal.contoso.com",
    ] {
        let answer = send(&server, preflight(origin), Body::empty()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("access-control-allow-origin")),
            (403, ""),
            "{origin}"
        );
        let answer = with(&server, "/registries/demo/v2/", &[("origin", origin)]).await;
        assert_eq!((answer.header("access-control-allow-origin"), answer.header("vary")), ("", "origin"));
    }
}

#[tokio::test]
async fn without_a_list_no_origin_may_call() {
    let (server, upstream) = scripted(|_| Reply::ok("", "{}")).await;
    let request = Request::options("/registries/demo/v2/").header("origin", "https://portal.contoso.com");
    assert_eq!(send(&server, request, Body::empty()).await.status, 403);
    assert_eq!(upstream.asked().len(), 0);
}

#[tokio::test]
async fn a_gateway_without_the_dashboard_says_how_to_get_one_and_still_forwards() {
    let upstream = crate::support::Upstream::start(|_| Reply::ok("", "{}")).await;
    let gateway = Gateway::with_assets(config(&upstream.url()), Assets::default()).unwrap();
    let server = Server::bind(gateway).await.unwrap().start();
    let answer = get(&server, "/").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "GATEWAY_NO_DASHBOARD"));
    assert!(answer.text().contains("cargo xtask demo"));
    assert_eq!(get(&server, "/registries/demo/v2/").await.status, 200);
}

#[tokio::test]
async fn operations_are_counted_by_registry_operation_and_status_and_never_by_repository() {
    let (server, _upstream) = scripted(|_| Reply::ok("", "hello")).await;
    get(&server, "/registries/demo/acr/v1/secret%2Fproject/_tags").await;
    get(&server, "/registries/nobody/v2/").await;
    let answer = get(&server, "/metrics").await;
    for line in [
        "acr_gateway_requests_total{registry=\"demo\",operation=\"Tag_GetList\",status=\"200\"} 1",
        "acr_gateway_request_duration_seconds_count{registry=\"demo\",operation=\"Tag_GetList\"} 1",
        "acr_gateway_problems_total{code=\"GATEWAY_UNKNOWN_REGISTRY\"} 1",
        "acr_gateway_response_body_bytes_total 5",
        "# EOF",
    ] {
        assert!(answer.text().contains(line), "{line} in {}", answer.text());
    }
    assert!(!answer.text().contains("secret") && !answer.text().contains("nobody"));
}
