//! The dashboard in the page of another application: the packed element, installed from its tarball into a plain page, a Vite and React portal, a
//! Backstage-style plugin and a page with a frame. `cargo xtask test embed` packs and installs it; the pages are the folders next to this file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod backstage;
mod bundled;
mod frame;
mod microsoft;
mod plain;
mod policy;
mod portal;
mod stop;

use std::path::{Path, PathBuf};

use acr_tests::page::Page;
use acr_tests::service::{REGISTRY, Service};
use acr_tests::static_site::StaticSite;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::OnceCell;

/// The examples are compiled once, under `tsc --strict`, and that is a test of the declarations.
static COMPILED: OnceCell<()> = OnceCell::const_new();

/// What a page under a strict policy may do: what the package's README says it needs.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self' http://127.0.0.1:*";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("embed")
}

async fn npm_run(script: &str) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", script]).current_dir(folder()).kill_on_drop(true);
    let output = npm.output().await.context("cannot start npm")?;
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "npm run {script} failed:\n{said}");
    Ok(())
}

/// The built pages of an example, which `tsc --strict` has passed.
async fn built(example: &'static str) -> Result<PathBuf> {
    let compile = async || {
        npm_run("check").await?;
        npm_run("react").await?;
        npm_run("backstage").await
    };
    COMPILED.get_or_try_init(compile).await?;
    Ok(folder().join("target").join(example))
}

/// A site with the examples, and a registry behind a gateway that lets the site's pages ask it.
struct Host {
    site: StaticSite,
    gateway: Service,
    _emulator: Service,
}

impl Host {
    async fn start(site: StaticSite, emulator: &[&str]) -> Result<Self> {
        let emulator = Service::emulator(&[&["--seed", "demo"], emulator].concat()).await?;
        let gateway = Service::gateway(&emulator.upstream(), &["--cors-origins", &site.url()]).await?;
        Ok(Self { site, gateway, _emulator: emulator })
    }

    /// The plain page under the strict policy, in front of a registry that asks for no credential.
    async fn plain() -> Result<Self> {
        Self::start(StaticSite::with_policy(&folder(), POLICY).await?, &[]).await
    }

    fn endpoint(&self) -> String {
        format!("{}/registries/{REGISTRY}", self.gateway.url())
    }

    /// The plain page with these attributes, and what else its query says.
    fn page(&self, query: &str) -> String {
        format!("/plain/?endpoint={}&login-server=contoso.azurecr.io&{query}", self.endpoint())
    }
}

/// The events of a name that the page has received, in order: their details.
async fn events(page: &Page, name: &str) -> Result<Vec<Value>> {
    let script = format!(
        "return events.filter(one => (one.name ?? one.type) === {}).map(one => one.detail)",
        json!(name)
    );
    Ok(page.evaluate(&script).await?.as_array().cloned().unwrap_or_default())
}

/// What axe-core objects to, inside shadow roots too.
async fn axe_violations(page: &Page) -> Result<Value> {
    let axe = std::fs::read_to_string(folder().join("node_modules/axe-core/axe.min.js"))
        .context("axe-core is not installed: run `cargo xtask test embed`")?;
    let run = "return axe.run().then(result => result.violations.map(rule => [rule.id, ...rule.nodes.map(node => node.html.slice(0, 200))]))";
    page.evaluate(&format!("{axe};\n{run}")).await
}

#[tokio::test]
async fn a_server_that_renders_pages_can_import_the_module() -> Result<()> {
    built("react").await?;
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", "import 'acr-dashboard-element'"]).current_dir(folder());
    let output = node.output().await.context("cannot start node")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
