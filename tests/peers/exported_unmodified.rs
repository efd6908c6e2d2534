//! The gateway, and nginx and Caddy with the examples of deploy/ as they are, in namespaces where the names of Azure lead to a script: what
//! passes in each direction, which redirects are followed, and what is refused. All three are held to the same.

use std::path::Path;

use acr_tests::certificate::Certificate;
use acr_tests::environment;
use acr_tests::exported::example_path;
use anyhow::{Context, Result, ensure};
use rstest::rstest;
use serde_json::Value;
use tokio::process::Command;

const NAMES: [&str; 3] =
    ["contoso.azurecr.io", "x.blob.core.windows.net", "contoso.westeurope.data.azurecr.io"];

/// What each request was answered with, and what reached the servers of Azure.
async fn observed(kind: &str, server: &str, example: &str) -> Result<Value> {
    let certificate = Certificate::for_names(&NAMES)?;
    let folder = tempfile::tempdir()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/exported/unmodified.py");
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "--net"]).arg(environment::path("ACR_HELM_PYTHON")?);
    command.arg(script).arg(kind).arg(environment::path(server)?).arg(example_path(example).canonicalize()?);
    command.args([certificate.path(), certificate.key_path()]).arg(folder.path());
    let output = command.kill_on_drop(true).output().await.context("cannot start unshare (util-linux)")?;
    ensure!(output.status.success(), "{kind}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

#[rstest]
#[case::nginx("nginx", "ACR_NGINX", "nginx/acr-dashboard.conf")]
#[case::caddy("caddy", "ACR_CADDY", "caddy/Caddyfile")]
#[case::gateway("gateway", "ACR_GATEWAY_BIN", "gateway.example.toml")]
#[tokio::test]
async fn an_example_as_it_is_keeps_the_rules_that_the_gateway_keeps(
    #[case] kind: &str,
    #[case] server: &str,
    #[case] example: &str,
) -> Result<()> {
    let observed = observed(kind, server, example).await?;
    let answers = observed["answers"].as_object().context("no answers")?;
    let status = |name: &str| answers[name]["status"].clone();
    let field = |name: &str, field: &str| answers[name]["fields"][field].clone();
    for name in [
        "/v2/a%2Fb/manifests/x",
        "/v2/a/manifests/build-0123456789abcdef.1",
        "/v2/a/manifests/build-0123456789abcdef.js",
        "storage",
        "data",
        "token",
        "upload",
        "/v2/bearer",
    ] {
        assert_eq!(status(name), if name == "/v2/bearer" { 401 } else { 200 }, "{name}");
        assert_eq!(field(name, "cache-control"), "no-store", "{name}");
    }
    assert_eq!(field("/v2/cached", "cache-control"), "max-age=5");
    keeps_redirects_and_challenges(&observed);
    for (name, answer) in answers {
        let planted = answer["fields"].as_object().context("no fields")?;
        assert!(planted.values().all(|value| value != "planted"), "{name}: {planted:?}");
        // To the gateway this is the path of a page, since it decodes none before it is routed.
        let page = kind == "gateway" && name.contains("%2fcontoso");
        if name.starts_with("hostile ") || (name.starts_with("elsewhere /") && !page) {
            assert!(answer["status"] == 400 || answer["status"] == 404, "{name}: {answer}");
        }
    }
    keeps_what_reaches_azure(&observed)
}

/// Which redirects are followed, which challenges are returned, and whose writes are made.
fn keeps_redirects_and_challenges(observed: &Value) {
    let answers = &observed["answers"];
    let status = |name: &str| answers[name]["status"].clone();
    let field = |name: &str, field: &str| answers[name]["fields"][field].clone();
    assert_eq!(answers["storage"]["body"], "blob of x.blob.core.windows.net");
    assert_eq!(answers["data"]["body"], "blob of contoso.westeurope.data.azurecr.io");
    assert_eq!(
        (field("storage", "docker-content-digest"), field("storage", "location")),
        ("sha256:7".into(), Value::Null)
    );
    for name in ["/v2/redirect", "refusing", "elsewhere", "other"] {
        assert_eq!((status(name), field(name, "location")), (502.into(), Value::Null), "{name}");
    }
    assert_eq!((status("/v2/basic"), field("/v2/basic", "www-authenticate")), (401.into(), Value::Null));
    let bearer = field("/v2/bearer", "www-authenticate");
    assert!(
        bearer.as_str().is_some_and(|text| text.ends_with("scope=\"repository:a:pull,push\"")),
        "{bearer}"
    );
    for (name, expected) in [
        ("Origin: https://evil.example", 403),
        ("Origin: null", 403),
        ("Sec-Fetch-Site: cross-site", 403),
        ("Origin: http://localhost:8080", 200),
        ("Sec-Fetch-Site: same-origin", 200),
    ] {
        assert_eq!(status(name), expected, "{name}");
    }
}

/// What the servers of Azure were asked, and with which fields.
fn keeps_what_reaches_azure(observed: &Value) -> Result<()> {
    assert_eq!(observed["reached_by_hostile"], 0);
    let reached = observed["reached"].as_array().context("nothing reached Azure")?;
    assert!(!reached.iter().any(|request| request["fields"].to_string().contains("secret")), "{reached:?}");
    let storage = reached.iter().filter(|request| request["host"] != "contoso.azurecr.io");
    let targets: Vec<_> = storage.clone().map(|request| request["target"].clone()).collect();
    assert_eq!(targets, ["/ab//c?sig=a%2Fb%3D&se=1", "/ab//c?sig=a%2Fb%3D", "/refusing?sig=1"]);
    for request in storage {
        assert_eq!(
            (&request["fields"]["authorization"], &request["fields"]["range"]),
            (&Value::Null, &"bytes=0-1".into())
        );
    }
    Ok(())
}
