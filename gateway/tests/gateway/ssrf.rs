//! Whatever a client or a registry says, the gateway connects to the configured registries and their storage alone.

use axum::body::Body;
use http::Request;

use crate::support::{Reply, Upstream, config, gateway, get, raw, scripted, send, status};

const BLOB: &str = "/registries/demo/v2/a/blobs/sha256:0";

/// Where a blob's redirect must not lead. `CANARY` stands for a listener that must stay unasked.
const HOSTILE_LOCATIONS: [&str; 78] = [
    // This machine, in every spelling.
    "http://CANARY/",
    "https://CANARY/",
    "http://127.0.0.1/",
    "http://localhost/",
    "https://localhost/",
    "http://LOCALHOST/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://localhost.localdomain/",
    "http://127.0.0.1.nip.io/",
    "http://localtest.me/",
    "https://127.0.0.1:443/",
    // This network, and the metadata services of clouds.
    "http://169.254.169.254/metadata/identity/oauth2/token",
    "https://169.254.169.254/",
    "http://[fe80::1]/",
    "http://[fd00:ec2::254]/",
    "http://168.63.129.16/",
    "http://metadata.google.internal/",
    "http://100.100.100.200/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "https://kubernetes.default.svc/",
    "http://0xa9fea9fe/",
    "http://2852039166/",
    "http://[::ffff:169.254.169.254]/",
    // Other hosts, and hosts that look like storage.
    "https://evil.example/",
    "https://blob.core.windows.net/",
    "https://x.blob.core.windows.net.evil.example/",
    "https://evil.example/x.blob.core.windows.net",
    "https://evil.example#x.blob.core.windows.net",
    "https://evil.example?x.blob.core.windows.net",
    "https://x.blob.core.windows.net@evil.example/",
    "https://evil.example@x.blob.core.windows.net/",
    "https://a.b.blob.core.windows.net/",
    "https://xblob.core.windows.net/",
    "https://x.blob.core.windows.net.:443/",
    "https://.blob.core.windows.net/",
    "https://-.blob.core.windows.net%2eevil.example/",
    "https://x.blob.core.windows.net:8443/",
    "http://x.blob.core.windows.net/",
    "https://x.blob.core.windows.net%00.evil.example/",
    "https://x.blob.core.windows.net\\@evil.example/",
    "https://evil.example\\.blob.core.windows.net/",
    "https://other.westeurope.data.azurecr.io/",
    "https://demo.data.azurecr.io/",
    "https://demo.a.b.data.azurecr.io/",
    "https://demo.azurecr.io/",
    "https://demo.westeurope.data.azurecr.io.evil.example/",
    "https://x_y.blob.core.windows.net/",
    // Other schemes, and no absolute URL at all.
    "file:///etc/passwd",
    "ftp://x.blob.core.windows.net/",
    "gopher://127.0.0.1:6379/_",
    "dict://127.0.0.1:11211/",
    "data:text/html,x",
    "javascript:alert(1)",
    "ws://x.blob.core.windows.net/",
    "unix:/var/run/docker.sock",
    "//x.blob.core.windows.net/",
    "//CANARY/",
    "/v2/a/blobs/sha256:0",
    "blobs/sha256:0",
    "",
    "https://",
    "https:///x",
];

#[tokio::test]
async fn a_blobs_redirect_to_anywhere_but_storage_is_refused_without_a_request() {
    let canary = Upstream::start(|_| Reply::ok("", "secret")).await;
    let host = canary.url().replace("http://", "");
    for location in HOSTILE_LOCATIONS {
        let location = location.replace("CANARY", &host);
        let line = format!("location: {location}\r\n");
        let (server, upstream) = scripted(move |_| Reply::status("307 Temporary Redirect", &line)).await;
        let answer = get(&server, BLOB).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (502, "GATEWAY_REDIRECT_REFUSED"),
            "{location}"
        );
        assert!(!answer.text().contains("secret") && !answer.headers.contains_key("location"), "{location}");
        assert_eq!(upstream.asked().len(), 1, "{location}");
    }
    assert_eq!(canary.asked().len(), 0);
}

#[tokio::test]
async fn two_locations_are_none() {
    let fields = "location: https://x.blob.core.windows.net/\r\nlocation: https://evil.example/\r\n";
    let (server, _upstream) = scripted(move |_| Reply::status("307 Temporary Redirect", fields)).await;
    assert_eq!(get(&server, BLOB).await.code(), "GATEWAY_REDIRECT_REFUSED");
}

#[tokio::test]
async fn only_blobs_are_redirected() {
    let storage = Upstream::start(|_| Reply::ok("", "bytes")).await;
    let line = format!("location: {}/x\r\n", storage.url());
    let upstream = Upstream::start(move |_| Reply::status("302 Found", &line)).await;
    let mut config = config(&upstream.url());
    config.registries[0].storage_hosts.push(storage.url().parse().unwrap());
    let server = gateway(config).await;
    for path in ["/v2/", "/v2/a/manifests/latest", "/acr/v1/_catalog", "/acr/v1/a/_tags", "/oauth2/token"] {
        let answer = get(&server, &format!("/registries/demo{path}")).await;
        assert_eq!(answer.code(), "GATEWAY_REDIRECT_REFUSED", "{path}");
    }
    assert_eq!(storage.asked().len(), 0);
}

#[tokio::test]
async fn storage_is_asked_without_anything_of_the_clients_but_its_range() {
    let storage = Upstream::start(|asked| match asked.header("range") {
        Some("bytes=0-3") => Reply::Bytes(
            b"HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 0-3/8\r\ncontent-length: 4\r\nset-cookie: a=b\r\n\r\nbyte".into(),
        ),
        _ => Reply::ok("", "bytes"),
    })
    .await;
    let fields =
        format!("location: {}/x?sig=s%2Fs&se=1\r\ndocker-content-digest: sha256:0\r\n", storage.url());
    let upstream = Upstream::start(move |_| Reply::status("307 Temporary Redirect", &fields)).await;
    let mut config = config(&upstream.url());
    config.registries[0].storage_hosts.push(storage.url().parse().unwrap());
    let server = gateway(config).await;
    let request = Request::get(BLOB)
        .header("authorization", "Bearer t")
        .header("range", "bytes=0-3")
        .header("cookie", "a=b");
    let answer = send(&server, request, Body::empty()).await;
    assert_eq!((answer.status.as_u16(), answer.text()), (206, "byte"));
    assert_eq!(
        (answer.header("content-range"), answer.header("docker-content-digest")),
        ("bytes 0-3/8", "sha256:0")
    );
    assert!(!answer.headers.contains_key("set-cookie"));
    let asked = storage.only();
    assert_eq!(asked.target(), "/x?sig=s%2Fs&se=1");
    assert_eq!((asked.header("authorization"), asked.header("cookie")), (None, None));
    assert_eq!(upstream.only().header("authorization"), Some("Bearer t"));
}

#[tokio::test]
async fn storage_that_redirects_or_refuses_is_an_error_without_its_words() {
    let canary = Upstream::start(|_| Reply::ok("", "secret")).await;
    let to_canary = format!("location: {}/\r\n", canary.url());
    let storage = Upstream::start(move |asked| match asked.target() {
        "/redirect" => Reply::status("307 Temporary Redirect", &to_canary),
        _ => Reply::Bytes(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 13\r\n\r\n<Code>sig=sas".into()),
    })
    .await;
    let base = storage.url();
    let upstream = Upstream::start(move |asked| {
        let path = if asked.target().ends_with("sha256:1") { "redirect" } else { "expired" };
        Reply::status("307 Temporary Redirect", &format!("location: {base}/{path}\r\n"))
    })
    .await;
    let mut config = config(&upstream.url());
    config.registries[0].storage_hosts.push(storage.url().parse().unwrap());
    let server = gateway(config).await;
    for digest in ["sha256:1", "sha256:2"] {
        let answer = get(&server, &format!("/registries/demo/v2/a/blobs/{digest}")).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, "GATEWAY_STORAGE_REFUSED"));
        assert!(!answer.text().contains("sig="));
    }
    assert_eq!(canary.asked().len(), 0);
}

#[tokio::test]
async fn a_client_cannot_choose_a_host() {
    let canary = Upstream::start(|_| Reply::ok("", "secret")).await;
    let (server, upstream) = scripted(|_| Reply::ok("", "{}")).await;
    let (own, other) = (server.address().to_string(), canary.url().replace("http://", ""));
    for (target, host) in [
        (format!("http://{other}/"), other.clone()),
        (format!("http://{other}/registries/demo/v2/"), own.clone()),
        (format!("http://{own}/registries/demo/v2/"), own.clone()),
        (format!("https://{other}/"), own.clone()),
        ("/registries/demo/v2/".to_owned(), other.replace("127.0.0.1", "evil.example")),
        (format!("/registries/demo@{other}/v2/"), own.clone()),
        (format!("/registries/demo:80@{other}/v2/"), own.clone()),
        (format!("/registries/{other}/v2/"), own.clone()),
        (format!("/registries/demo/http://{other}/v2/"), own.clone()),
        (format!("/registries/demo//{other}/v2/"), own.clone()),
        (format!("/registries/demo/v2//{other}/manifests/x"), own.clone()),
        (format!("/registries/demo/..//{other}/"), own.clone()),
        ("*".to_owned(), own.clone()),
    ] {
        let request = format!(
            "GET {target} HTTP/1.1\r\nhost: {host}\r\nx-forwarded-host: {other}\r\nconnection: close\r\n\r\n"
        );
        let answer = raw(server.address(), request.as_bytes()).await;
        assert!((400..500).contains(&status(&answer)), "{target}: {answer}");
        assert!(!answer.contains("secret"));
    }
    let connect = format!("CONNECT {other} HTTP/1.1\r\nhost: {other}\r\nconnection: close\r\n\r\n");
    assert!((400..500).contains(&status(&raw(server.address(), connect.as_bytes()).await)));
    assert_eq!((canary.asked().len(), upstream.asked().len()), (0, 0));
}

#[tokio::test]
async fn an_allowed_name_that_resolves_to_this_machine_leads_nowhere() {
    // `localhost` is a name that resolves to loopback everywhere, as a name in an attacker's zone may.
    let canary = Upstream::start(|_| Reply::ok("", "secret")).await;
    let port = canary.url().rsplit(':').next().unwrap().to_owned();
    let line = format!("location: http://storage.demo.localhost:{port}/\r\n");
    let upstream = Upstream::start(move |_| Reply::status("307 Temporary Redirect", &line)).await;
    let mut config = config(&upstream.url());
    config.registries[0].storage_hosts.push(format!("http://*.demo.localhost:{port}").parse().unwrap());
    let server = gateway(config).await;
    let answer = get(&server, BLOB).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, "GATEWAY_UPSTREAM_NAME"));
    assert_eq!(canary.asked().len(), 0);
}
