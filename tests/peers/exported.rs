//! nginx and Caddy with the examples of deploy/: what they answer where the gateway would, byte for byte as it is sent.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use acr_tests::exported::Exported;
use acr_tests::service::Service;
use anyhow::{Context, Result, ensure};
use rstest::rstest;
use tempfile::TempDir;

const REGISTRY: &str = "/registries/contoso";

/// The server, what it stands before, and the files it serves.
struct Rig {
    exported: Exported,
    emulator: Service,
    _files: TempDir,
}

impl Rig {
    async fn start(server: &str) -> Result<Self> {
        let files = tempfile::tempdir()?;
        for (name, text) in [
            ("index.html", "<title>page</title>"),
            ("app-0123456789abcdef.js", "app()"),
            ("app-0123456789abcdef.js.gz", "gzip"),
        ] {
            std::fs::write(files.path().join(name), text)?;
        }
        let emulator = Service::emulator(&["--seed", "demo", "--login-server", "contoso.azurecr.io"]).await?;
        let exported = match server {
            "nginx" => Exported::nginx(files.path(), &emulator.upstream()).await?,
            _ => Exported::caddy(files.path(), &emulator.upstream()).await?,
        };
        Ok(Self { exported, emulator, _files: files })
    }

    /// Sends a head as it is and returns the answer: its head in lower case, and its body.
    fn ask(&self, line: &str, fields: &str) -> Result<(String, Vec<u8>)> {
        let url = self.exported.url();
        let host = url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host)?;
        stream.write_all(
            format!("{line} HTTP/1.1\r\nhost: {host}\r\n{fields}connection: close\r\n\r\n").as_bytes(),
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").context("no head")?;
        let body = answer.split_off(end + 4);
        Ok((String::from_utf8_lossy(&answer).to_lowercase(), body))
    }

    fn status(&self, line: &str) -> Result<String> {
        let (head, _) = self.ask(line, "")?;
        Ok(head.split(' ').nth(1).unwrap_or_default().to_owned())
    }
}

#[rstest]
#[case::nginx("nginx")]
#[case::caddy("caddy")]
#[tokio::test]
async fn pages_and_files_have_the_gateways_policies(#[case] server: &str) -> Result<()> {
    let rig = Rig::start(server).await?;
    let (page, body) = rig.ask("GET /contoso/team/app:1.2", "")?;
    assert_eq!(body, b"<title>page</title>");
    let (embed, body) = rig.ask("GET /embed/contoso/team/app:1.2", "")?;
    assert_eq!(body, b"<title>page</title>");
    for head in [&page, &embed] {
        for field in [
            "cache-control: no-store",
            "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-embedder-policy: require-corp",
        ] {
            assert!(head.contains(field), "{field} in {head}");
        }
    }
    assert!(
        page.contains("x-frame-options: deny") && page.contains("cross-origin-resource-policy: same-origin")
    );
    assert!(
        !embed.contains("x-frame-options") && embed.contains("cross-origin-resource-policy: cross-origin")
    );
    // A tag may look like the hash in a file's name.
    for path in
        ["/contoso/team/app:build-0123456789abcdef.1", "/embed/contoso/team/app:build-0123456789abcdef.1"]
    {
        assert_eq!(rig.ask(&format!("GET {path}"), "")?.1, b"<title>page</title>", "{path}");
    }
    let (other, _) = rig.ask("GET /%65mbed/contoso", "")?;
    assert!(other.contains("x-frame-options: deny") || other.contains(" 404 "), "{other}");
    let (file, body) = rig.ask("GET /app-0123456789abcdef.js", "accept-encoding: gzip\r\n")?;
    assert!(
        file.contains("max-age=31536000, immutable") && file.contains("content-encoding: gzip"),
        "{file}"
    );
    assert_eq!(body, b"gzip");
    assert_eq!(rig.status("GET /app-fedcba9876543210.js")?, "404");
    let (config, _) = rig.ask("GET /config.json", "")?;
    assert!(config.contains("application/json") && config.contains("no-store"), "{config}");
    Ok(())
}

#[rstest]
#[case::nginx("nginx")]
#[case::caddy("caddy")]
#[tokio::test]
async fn the_registry_is_reached_and_nothing_else(#[case] server: &str) -> Result<()> {
    let rig = Rig::start(server).await?;
    let (challenge, _) = rig.ask(&format!("GET {REGISTRY}/acr/v1/samples%2Fhello-world/_tags"), "")?;
    // The scope is the repository's, so its escaped slash has arrived as one.
    assert!(
        challenge.contains(" 401 ") && challenge.contains("repository:samples/hello-world:metadata_read"),
        "{challenge}"
    );
    assert!(challenge.contains("default-src 'none'; frame-ancestors 'none'; sandbox"), "{challenge}");
    for path in ["/registries/other/v2/", "/registries/contoso/admin", "/registries/contoso"] {
        assert_eq!(rig.status(&format!("GET {path}"))?, "404", "{path}");
    }
    assert!(challenge.contains("cache-control: no-store"), "{challenge}");
    let path = "/v2/nginx/manifests/build-0123456789abcdef.1";
    assert_eq!(rig.status(&format!("GET {REGISTRY}{path}"))?, "401");
    for path in [
        "/v2/%2e%2e/admin",
        "/v2/a/..%2fb",
        "/v2/a%00b",
        "/v2/a%5cb",
        "/v2/%252e%252e/x",
        "/v2/a%ff",
        "/v2/%C3%A9",
    ] {
        // What climbs out of the API before it is looked at is not found there.
        let status = rig.status(&format!("GET {REGISTRY}{path}"))?;
        assert!(matches!(status.as_str(), "400" | "404"), "{path}: {status}");
    }
    Ok(())
}

#[rstest]
#[case::nginx("nginx")]
#[case::caddy("caddy")]
#[tokio::test]
async fn a_blob_comes_from_storage_and_the_redirect_reaches_no_client(#[case] server: &str) -> Result<()> {
    let rig = Rig::start(server).await?;
    let client = reqwest::Client::new();
    let form =
        "grant_type=password&refresh_token=&service=contoso.azurecr.io&scope=repository%3Anginx%3Apull";
    let token = client.post(format!("{}/oauth2/token", rig.emulator.url()));
    let token = token.header("content-type", "application/x-www-form-urlencoded").body(form).send().await?;
    let token: serde_json::Value = token.json().await?;
    let bearer = format!("Bearer {}", token["access_token"].as_str().context("no token")?);
    let manifest = client.get(format!("{}/v2/nginx/manifests/latest", rig.emulator.url()));
    let manifest = manifest.header("authorization", &bearer).header("accept", "*/*").send().await?;
    let manifest: serde_json::Value = manifest.json().await?;
    let digest = manifest["config"]["digest"].as_str().with_context(|| format!("no config in {manifest}"))?;
    let fields = format!("authorization: {bearer}\r\n");
    let (head, body) = rig.ask(&format!("GET {REGISTRY}/v2/nginx/blobs/{digest}"), &fields)?;
    ensure!(head.contains(" 200 ") && !head.contains("location:"), "{head}");
    assert_eq!(manifest["config"]["size"], body.len(), "{head}");
    assert!(head.contains("default-src 'none'; frame-ancestors 'none'; sandbox"), "{head}");
    Ok(())
}
