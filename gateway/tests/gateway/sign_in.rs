//! Signing in with Microsoft: what the page is configured with, what its policy permits, and what sets it up.

use crate::binary::{file, run};
use crate::support::{config, gateway, get};

const REGISTRY: &str = "[[registries]]\nurl = \"c.azurecr.io\"\n";

#[tokio::test]
async fn the_policy_names_the_authority_where_one_is_configured_and_is_unchanged_elsewhere() {
    let plain = get(&gateway(config("http://127.0.0.1:1")).await, "/").await;
    let mut with = config("http://127.0.0.1:1");
    with.entra.client_id = Some("app".to_owned());
    with.entra.authority = Some("https://login.example".parse().unwrap());
    let server = gateway(with).await;
    for path in ["/", "/embed"] {
        let policy = get(&server, path).await.header("content-security-policy").to_owned();
        assert!(policy.contains("connect-src 'self' https://login.example; "), "{policy}");
    }
    let policy = get(&server, "/").await.header("content-security-policy").to_owned();
    assert_eq!(policy.replace(" https://login.example", ""), plain.header("content-security-policy"));
}

/// The window of a sign-in that a frame has opened hands the answer to the frame, and closes itself.
#[tokio::test]
async fn the_page_that_microsoft_redirects_to_keeps_the_window_that_opened_it() {
    let server = gateway(config("http://127.0.0.1:1")).await;
    let (page, redirect) = (get(&server, "/").await, get(&server, "/redirect.html").await);
    assert_eq!(redirect.header("cross-origin-opener-policy"), "unsafe-none");
    for field in
        ["content-security-policy", "cross-origin-embedder-policy", "x-frame-options", "referrer-policy"]
    {
        assert_eq!(redirect.header(field), page.header(field), "{field}");
    }
}

#[test]
fn a_registry_has_settings_of_its_own_in_a_table_or_with_dots() {
    for own in
        ["entra.tenant = \"fabrikam.example\"\n", "[registries.entra]\ntenant = \"fabrikam.example\"\n"]
    {
        let text = format!("[entra]\nclient_id = \"app\"\ntenant = \"contoso.example\"\n{REGISTRY}{own}");
        let file = file(&text);
        let (code, stdout, stderr) =
            run(&["check", "--offline", "--config", file.path().to_str().unwrap()], &[]);
        assert!(
            stdout.contains("app of https://login.microsoftonline.com/fabrikam.example")
                && !stdout.contains("WARN   sign-in"),
            "{code} {stdout}{stderr}"
        );
    }
}

#[test]
fn check_reports_that_the_application_is_missing() {
    let file = file(&format!("[entra]\ntenant = \"contoso.example\"\n{REGISTRY}"));
    let (code, stdout, _) = run(&["check", "--offline", "--config", file.path().to_str().unwrap()], &[]);
    assert_eq!(code, 1, "{stdout}");
    assert!(stdout.contains("FAILED sign-in with Microsoft at c: entra.client_id is not set"), "{stdout}");
}

#[test]
fn check_warns_of_a_tenant_that_an_application_of_one_tenant_needs() {
    for (tenant, warns) in [("", true), ("tenant = \"organizations\"\n", false)] {
        let file = file(&format!("[entra]\nclient_id = \"app\"\n{tenant}{REGISTRY}"));
        let (_, stdout, _) = run(&["check", "--offline", "--config", file.path().to_str().unwrap()], &[]);
        let line = "WARN   sign-in with Microsoft at c: entra.tenant is not set";
        assert_eq!(stdout.contains(line), warns, "{stdout}");
    }
}

#[test]
fn what_is_no_authority_and_no_tenant_is_refused() {
    for (key, value) in [
        ("authority", "http://login.example"),
        ("tenant", "a/b"),
        ("tenant", ".."),
        ("tenant", "contoso"),
        ("tenant", "contoso..example"),
        ("scope", "https://containerregistry.azure.net"),
        ("scope", "/.default"),
        ("client_id", ""),
    ] {
        let text = format!("[entra]\n{key} = \"{value}\"\n{REGISTRY}");
        let file = file(&text);
        let path = file.path().to_str().unwrap();
        let message = crate::binary::refused(&["check", "--offline", "--config", path], &[]);
        assert!(message.contains(&format!("{path}:2: entra.{key}")), "{message}");
    }
}
