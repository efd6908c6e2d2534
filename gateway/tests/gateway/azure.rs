//! Azure as it is: regional endpoints, data endpoints, a company's outgoing proxy, and other audiences.

use std::sync::{Arc, Mutex};

use acr_gateway::config::{Config, Registry};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::binary::{Running, run};
use crate::support::{Reply, Upstream, status};
use crate::tls::{acceptor, certificate_for};

const BLOB: &str = "/registries/contoso/v2/a/blobs/sha256:0";

#[test]
fn data_endpoints_belong_to_regional_endpoints_and_to_port_443_too() {
    let data = "https://contoso.westeurope.data.azurecr.io/x?sig=1".parse().unwrap();
    for url in ["contoso.azurecr.io", "contoso.azurecr.io:443", "contoso.westeurope.geo.azurecr.io"] {
        let registry: Registry = url.parse().unwrap();
        assert!(registry.storage_hosts.iter().any(|host| host.matches(&data)), "{url}");
        assert_eq!(registry.name(), "contoso");
    }
    let other: Registry = "fabrikam.westeurope.geo.azurecr.io".parse().unwrap();
    assert!(!other.storage_hosts.iter().any(|host| host.matches(&data)));
    assert!(Config::new(vec![other]).is_ok());
}

/// An outgoing proxy that connects every host to one address. Stops when dropped.
struct Proxy {
    address: std::net::SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// A proxy that wants these credentials.
    async fn start(to: std::net::SocketAddr, credentials: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let record = Arc::clone(&heads);
        let task = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let record = Arc::clone(&record);
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        head.push(client.read_u8().await.unwrap());
                    }
                    let head = String::from_utf8(head).unwrap();
                    record.lock().unwrap().push(head.clone());
                    if !head
                        .to_ascii_lowercase()
                        .contains(&format!("proxy-authorization: {}\r\n", credentials.to_ascii_lowercase()))
                    {
                        let refusal =
                            b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
                        let _ = client.write_all(refusal).await;
                        return;
                    }
                    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
                    let mut server = TcpStream::connect(to).await.unwrap();
                    let _ = copy_bidirectional(&mut client, &mut server).await;
                });
            }
        });
        Self { address, heads, task }
    }

    /// The hosts it was asked to connect to, each once, in order.
    fn hosts(&self) -> Vec<String> {
        let heads = self.heads.lock().unwrap();
        let mut hosts: Vec<String> =
            heads.iter().map(|head| head.split(' ').nth(1).unwrap().to_owned()).collect();
        hosts.dedup();
        hosts
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const STORAGE: &str = "x.blob.core.windows.net";
const REGISTRY: &str = "contoso.azurecr.io";
const ENTRA: &str = "login.microsoftonline.com";

/// Registry, storage and Entra in one, by name, with a certificate of a private authority.
async fn azure(folder: &std::path::Path) -> Upstream {
    let files = certificate_for(folder, &[STORAGE, REGISTRY, ENTRA]);
    Upstream::start_behind(Some(acceptor(&files)), |asked| match (asked.header("host"), asked.target()) {
        (Some(ENTRA), _) => Reply::ok(
            "content-type: application/json\r\n",
            r#"{"token_type":"Bearer","expires_in":3600,"access_token":"entra"}"#,
        ),
        (Some(STORAGE), _) => Reply::ok("", "blob"),
        (_, "/oauth2/exchange") => Reply::ok("", r#"{"refresh_token":"refresh"}"#),
        (_, "/oauth2/token") => Reply::ok("", r#"{"access_token":"access"}"#),
        _ => Reply::status("307 Temporary Redirect", &format!("location: https://{STORAGE}/b?sig=1\r\n")),
    })
    .await
}

fn address(upstream: &Upstream) -> std::net::SocketAddr {
    upstream.url().strip_prefix("http://").unwrap().parse().unwrap()
}

#[tokio::test]
async fn registry_storage_and_entra_are_reached_through_the_outgoing_proxy() {
    let folder = tempfile::tempdir().unwrap();
    let azure = azure(folder.path()).await;
    // me:secret
    let proxy = Proxy::start(address(&azure), "Basic bWU6c2VjcmV0").await;
    let file = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(file("token"), "kubernetes").unwrap();
    let (ca_file, token) = (file("tls.crt"), file("token"));
    let flags = ["serve", "--port", "0", "--registry", REGISTRY, "--ca-file", &ca_file]
        .into_iter()
        .chain(["--registry-identity", "contoso=workload", "--log-level", "trace"])
        .collect::<Vec<_>>();
    let url = format!("http://me:secret@{}", proxy.address);
    for variable in ["HTTPS_PROXY", "ALL_PROXY", "https_proxy"] {
        proxy.heads.lock().unwrap().clear();
        let authority = format!("https://{ENTRA}");
        let variables = [
            (variable, url.as_str()),
            ("AZURE_AUTHORITY_HOST", authority.as_str()),
            ("AZURE_TENANT_ID", "tenant"),
            ("AZURE_CLIENT_ID", "client"),
            ("AZURE_FEDERATED_TOKEN_FILE", &token),
        ];
        let gateway = Running::start(&flags, &variables);
        let answer = gateway.get(BLOB, "").await;
        assert!(status(&answer) == 200 && answer.ends_with("blob"), "{variable}: {answer}");
        assert_eq!(
            proxy.hosts(),
            [format!("{ENTRA}:443"), format!("{REGISTRY}:443"), format!("{STORAGE}:443")],
            "{variable}"
        );
        let (_, log) = gateway.stop();
        assert!(!log.contains("me:secret") && !log.contains("bWU6c2VjcmV0"), "{log}");
    }
}

#[tokio::test]
async fn no_proxy_and_this_machine_are_reached_directly() {
    let folder = tempfile::tempdir().unwrap();
    let azure = azure(folder.path()).await;
    let proxy = Proxy::start(address(&azure), "Basic bWU6c2VjcmV0").await;
    let near = Upstream::start(|_| Reply::ok("", "{}")).await;
    let url = format!("near={}", near.url());
    let proxy_url = format!("http://{}", proxy.address);
    let flags = ["serve", "--port", "0", "--registry", &url, "--registry", "far=http://registry.invalid"];
    let variables = [("ALL_PROXY", proxy_url.as_str()), ("NO_PROXY", ".invalid")];
    let gateway = Running::start(&flags, &variables);
    assert_eq!(status(&gateway.get("/registries/near/v2/", "").await), 200);
    assert!(gateway.get("/registries/far/v2/", "").await.contains("GATEWAY_UPSTREAM_NAME"));
    assert!(proxy.heads.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let azure = azure(folder.path()).await;
    let proxy = Proxy::start(address(&azure), "Basic bWU6c2VjcmV0").await;
    let proxy_url = format!("http://me:wrong@{}", proxy.address);
    let arguments = ["check", "--registry", REGISTRY].map(str::to_owned);
    let output = tokio::task::spawn_blocking(move || {
        run(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[("HTTPS_PROXY", &proxy_url)])
    });
    let (code, stdout, _) = output.await.unwrap();
    assert!(code == 1 && stdout.contains("outgoing proxy") && stdout.contains("authorization"), "{stdout}");
    assert!(!stdout.contains("wrong"), "{stdout}");
}

/// A metadata service and a registry that refuses what it issues.
async fn refusing_registry() -> Upstream {
    Upstream::start(|asked| match asked.target().split('?').next().unwrap() {
        "/msi" => Reply::ok(
            "content-type: application/json\r\n",
            r#"{"access_token":"entra","expires_on":"4102444800","token_type":"Bearer","resource":"r"}"#,
        ),
        _ => Reply::ok("", "{}").into_status("401 Unauthorized"),
    })
    .await
}

#[tokio::test]
async fn a_refused_token_is_reported_with_the_audience_it_was_requested_for() {
    for (more, audience) in [
        (&[][..], "https://containerregistry.azure.net"),
        (&["--registry-login-server", "demo=contoso.azurecr.us"], "https://management.usgovcloudapi.net"),
        (&["--registry-login-server", "demo=contoso.azurecr.cn"], "https://management.chinacloudapi.cn"),
        (
            &["--registry-entra-scope", "demo=https://management.azure.com/.default"],
            "https://management.azure.com",
        ),
    ] {
        let registry = refusing_registry().await;
        let (url, endpoint) = (format!("demo={}", registry.url()), format!("{}/msi", registry.url()));
        let mut arguments: Vec<String> =
            ["check", "--registry", &url, "--registry-identity", "demo=managed"].map(str::to_owned).to_vec();
        arguments.extend(more.iter().map(|text| (*text).to_owned()));
        let output = tokio::task::spawn_blocking(move || {
            let variables = [("IDENTITY_ENDPOINT", endpoint.as_str()), ("IDENTITY_HEADER", "header")];
            run(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), &variables)
        });
        let (code, stdout, _) = output.await.unwrap();
        assert!(code == 1 && stdout.contains(audience) && stdout.contains("entra.scope"), "{stdout}");
        let resource = audience.replace(':', "%3A").replace('/', "%2F");
        assert!(registry.asked()[0].target().contains(&format!("resource={resource}")), "{audience}");
    }
}

#[tokio::test]
async fn a_managed_identity_is_issued_tokens_by_an_endpoint_on_localhost() {
    let folder = tempfile::tempdir().unwrap();
    let azure = azure(folder.path()).await;
    let proxy = Proxy::start(address(&azure), "Basic bWU6c2VjcmV0").await;
    let ca_file = folder.path().join("tls.crt").display().to_string();
    let flags = ["serve", "--port", "0", "--registry", REGISTRY, "--ca-file", &ca_file]
        .into_iter()
        .chain(["--registry-identity", "contoso=managed"])
        .collect::<Vec<_>>();
    let metadata = refusing_registry().await;
    let proxy_url = format!("http://me:secret@{}", proxy.address);
    // Azure Container Apps names the endpoint so; App Service by its address.
    for host in ["localhost", "LOCALHOST", "127.0.0.1"] {
        let endpoint = format!("http://{host}:{}/msi", address(&metadata).port());
        let variables = [
            ("HTTPS_PROXY", proxy_url.as_str()),
            ("IDENTITY_ENDPOINT", endpoint.as_str()),
            ("IDENTITY_HEADER", "header"),
        ];
        let answer = Running::start(&flags, &variables).get(BLOB, "").await;
        assert!(status(&answer) == 200 && answer.ends_with("blob"), "{host}: {answer}");
    }
}
