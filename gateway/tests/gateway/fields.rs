//! Header fields in both directions: what a registry reads and what pages read passes, and nothing else.

use acr_gateway::RunningServer;
use axum::body::Body;
use http::Request;

use crate::support::{Reply, Upstream, config, gateway, get, scripted, send};

/// What identifies a person, a device or a network, as proxies and identity providers name it, and other ways to say method or URL.
const IDENTIFYING: [&str; 40] = [
    "x-ms-token-aad-access-token",
    "x-ms-token-aad-id-token",
    "x-ms-token-aad-refresh-token",
    "x-ms-client-principal",
    "x-ms-client-principal-name",
    "x-ms-client-principal-id",
    "cf-access-jwt-assertion",
    "cf-access-authenticated-user-email",
    "cf-connecting-ip",
    "x-goog-iap-jwt-assertion",
    "x-goog-authenticated-user-email",
    "x-amzn-oidc-data",
    "x-amzn-oidc-accesstoken",
    "x-amzn-oidc-identity",
    "x-amzn-trace-id",
    "remote-user",
    "x-remote-user",
    "x-remote-group",
    "x-webauth-user",
    "x-pomerium-jwt-assertion",
    "x-authentik-jwt",
    "x-auth-request-email",
    "x-forwarded-for",
    "x-forwarded-access-token",
    "x-real-ip",
    "x-client-ip",
    "x-azure-clientip",
    "x-appservice-proto",
    "true-client-ip",
    "forwarded",
    "via",
    "cookie",
    "origin",
    "referer",
    "accept-language",
    "sec-ch-ua",
    "dnt",
    "x-http-method-override",
    "x-original-url",
    "traceparent",
];

#[tokio::test]
async fn nothing_that_identifies_people_devices_or_networks_is_forwarded() {
    let storage = Upstream::start(|_| Reply::ok("", "blob")).await;
    let location = format!("location: {}/blob?sig=1\r\n", storage.url());
    let upstream = Upstream::start(move |_| Reply::status("307 Temporary Redirect", &location)).await;
    let mut config = config(&upstream.url());
    config.registries[0].storage_hosts.push(storage.url().parse().unwrap());
    config.cors_origins = vec!["https://portal.contoso.com".parse().unwrap()];
    let server = gateway(config).await;
    let request = IDENTIFYING
        .iter()
        .fold(Request::get("/registries/demo/v2/a/blobs/sha256:0"), |request, name| {
            request.header(*name, "secret")
        })
        .header("user-agent", "secret")
        .header("authorization", "Bearer for-the-registry")
        .header("range", "bytes=0-1");
    assert_eq!(send(&server, request, Body::empty()).await.text(), "blob");
    for asked in [upstream.only(), storage.only()] {
        assert!(!asked.head.contains("secret"), "{}", asked.head);
        assert_eq!(asked.header("range"), Some("bytes=0-1"));
        assert_eq!(asked.header("user-agent"), Some(acr_gateway::SOURCE_CLIENT));
    }
    assert_eq!(storage.only().header("authorization"), None);
}

#[tokio::test]
async fn what_registry_clients_send_arrives() {
    let (server, upstream) = scripted(|_| Reply::ok("", "{}")).await;
    let fields = [
        ("accept", "application/vnd.oci.image.index.v1+json, */*"),
        ("accept-encoding", "gzip"),
        ("authorization", "Bearer x"),
        ("content-type", "application/vnd.oci.image.manifest.v1+json"),
        ("content-range", "0-1"),
        ("if-match", "\"a\""),
        ("if-none-match", "\"b\""),
        ("if-range", "\"c\""),
        ("range", "bytes=0-1"),
        ("x-ms-client-request-id", "id"),
    ];
    let request = fields
        .iter()
        .fold(Request::get("/registries/demo/v2/"), |request, (name, value)| request.header(*name, *value));
    // A field that the exchange cannot do without is not one of the connection's own.
    send(&server, request.header("connection", "x-ms-client-request-id, authorization"), Body::empty()).await;
    let asked = upstream.only();
    for (name, value) in fields {
        assert_eq!(asked.header(name), Some(value), "{name}");
    }
}

/// What would govern the gateway's origin, or instruct a cache or proxy in front of it.
const GOVERNING: [&str; 46] = [
    "x-accel-expires",
    "x-accel-redirect",
    "x-accel-limit-rate",
    "x-accel-buffering",
    "x-accel-charset",
    "x-sendfile",
    "x-sendfile2",
    "x-lighttpd-send-file",
    "x-lighttpd-send-tempfile",
    "x-reproxy-url",
    "x-litespeed-cache-control",
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "vercel-cdn-cache-control",
    "netlify-cdn-cache-control",
    "surrogate-control",
    "surrogate-key",
    "edge-control",
    "cache-tag",
    "expires",
    "age",
    "pragma",
    "no-vary-search",
    "use-as-dictionary",
    "set-cookie",
    "set-login",
    "origin-trial",
    "timing-allow-origin",
    "expect-ct",
    "proxy-status",
    "proxy-authenticate",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "clear-site-data",
    "refresh",
    "service-worker-allowed",
    "strict-transport-security",
    "alt-svc",
    "nel",
    "report-to",
    "speculation-rules",
    "sourcemap",
    "content-location",
    "server",
    "x-powered-by",
    "x-unheard-of",
];

#[tokio::test]
async fn nothing_that_governs_the_origin_or_instructs_a_proxy_is_returned() {
    let fields: String = GOVERNING.iter().map(|name| format!("{name}: planted\r\n")).collect();
    let fields: &'static str = fields.leak();
    let (server, _upstream) = scripted(move |_| Reply::ok(fields, "{}")).await;
    let answer = get(&server, "/registries/demo/v2/a/manifests/x").await;
    assert_eq!(answer.status, 200);
    let planted: Vec<_> = answer.headers.iter().filter(|(_, value)| *value == "planted").collect();
    assert!(planted.is_empty(), "{planted:?}");
}

#[tokio::test]
async fn what_pages_and_registry_clients_read_comes_back() {
    let fields = [
        ("accept-ranges", "bytes"),
        ("content-range", "bytes 0-1/2"),
        ("content-type", "application/json"),
        ("docker-content-digest", "sha256:0"),
        ("docker-distribution-api-version", "registry/2.0"),
        ("docker-upload-uuid", "u"),
        ("etag", "\"e\""),
        ("last-modified", "Fri, 27 Nov 2026 00:00:00 GMT"),
        ("link", "</v2/_catalog?last=a>; rel=\"next\""),
        ("location", "/v2/a/blobs/uploads/u"),
        ("oci-filters-applied", "artifactType"),
        ("oci-subject", "sha256:1"),
        ("range", "0-1"),
        ("retry-after", "3"),
        ("www-authenticate", "Bearer realm=\"https://x/oauth2/token\",service=\"x\""),
        ("x-ms-client-request-id", "mine"),
        ("x-ms-correlation-request-id", "theirs"),
        ("x-ms-ratelimit-remaining-calls-per-second", "8.000000"),
        ("x-ms-request-id", "r"),
    ];
    let lines: String = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let lines: &'static str = lines.leak();
    let (server, _upstream) = scripted(move |_| Reply::ok(lines, "{}")).await;
    let answer = get(&server, "/registries/demo/v2/").await;
    for (name, value) in fields {
        assert_eq!(answer.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn no_challenge_makes_a_browser_ask_for_a_password() {
    for (challenge, left) in [
        ("Basic realm=\"x\"", ""),
        ("NTLM", ""),
        ("Negotiate", ""),
        ("Digest realm=\"x\", nonce=\"y\"", ""),
        ("Basic realm=\"x\", Bearer realm=\"y\"", "Bearer realm=\"y\""),
    ] {
        let fields: &'static str = format!("www-authenticate: {challenge}\r\n").leak();
        let (server, _upstream) = scripted(move |_| Reply::status("401 Unauthorized", fields)).await;
        let answer = get(&server, "/registries/demo/v2/").await;
        assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (401, left), "{challenge}");
    }
}

#[tokio::test]
async fn another_sites_page_cannot_write_with_the_callers_credential_either() {
    let upstream = Upstream::start(|_| Reply::status("202 Accepted", "")).await;
    let mut config = config(&upstream.url());
    config.cors_origins = vec!["https://portal.contoso.com".parse().unwrap()];
    let server = gateway(config.clone()).await;
    let path = "/registries/demo/v2/victim/blobs/uploads/?mount=sha256:0&from=x";
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = Request::post(path).header("authorization", "Basic eDp5").header(name, value);
        let answer = send(&server, request, Body::empty()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (403, "GATEWAY_FORBIDDEN"),
            "{name}: {value}"
        );
    }
    assert!(upstream.asked().is_empty());
    // A proxy's word counts only where the proxy is trusted.
    let forwarded = async |server: &RunningServer| {
        let request = Request::post(path).header("origin", "https://acr.contoso.com");
        send(server, request.header("x-forwarded-host", "acr.contoso.com"), Body::empty()).await.status
    };
    assert_eq!(forwarded(&server).await, 403);
    let mut behind_proxy = config.clone();
    behind_proxy.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    assert_eq!(forwarded(&gateway(behind_proxy).await).await, 202);
    let own = format!("http://{}", server.address());
    for (name, value) in [
        ("origin", own.as_str()),
        ("origin", "https://portal.contoso.com"),
        ("sec-fetch-site", "same-origin"),
        ("accept", "*/*"),
    ] {
        assert_eq!(
            send(&server, Request::post(path).header(name, value), Body::empty()).await.status,
            202,
            "{name}: {value}"
        );
    }
}
