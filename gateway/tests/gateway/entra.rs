//! Identities that Microsoft Entra vouches for: the gateway asks there first, passes the issued token on to the registry, and keeps all of
//! it to itself.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use crate::binary::{Running, refused, run};
use crate::support::{Asked, Reply, Upstream, status};
use crate::tls::certificate;

const CALL: &str = "/registries/demo/acr/v1/_catalog";

/// A registry that takes Entra's token for a refresh token, and that for an access token.
async fn registry() -> Upstream {
    Upstream::start(|asked| match asked.target() {
        "/oauth2/exchange" => Reply::ok("", r#"{"refresh_token":"refresh-secret"}"#),
        "/oauth2/token" => Reply::ok("", r#"{"access_token":"access-secret"}"#),
        _ => Reply::ok("", "{}"),
    })
    .await
}

/// Entra's token endpoint as a workload identity finds it: on https, with a certificate that `ca_file` makes trusted.
struct Entra {
    upstream: Upstream,
    folder: tempfile::TempDir,
}

impl Entra {
    async fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = certificate(folder.path());
        let chain = vec![CertificateDer::from_pem_file(&files.certificate).unwrap()];
        let key = PrivateKeyDer::from_pem_file(&files.key).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let server = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        std::fs::write(folder.path().join("token"), "kubernetes-secret").unwrap();
        let upstream = Upstream::start_behind(Some(TlsAcceptor::from(Arc::new(server))), script).await;
        Self { upstream, folder }
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// A gateway in a pod that AKS has given a workload identity, in front of a registry.
    fn gateway(&self, registry: &Upstream) -> Running {
        let (url, ca_file) = (format!("demo={}", registry.url()), self.file("tls.crt"));
        let arguments = [
            ["serve", "--port"],
            ["0", "--registry"],
            [&url, "--registry-identity"],
            ["demo=workload", "--ca-file"],
            [&ca_file, "--log-level=trace"],
        ];
        let (host, token) = (self.upstream.url().replace("http://", "https://"), self.file("token"));
        let variables = [
            ("AZURE_AUTHORITY_HOST", host.as_str()),
            ("AZURE_TENANT_ID", "tenant"),
            ("AZURE_CLIENT_ID", "client"),
            ("AZURE_FEDERATED_TOKEN_FILE", &token),
        ];
        Running::start(arguments.as_flattened(), &variables)
    }
}

#[tokio::test]
async fn a_workload_identity_signs_the_gateway_in_and_nothing_of_it_is_logged() {
    let entra = Entra::start(|_| {
        let token = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"entra-secret"}"#;
        Reply::ok("content-type: application/json\r\n", token)
    })
    .await;
    let registry = registry().await;
    let gateway = entra.gateway(&registry);
    for _ in 0..2 {
        assert_eq!(status(&gateway.get(CALL, "").await), 200);
    }
    let asked = entra.upstream.only();
    assert_eq!(asked.target(), "/tenant/oauth2/v2.0/token");
    let form = String::from_utf8(asked.body).unwrap();
    for pair in [
        "client_id=client",
        "client_assertion=kubernetes-secret",
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
        "grant_type=client_credentials",
        "scope=https%3A%2F%2Fcontainerregistry.azure.net%2F.default",
    ] {
        assert!(form.split('&').any(|given| given == pair), "{pair} in {form}");
    }
    // One exchange and one token serve both calls.
    let asked = registry.asked();
    let targets: Vec<_> = asked.iter().map(|asked| asked.target()).collect();
    assert_eq!(targets, ["/oauth2/exchange", "/oauth2/token", "/acr/v1/_catalog", "/acr/v1/_catalog"]);
    let (exchange, token) =
        (String::from_utf8_lossy(&asked[0].body), String::from_utf8_lossy(&asked[1].body));
    assert!(
        exchange.contains("grant_type=access_token") && exchange.ends_with("access_token=entra-secret"),
        "{exchange}"
    );
    assert!(
        token.contains("scope=registry%3Acatalog%3A%2A") && token.ends_with("refresh_token=refresh-secret"),
        "{token}"
    );
    assert_eq!(asked[2].header("authorization"), Some("Bearer access-secret"));
    let (_, log) = gateway.stop();
    assert!(!log.contains("secret"), "{log}");
}

#[tokio::test]
async fn a_workload_identity_that_entra_refuses_is_said_in_the_log_and_not_to_the_page() {
    let entra = Entra::start(|_| {
        let refusal =
            r#"{"error":"invalid_client","error_description":"AADSTS70021: no matching federated identity"}"#;
        Reply::ok("content-type: application/json\r\n", refusal).into_status("401 Unauthorized")
    })
    .await;
    let registry = registry().await;
    let gateway = entra.gateway(&registry);
    let answer = gateway.get(CALL, "").await;
    assert!(status(&answer) == 502 && answer.contains("GATEWAY_IDENTITY"), "{answer}");
    assert!(!answer.contains("AADSTS") && !answer.contains("secret"), "{answer}");
    assert!(registry.asked().is_empty());
    let (_, log) = gateway.stop();
    assert!(log.contains("AADSTS70021") && !log.contains("kubernetes-secret"), "{log}");
}

#[test]
fn a_workload_identity_outside_such_a_pod_is_refused_at_the_start() {
    let arguments =
        ["serve", "--port", "0", "--registry", "a.azurecr.io", "--registry-identity", "a=workload"];
    let line = refused(&arguments, &[]);
    assert!(line.contains("registries[0].identity") && line.contains("tenant"), "{line}");
}

#[tokio::test]
async fn a_managed_identity_signs_the_gateway_in() {
    let upstream = Upstream::start(|asked| match asked.target().split('?').next().unwrap() {
        "/msi" => Reply::ok(
            "content-type: application/json\r\n",
            r#"{"access_token":"entra","expires_on":"4102444800","token_type":"Bearer","resource":"r"}"#,
        ),
        "/oauth2/exchange" => Reply::ok("", r#"{"refresh_token":"refresh"}"#),
        "/oauth2/token" => Reply::ok("", r#"{"access_token":"access"}"#),
        _ => Reply::ok("", "{}"),
    })
    .await;
    let endpoint = format!("{}/msi", upstream.url());
    let url = format!("demo={}", upstream.url());
    let arguments = ["serve", "--port", "0", "--registry", &url, "--registry-identity", "demo=managed"];
    let gateway =
        Running::start(&arguments, &[("IDENTITY_ENDPOINT", &endpoint), ("IDENTITY_HEADER", "header")]);
    assert_eq!(status(&gateway.get("/registries/demo/acr/v1/_catalog", "").await), 200);
    let asked = upstream.asked();
    assert!(
        asked[0].target().contains("resource=https%3A%2F%2Fcontainerregistry.azure.net"),
        "{}",
        asked[0].target()
    );
    assert_eq!(
        String::from_utf8_lossy(&asked[1].body),
        format!(
            "grant_type=access_token&service={}&access_token=entra",
            upstream.url()[7..].replace(':', "%3A")
        )
    );
    assert_eq!(asked[3].header("authorization"), Some("Bearer access"));
}

#[tokio::test(flavor = "multi_thread")]
async fn check_asks_the_authority_and_reports_its_certificate_as_that_of_a_registry() {
    let entra = Entra::start(|_| Reply::ok("", "{}")).await;
    let authority = entra.upstream.url().replace("http:", "https:");
    for (ca_file, reported) in
        [(None, "TLS with 127.0.0.1 failed"), (Some("tls.crt"), "no OpenID configuration")]
    {
        let ca_file = ca_file.map(|name| entra.file(name));
        let variables: Vec<(&str, &str)> = [("ACR_GATEWAY_ENTRA_AUTHORITY", authority.as_str())]
            .into_iter()
            .chain(ca_file.as_deref().map(|file| ("ACR_GATEWAY_CA_FILE", file)))
            .collect();
        let arguments = ["check", "--registry", "c=http://127.0.0.1:1", "--entra-client-id", "app"];
        let (_, stdout, stderr) = run(&arguments, &variables);
        let line = stdout.lines().find(|line| line.contains("sign-in with Microsoft"));
        let line = line.unwrap_or_else(|| panic!("{stdout}{stderr}"));
        assert!(
            line.starts_with("FAILED") && line.contains(reported) && line.contains("entra.authority"),
            "{line}"
        );
        assert_eq!(line.contains("ca_file"), ca_file.is_none(), "{line}");
    }
}
