//! What is measured: the emulator with something in it, and gateway and nginx in front of it.

use std::net::SocketAddr;

use acr_tests::environment;
use acr_tests::exported::Exported;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A repository the emulator seeds, with as many tags as are asked for.
pub(crate) const TAGS: &str = "scale/tags";

/// The emulator, both servers in front of it, and a token for everything there.
pub(crate) struct Rig {
    pub(crate) emulator: Service,
    pub(crate) gateway: Service,
    pub(crate) nginx: Exported,
    pub(crate) token: String,
}

impl Rig {
    pub(crate) async fn start() -> Result<Self> {
        // Its log would cost as much as what is measured.
        let emulator = Service::emulator(&["--log", "off", "--tags", "1000"]).await?;
        let gateway = Service::gateway(&emulator.upstream(), &["--log-format", "json"]).await?;
        let nginx = Exported::nginx(&environment::path("ACR_DASHBOARD")?, &emulator.upstream()).await?;
        let token = token(&emulator).await?;
        Ok(Self { emulator, gateway, nginx, token })
    }

    /// Both servers: name, URL and first process.
    pub(crate) fn servers(&self) -> Result<[(&'static str, String, u32); 2]> {
        let gone = "it has ended";
        Ok([
            ("gateway", self.gateway.url(), self.gateway.id().context(gone)?),
            ("nginx", self.nginx.url(), self.nginx.id().context(gone)?),
        ])
    }

    /// Another gateway in front of the same emulator, which has served nothing.
    pub(crate) async fn second_gateway(&self) -> Result<Service> {
        Service::gateway(&self.emulator.upstream(), &["--log-format", "json"]).await
    }

    /// Puts a blob of so many bytes there, by way of the gateway, and returns its digest.
    pub(crate) async fn upload(&self, repository: &str, size: usize) -> Result<String> {
        const PART: usize = 64 << 20;
        let client = reqwest::Client::new();
        let call = |method: reqwest::Method, path: &str| {
            let url = format!("{}/registries/{REGISTRY}{path}", self.gateway.url());
            client.request(method, url).bearer_auth(&self.token)
        };
        let mut hash = Sha256::new();
        let begun = call(reqwest::Method::POST, &format!("/v2/{repository}/blobs/uploads/")).send().await?;
        let mut location = location(&begun)?;
        for start in (0..size).step_by(PART) {
            let part: Vec<u8> = (start..size.min(start + PART)).map(|at| (at >> 8) as u8).collect();
            hash.update(&part);
            let range = format!("{start}-{}", start + part.len() - 1);
            let sent = call(reqwest::Method::PATCH, &location).header("content-range", range).body(part);
            location = self::location(&sent.send().await?.error_for_status()?)?;
        }
        let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let digest = format!("sha256:{hex}");
        let end = call(reqwest::Method::PUT, &format!("{location}&digest={digest}"));
        end.send().await?.error_for_status()?;
        Ok(digest)
    }
}

/// An access token for everything, as an open registry issues one to every client.
async fn token(emulator: &Service) -> Result<String> {
    let scope = "registry%3Acatalog%3A* repository%3A%2A%3A%2A".replace(' ', "&scope=");
    let scope = format!(
        "{scope}&scope=repository%3A{}%3A*&scope=repository%3Abench%2Fblob%3A*",
        TAGS.replace('/', "%2F")
    );
    let form = format!("grant_type=password&refresh_token=&service={}&scope={scope}", emulator.authority());
    let answer = reqwest::Client::new()
        .post(format!("{}/oauth2/token", emulator.url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let answer: Value = answer.send().await?.error_for_status()?.json().await?;
    answer["access_token"].as_str().map(str::to_owned).context("the emulator gives no token")
}

fn location(answer: &reqwest::Response) -> Result<String> {
    let value =
        answer.headers().get("location").with_context(|| format!("{} has no Location", answer.status()))?;
    Ok(value.to_str()?.to_owned())
}

/// The socket of a server's URL.
pub(crate) fn address(url: &str) -> Result<SocketAddr> {
    let authority = url.split('/').nth(2).context("a URL has a host")?;
    authority.parse().with_context(|| format!("{authority} is not an address"))
}

/// The path of a registry's route.
pub(crate) fn path(below: &str) -> String {
    format!("/registries/{REGISTRY}{below}")
}
