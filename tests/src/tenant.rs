//! The Microsoft Entra tenant of a running emulator: where its users sign in, and what its admin endpoint changes.

use anyhow::{Context, Result};
use serde_json::json;

use crate::certificate::Certificate;
use crate::page::Page;
use crate::service::Service;

/// The application that the emulator's tenant knows.
pub const CLIENT_ID: &str = "c0ffee00-1b2c-4d3e-8f40-a1b2c3d4e5f6";

/// The tenant.
pub struct Tenant {
    authority: String,
    admin: String,
    client: reqwest::Client,
}

impl Tenant {
    pub(crate) fn at(authority: &str, admin: &str) -> Self {
        Self { authority: authority.to_owned(), admin: admin.to_owned(), client: reqwest::Client::new() }
    }

    /// The authority, such as `https://127.0.0.1:5002/TENANT`.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The authority's origin, such as `https://127.0.0.1:5002`.
    pub fn origin(&self) -> &str {
        self.authority.rsplit_once('/').map_or(self.authority.as_str(), |(origin, _)| origin)
    }

    /// The tenant's id.
    pub fn id(&self) -> &str {
        self.authority.rsplit('/').next().unwrap_or_default()
    }

    /// Registers a redirect URI.
    pub async fn register(&self, redirect_uri: &str) -> Result<()> {
        let request = self.client.post(format!("{}/entra/redirect-uris", self.admin));
        let answer = request.body(redirect_uri.to_owned()).send().await?;
        answer.error_for_status().context("the emulator refused the redirect URI")?;
        Ok(())
    }

    /// Signs every browser out of Microsoft.
    pub async fn end_sessions(&self) -> Result<()> {
        let answer = self.client.delete(format!("{}/entra/sessions", self.admin)).send().await?;
        answer.error_for_status().context("the emulator refused to end the sessions")?;
        Ok(())
    }
}

/// A registry whose tenant has an authority over TLS, and a gateway whose page signs users in there.
pub struct EntraSetup {
    /// The registry and the authority.
    pub emulator: Service,
    /// The gateway. Its registries `contoso` and `fabrikam` are the same one.
    pub gateway: Service,
    /// The tenant.
    pub tenant: Tenant,
    _certificate: Certificate,
}

impl EntraSetup {
    /// Starts both, with more arguments of each.
    pub async fn start(emulator: &[&str], gateway: &[&str]) -> Result<Self> {
        let certificate = Certificate::for_loopback()?;
        let mut arguments = vec!["--entra", "--seed", "demo", "--blob-redirect", "off"];
        arguments.extend(["--tls-cert", certificate.path(), "--tls-key", certificate.key_path()]);
        arguments.extend(emulator);
        let emulator = Service::faulty_emulator(&arguments).await?;
        let tenant = emulator.tenant()?;
        let second = format!("fabrikam={}", emulator.url());
        let mut arguments = vec!["--registry", second.as_str(), "--ca-file", certificate.path()];
        arguments.extend(["--entra-client-id", CLIENT_ID, "--entra-tenant", tenant.id()]);
        arguments.extend(["--entra-authority", tenant.origin()]);
        arguments.extend(gateway);
        let gateway = Service::gateway(&emulator.upstream(), &arguments).await?;
        tenant.register(&format!("{}/redirect.html", gateway.url())).await?;
        Ok(Self { emulator, gateway, tenant, _certificate: certificate })
    }

    /// Has the authority refuse, or get wrong, what is named in emulator/README.md, for requests whose path contains `path`.
    pub async fn refuse(&self, refusal: &str, path: &str) -> Result<()> {
        self.emulator.faults()?.add(&json!({"fault": "entra", "refusal": refusal, "path": path})).await
    }
}

/// Chooses an account on the authority's page; `cancel` is the button that declines.
pub async fn choose_account(page: &Page, account: &str) -> Result<()> {
    page.wait_for_heading("Pick an account").await?;
    page.click_first(&format!("button[value={account}]")).await
}

/// Fails where something that a browser keeps or shows holds a credential (a JSON Web Token, a code, a refresh token, a verifier), or where
/// the library has left something in storage.
pub async fn assert_no_credential(page: &Page) -> Result<()> {
    let left = page
        .evaluate(
            "return JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state, location.href, window.name, \
             document.documentElement.outerHTML, [...document.querySelectorAll('input')].map(field => field.value)])",
        )
        .await?
        .to_string();
    for secret in ["eyJ", "code=", "verifier", "refresh_token"] {
        anyhow::ensure!(!left.contains(secret), "{secret} in {left}");
    }
    let kept =
        "return [localStorage, sessionStorage].flatMap(Object.keys).filter(key => key.startsWith('msal'))";
    let kept = page.evaluate(kept).await?;
    anyhow::ensure!(kept == json!([]), "left in storage: {kept}");
    Ok(())
}
