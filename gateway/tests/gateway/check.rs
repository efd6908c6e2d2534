//! `check` refuses what `serve` refuses, and what can never work: one line with file, line, key and remedy.

use crate::binary::{file, refused, run, run_limited};
use crate::support::{Reply, Upstream};

const REGISTRY: &str = "[[registries]]\nurl = \"c.azurecr.io\"\n";

#[test]
fn what_cannot_be_or_can_never_work_is_one_line_with_its_place() {
    for (text, line, said) in [
        (format!("{REGISTRY}[log]\nformat = \"xml\"\n"), 4, "log.format"),
        (format!("{REGISTRY}[log]\nlevel = \"loud\"\n"), 4, "log.level"),
        (
            format!("user_header = \"Authorization\"\ntrusted_proxies = [\"10.0.0.1\"]\n{REGISTRY}"),
            1,
            "X-Forwarded-User",
        ),
        (format!("user_header = \"Cookie\"\n{REGISTRY}"), 1, "user_header"),
        (
            format!(
                "user_header = \"X-Forwarded-Access-Token\"\ntrusted_proxies = [\"10.0.0.1\"]\n{REGISTRY}"
            ),
            1,
            "carries a credential, which would be logged; write the header",
        ),
        (format!("base_path = \"/metrics\"\n{REGISTRY}"), 1, "base_path"),
        (format!("allowed_hosts = [\"a:99999\"]\n{REGISTRY}"), 1, "allowed_hosts"),
        (format!("allowed_hosts = [\"*\"]\n{REGISTRY}"), 1, "allowed_hosts"),
        (format!("allowed_hosts = [\"*.contoso.com\"]\n{REGISTRY}"), 1, "allowed_hosts"),
        (format!("{REGISTRY}[limits]\nconnections = 4611686018427387904\n"), 4, "limits.connections"),
        (format!("{REGISTRY}[limits]\nheaders = 1000000000\n"), 4, "limits.headers"),
        (format!("cors_origins = [\"https://a:0\"]\n{REGISTRY}"), 1, "cors_origins"),
        (format!("listen = \"192.0.2.1\"\n{REGISTRY}"), 1, "listen"),
        (format!("ca_file = \"/nowhere.pem\"\n{REGISTRY}"), 1, "/nowhere.pem"),
        (format!("otlp_endpoint = \"collector\"\n{REGISTRY}"), 1, "otlp_endpoint"),
        (format!("{REGISTRY}[limits]\nform_bytes = 0\n"), 4, "limits.form_bytes"),
        (format!("{REGISTRY}[limits]\nconnections_per_client = 0\n"), 4, "limits.connections_per_client"),
        (
            format!("{REGISTRY}[tls]\nkey = \"/nowhere.key\"\ncertificate = \"/nowhere.pem\"\n"),
            5,
            "tls.certificate",
        ),
        (format!("{REGISTRY}[tls]\nkey = \"/nowhere.key\"\n"), 3, "tls.certificate"),
        ("[[registries]]\nurl = \"http://c.azurecr.io\"\n".to_owned(), 2, "https"),
        (format!("{REGISTRY}pinned_repositories = [\"Not A Name\"]\n"), 3, "pinned_repositories"),
        (format!("{REGISTRY}identity = \"refresh-token\"\nsecret_file = \"/nowhere\"\n"), 4, "secret_file"),
        (
            format!("{REGISTRY}identity = \"refresh-token\"\nsecret_variable = \"NOT_SET\"\n"),
            4,
            "secret_variable",
        ),
        (format!("{REGISTRY}identity = \"managed\"\ntenant_id = \"t\"\n"), 4, "tenant_id"),
        (format!("{REGISTRY}identity = \"anonymous\"\nclient_id = \"c\"\n"), 4, "client_id"),
        (format!("{REGISTRY}client_id = \"c\"\n"), 1, "identity"),
        (format!("{REGISTRY}identity = \"managed\"\nentra.scope = \"a b\"\n"), 4, "entra.scope"),
    ] {
        let file = file(&text);
        let path = file.path().to_str().unwrap();
        let message = refused(&["check", "--offline", "--config", path], &[]);
        assert!(message.contains(&format!("{path}:{line}: ")) && message.contains(said), "{text}: {message}");
    }
}

#[test]
fn what_serve_refuses_by_a_file_has_its_line_too() {
    let file = file(&format!("{REGISTRY}[tls]\nkey = \"/nowhere.key\"\ncertificate = \"/nowhere.pem\"\n"));
    let path = file.path().to_str().unwrap();
    let message = refused(&["serve", "--port", "0", "--config", path], &[]);
    assert!(message.contains(&format!("{path}:5: tls.certificate")), "{message}");
}

#[test]
fn a_flag_or_variable_is_named_as_it_was_set() {
    let message =
        refused(&["check", "--offline", "--registry", "a.azurecr.io", "--limits-headers", "x"], &[]);
    assert!(message.contains("--limits-headers") && message.contains("integer"), "{message}");
    let variables = [("ACR_GATEWAY_TIMEOUTS_CONNECT", "0")];
    let message = refused(&["check", "--offline", "--registry", "a.azurecr.io"], &variables);
    assert!(message.contains("ACR_GATEWAY_TIMEOUTS_CONNECT"), "{message}");
}

#[tokio::test]
async fn a_credential_that_is_refused_is_reported_with_its_cause() {
    let upstream = Upstream::start(|_| Reply::ok("", "{}").into_status("401 Unauthorized")).await;
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "hunter2").unwrap();
    let (url, secret) = (format!("em={}", upstream.url()), format!("em={}", secret.display()));
    let arguments = [
        "check",
        "--registry",
        &url,
        "--registry-identity",
        "em=refresh-token",
        "--registry-secret-file",
        &secret,
    ]
    .map(str::to_owned);
    let output = tokio::task::spawn_blocking(move || {
        run(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[])
    });
    let (code, stdout, _) = output.await.unwrap();
    assert!(code == 1 && stdout.contains("answered 401"), "{stdout}");
    assert!(!stdout.contains("hunter2"), "{stdout}");
}

#[test]
fn the_hosts_that_blobs_may_come_from_are_named() {
    let (_, stdout, _) = run(&["check", "--registry", "a=http://127.0.0.1:1"], &[]);
    assert!(stdout.contains("*.blob.core.windows.net") && stdout.contains("http://127.0.0.1:2"), "{stdout}");
}

#[test]
fn a_hard_limit_on_open_files_is_reported_and_fails_nothing() {
    let arguments = ["check", "--offline", "--registry", "a.azurecr.io"];
    let (_, stdout, _) = run_limited("ulimit -n 256", &arguments);
    let line = stdout.lines().find(|line| line.contains("the process may open 256 files")).unwrap();
    assert!(line.starts_with("WARN") && line.contains("LimitNOFILE"), "{stdout}");
    let (_, enough, _) = run_limited(
        "ulimit -n 256",
        &[&arguments[..], &["--limits-connections", "100", "--limits-requests", "100"]].concat(),
    );
    assert!(!enough.contains("may open"), "{enough}");
}
