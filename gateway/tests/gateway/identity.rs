//! The gateway's own identity: it signs in by itself, only reads unless configured otherwise, and knows who writes.

use acr_emulator::{Emulator, RunningEmulator};
use acr_gateway::RunningServer;
use acr_gateway::config::{Action, Config, IdentityConfig, SecretSource};
use http::Request;

use crate::support::{Answer, Reply, Upstream, config, gateway, get, send};

/// A registry that wants credentials, and a gateway that has them.
async fn rig(change: impl FnOnce(&mut Config)) -> (RunningServer, RunningEmulator, tempfile::TempDir) {
    let emulator = Emulator::builder()
        .login_server("demo.azurecr.io")
        .admin("admin", "pass word")
        .start()
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "pass word\n").unwrap();
    let mut config = config(&emulator.url());
    let secret = SecretSource::File(file);
    config.registries[0].identity = Some(IdentityConfig::Password { username: "admin".to_owned(), secret });
    change(&mut config);
    (gateway(config).await, emulator, folder)
}

/// Lets writes through, named by a proxy on loopback.
fn writable(config: &mut Config) {
    config.registries[0].allow = Some([Action::Push, Action::Delete, Action::Lock].into_iter().collect());
    config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    config.user_header = Some("x-forwarded-user".parse().unwrap());
}

async fn as_user(
    server: &RunningServer,
    method: &str,
    path: &str,
    fields: &[(&str, &str)],
    body: &'static str,
) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(format!("/registries/demo{path}"))
        .header("x-forwarded-user", "jane");
    let request = fields.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    send(server, request, body).await
}

#[tokio::test]
async fn the_page_needs_no_credential_and_learns_so() {
    let (server, _emulator, _folder) = rig(|_| {}).await;
    assert_eq!(
        get(&server, "/config.json").await.json()["registries"][0]["signIn"],
        serde_json::json!(["gateway"])
    );
    let answer = get(&server, "/registries/demo/acr/v1/_catalog").await;
    assert_eq!((answer.status.as_u16(), answer.json()["repositories"].is_array()), (200, true));
    assert_eq!(get(&server, "/registries/demo/v2/").await.status, 200);
}

#[tokio::test]
async fn it_only_reads_unless_configured_otherwise() {
    let (server, _emulator, _folder) = rig(|_| {}).await;
    for (method, path) in [
        ("DELETE", "/acr/v1/a/_tags/1"),
        ("DELETE", "/acr/v1/a"),
        ("DELETE", "/v2/a/manifests/sha256:0"),
        ("PATCH", "/acr/v1/a"),
        ("PATCH", "/acr/v1/a/_manifests/sha256:0"),
        ("POST", "/v2/a/blobs/uploads/"),
        ("PUT", "/v2/a/manifests/1"),
        ("POST", "/acr/v1/_deleted/a/_manifests/sha256:0"),
        ("PUT", "/acr/v1/a/_anything"),
        ("POST", "/v2/a%2Fmanifests%2Fb"),
        ("GET", "/acr/v1/a/_anything"),
    ] {
        let answer = as_user(&server, method, path, &[("content-type", "application/json")], "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (403, "GATEWAY_FORBIDDEN"),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn it_hands_out_no_tokens() {
    let (server, _emulator, _folder) = rig(|_| {}).await;
    for (method, path) in
        [("POST", "/oauth2/token"), ("POST", "/oauth2/exchange"), ("GET", "/oauth2/token?scope=x")]
    {
        assert_eq!(as_user(&server, method, path, &[], "").await.status, 404, "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_allowed_works_and_what_is_not_does_not() {
    let (server, _emulator, _folder) = rig(writable).await;
    let started = as_user(&server, "POST", "/v2/a/blobs/uploads/", &[], "").await;
    assert_eq!(started.status, 202, "{}", started.text());
    let untag = as_user(&server, "DELETE", "/acr/v1/a/_tags/1", &[], "").await;
    assert_eq!((untag.status.as_u16(), untag.code().as_str()), (403, "GATEWAY_FORBIDDEN"));
    assert_eq!(
        get(&server, "/config.json").await.json()["registries"][0]["allowedActions"],
        serde_json::json!(["delete", "lock", "push"])
    );
}

#[tokio::test]
async fn no_client_bypasses_the_proxy() {
    let (server, _emulator, _folder) = rig(writable).await;
    let answer = get(&server, "/registries/demo/acr/v1/_catalog").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "GATEWAY_NO_USER"));
    let (server, _emulator, _folder) = rig(|config| {
        writable(config);
        config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await;
    let answer = as_user(&server, "GET", "/acr/v1/_catalog", &[], "").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "GATEWAY_NO_USER"));
}

#[tokio::test]
async fn another_sites_page_cannot_write_with_the_gateways_identity() {
    let (server, _emulator, _folder) = rig(writable).await;
    let path = "/v2/a/blobs/uploads/";
    let own = format!("http://{}", server.address());
    for fields in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ] {
        let answer = as_user(&server, "POST", path, fields, "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (403, "GATEWAY_FORBIDDEN"),
            "{fields:?}"
        );
    }
    let answer =
        as_user(&server, "POST", path, &[("sec-fetch-site", "same-origin"), ("origin", &own)], "").await;
    assert_eq!(answer.status, 202);
}

#[tokio::test]
async fn a_clients_own_credential_is_replaced_and_its_user_stays_here() {
    let upstream = Upstream::start(|asked| match asked.target().split('?').next() {
        Some("/oauth2/token") => Reply::ok("", r#"{"access_token":"gateways"}"#),
        _ => Reply::ok("", "{}"),
    })
    .await;
    let mut config = config(&upstream.url());
    config.registries[0].identity = Some(IdentityConfig::Anonymous);
    writable(&mut config);
    let server = gateway(config).await;
    for _ in 0..3 {
        let answer =
            as_user(&server, "GET", "/acr/v1/a/_tags", &[("authorization", "Bearer clients")], "").await;
        assert_eq!(answer.status, 200);
    }
    let asked = upstream.asked();
    let tokens: Vec<_> = asked.iter().filter(|asked| asked.target() == "/oauth2/token").collect();
    assert_eq!(tokens.len(), 1, "one token serves all calls of a scope");
    assert_eq!(
        String::from_utf8_lossy(&tokens[0].body),
        "grant_type=password&refresh_token=&scope=repository%3Aa%3Ametadata_read&service=demo.azurecr.io"
    );
    for call in asked.iter().filter(|asked| asked.target() != "/oauth2/token") {
        assert_eq!(
            (call.header("authorization"), call.header("x-forwarded-user")),
            (Some("Bearer gateways"), None)
        );
    }
}

#[tokio::test]
async fn a_refused_credential_is_an_error_that_names_neither_it_nor_a_challenge() {
    let emulator =
        Emulator::builder().login_server("demo.azurecr.io").admin("admin", "right").start().await.unwrap();
    let mut config = config(&emulator.url());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("password"), "wrong-secret").unwrap();
    let secret = SecretSource::File(folder.path().join("password"));
    config.registries[0].identity = Some(IdentityConfig::Password { username: "admin".to_owned(), secret });
    let server = gateway(config).await;
    let answer = get(&server, "/registries/demo/acr/v1/_catalog").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (502, "GATEWAY_IDENTITY"));
    assert!(!answer.text().contains("wrong-secret") && !answer.headers.contains_key("www-authenticate"));
}

#[tokio::test]
async fn a_missing_permission_of_the_identity_is_403_after_one_retry_with_the_scope_asked_for() {
    let upstream = Upstream::start(|asked| match asked.target() {
        "/oauth2/token" => Reply::ok("", r#"{"access_token":"weak"}"#),
        _ => Reply::status(
            "401 Unauthorized",
            "www-authenticate: Bearer realm=\"https://evil.example/token\",service=\"x\",scope=\"repository:a:pull repository:b:pull\",error=\"insufficient_scope\"\r\n",
        ),
    })
    .await;
    let mut config = config(&upstream.url());
    config.registries[0].identity = Some(IdentityConfig::Anonymous);
    let server = gateway(config).await;
    let answer = get(&server, "/registries/demo/v2/a/manifests/1").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "GATEWAY_IDENTITY_FORBIDDEN"));
    assert!(!answer.headers.contains_key("www-authenticate"));
    let asked = upstream.asked();
    assert_eq!(
        asked.iter().map(|asked| asked.target()).collect::<Vec<_>>(),
        ["/oauth2/token", "/v2/a/manifests/1", "/oauth2/token", "/v2/a/manifests/1"]
    );
    assert!(
        String::from_utf8_lossy(&asked[2].body).contains("repository%3Aa%3Apull%20repository%3Ab%3Apull")
    );
}

#[tokio::test]
async fn many_calls_at_once_share_one_token_call() {
    let upstream = Upstream::start(|asked| match asked.target() {
        "/oauth2/token" => Reply::ok("", r#"{"access_token":"t"}"#),
        _ => Reply::ok("", "{}"),
    })
    .await;
    let mut config = config(&upstream.url());
    config.registries[0].identity = Some(IdentityConfig::Anonymous);
    let server = gateway(config).await;
    let calls = (0..20).map(|_| get(&server, "/registries/demo/acr/v1/_catalog"));
    for answer in futures_util::future::join_all(calls).await {
        assert_eq!(answer.status, 200);
    }
    assert_eq!(upstream.asked().iter().filter(|asked| asked.target() == "/oauth2/token").count(), 1);
}

#[tokio::test]
async fn a_token_whose_answer_stops_midway_is_given_up() {
    let upstream = Upstream::start(|asked| match asked.target() {
        "/oauth2/token" => Reply::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec()),
        _ => Reply::ok("", "{}"),
    })
    .await;
    let mut config = config(&upstream.url());
    config.registries[0].identity = Some(IdentityConfig::Anonymous);
    config.timeouts.upstream_idle = std::time::Duration::from_millis(80);
    let server = gateway(config).await;
    // All of them wait for the same token.
    let answers =
        futures_util::future::join_all((0..5).map(|_| get(&server, "/registries/demo/v2/a/tags/list")));
    for answer in answers.await {
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (504, "GATEWAY_UPSTREAM_TIMEOUT"));
    }
}

#[tokio::test]
async fn callers_that_wait_for_the_same_token_do_not_wait_one_after_another() {
    let upstream = Upstream::start(|asked| match asked.target() {
        "/oauth2/token" => Reply::Hang(Vec::new()),
        _ => Reply::ok("", "{}"),
    })
    .await;
    let mut config = config(&upstream.url());
    config.registries[0].identity = Some(IdentityConfig::Anonymous);
    config.timeouts.upstream_head = std::time::Duration::from_millis(300);
    let server = gateway(config).await;
    let calls = (0..16).map(|_| get(&server, "/registries/demo/acr/v1/_catalog"));
    for answer in futures_util::future::join_all(calls).await {
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (504, "GATEWAY_UPSTREAM_TIMEOUT"));
    }
    // Each that had waited for the one before would have asked anew.
    let asked = upstream.asked().iter().filter(|asked| asked.target() == "/oauth2/token").count();
    assert!(asked < 8, "{asked} calls");
}

#[tokio::test]
async fn an_invalid_name_is_refused_before_a_token_is_asked_for() {
    let upstream = Upstream::start(|asked| match asked.target() {
        "/oauth2/token" => Reply::ok("", r#"{"access_token":"t"}"#),
        _ => Reply::ok("", "{}"),
    })
    .await;
    let mut config = config(&upstream.url());
    config.registries[0].identity = Some(IdentityConfig::Anonymous);
    let server = gateway(config).await;
    for path in [
        "/v2/x:pull%20repository:payroll:pull,push,delete%20repository:y/manifests/latest",
        "/v2/*/manifests/latest",
        "/v2/A/manifests/latest",
        "/v2/a,b/tags/list",
        "/acr/v1/registry:catalog:*/_tags",
        "/acr/v1/a%20b",
    ] {
        let answer = get(&server, &format!("/registries/demo{path}")).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "GATEWAY_BAD_REQUEST"), "{path}");
    }
    assert!(upstream.asked().is_empty());
    assert_eq!(get(&server, "/registries/demo/v2/a.b/c_d__e-f/manifests/latest").await.status, 200);
}

#[tokio::test]
async fn a_mount_from_what_is_no_name_is_refused_before_a_token_is_asked_for() {
    let upstream = Upstream::start(|asked| match asked.target() {
        "/oauth2/token" => Reply::ok("", r#"{"access_token":"t"}"#),
        _ => Reply::status("201 Created", ""),
    })
    .await;
    let mut config = config(&upstream.url());
    config.registries[0].identity = Some(IdentityConfig::Anonymous);
    writable(&mut config);
    let server = gateway(config).await;
    for query in [
        "mount=sha256:0&from=x:pull%20repository:payroll:pull",
        "mount=sha256:0&from=A",
        "mount=sha256:0&from=",
        "mount=sha256:0&from=a&from=b",
        "mount=sha256:0&%66rom=a+b",
        "mount=sha256:0&from=%ff",
    ] {
        let answer = as_user(&server, "POST", &format!("/v2/a/blobs/uploads/?{query}"), &[], "").await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "GATEWAY_BAD_REQUEST"), "{query}");
    }
    assert!(upstream.asked().is_empty());
    let path = "/v2/a/blobs/uploads/?mount=sha256:0&from=b%2Fc";
    assert_eq!(as_user(&server, "POST", path, &[], "").await.status, 201);
}

#[tokio::test]
async fn people_behind_a_proxy_are_distinguished_by_their_addresses_and_names() {
    let upstream = Upstream::start(|_| Reply::ok("", "{}")).await;
    let mut config = config(&upstream.url());
    config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    config.user_header = Some("x-forwarded-user".parse().unwrap());
    config.limits.rate_per_client = 1;
    let server = gateway(config).await;
    let ask = async |name: &str, value: &[u8]| {
        let value = http::HeaderValue::from_bytes(value).unwrap();
        send(&server, Request::get("/registries/demo/v2/").header(name, value), "").await.status
    };
    for number in 1..=30 {
        for (name, value) in [
            ("x-forwarded-for", format!("203.0.113.{number}:51234")),
            ("x-forwarded-for", format!("[2001:db8:{number}::1]:443")),
            ("forwarded", format!("for=198.51.100.{number};proto=https")),
            ("forwarded", format!("for=\"[2001:db8:ff:{number}::1]:443\"")),
        ] {
            assert_eq!(ask(name, value.as_bytes()).await, 200, "{value}");
        }
    }
    assert_eq!(ask("x-forwarded-user", "J\u{f6}rg".as_bytes()).await, 200);
    assert_eq!(ask("x-forwarded-for", b"\xff, 203.0.113.99").await, 200);
}
