//! The packed npm package, installed from its tarball into what its users build with, each driving real operations. `cargo xtask
//! test npm` packs and installs it; what a consumer does is in `src/exercise.ts`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod toolchains;

use std::path::{Path, PathBuf};

use acr_tests::browser::visit;
use acr_tests::service::{REGISTRY, Service};
use acr_tests::static_site::StaticSite;
use anyhow::{Context, Result, ensure};
use tokio::process::Command;
use tokio::sync::OnceCell;

/// The consumers are compiled once, under `tsc --strict`, and that is a test of the declarations.
static COMPILED: OnceCell<()> = OnceCell::const_new();

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("npm")
}

async fn npm_run(script: &str, endpoint: &str) -> Result<String> {
    let mut npm = Command::new("npm");
    npm.args(["run", "--silent", script])
        .current_dir(folder())
        .env("ACR_ENDPOINT", endpoint)
        .kill_on_drop(true);
    let output = npm.output().await.context("cannot start npm")?;
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "npm run {script} failed:\n{said}");
    Ok(said)
}

async fn compiled() -> Result<()> {
    COMPILED.get_or_try_init(async || npm_run("check", "").await.map(drop)).await.copied()
}

/// Serves a consumer and runs it in Chromium, with the registry on another origin that allows this one.
async fn consumer_passes(site_folder: &Path, path: &str, name: &str, query: &str) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let site = StaticSite::start(site_folder).await?;
    let gateway = Service::gateway(&emulator.upstream(), &["--cors-origins", &site.url()]).await?;
    let endpoint = format!("{}/registries/{REGISTRY}", gateway.url());
    visit(&site.url(), async |page| {
        page.open(&format!("{path}?name={name}&endpoint={endpoint}{query}")).await?;
        page.wait_until("return document.querySelector('h1').textContent !== 'running'").await?;
        page.wait_for_heading("passed").await
    })
    .await
}

#[tokio::test]
async fn the_package_works_in_a_plain_page_with_an_import_map() -> Result<()> {
    compiled().await?;
    consumer_passes(&folder(), "/page/", "page", "").await
}

#[tokio::test]
async fn the_package_works_in_a_vite_app_and_its_worker() -> Result<()> {
    compiled().await?;
    npm_run("vite", "").await?;
    consumer_passes(&folder().join("target/vite"), "/", "vite", "&worker").await
}

#[tokio::test]
async fn the_package_works_in_a_webpack_app_and_its_worker() -> Result<()> {
    compiled().await?;
    npm_run("webpack", "").await?;
    let built = folder().join("target/webpack");
    std::fs::copy(folder().join("webpack/index.html"), built.join("index.html"))?;
    consumer_passes(&built, "/", "webpack", "&worker").await
}

#[tokio::test]
async fn the_package_works_in_node() -> Result<()> {
    compiled().await?;
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let said = npm_run("node", &emulator.url()).await?;
    assert_eq!(said.trim(), "passed");
    Ok(())
}

#[tokio::test]
async fn the_package_keeps_its_promises_at_the_edges() -> Result<()> {
    compiled().await?;
    let said = npm_run("edges", "").await?;
    assert_eq!(said.trim(), "passed");
    Ok(())
}

#[tokio::test]
async fn the_package_works_in_what_runs_in_node() -> Result<()> {
    compiled().await?;
    // It fails if one of them does, and names it.
    npm_run("toolchains", "").await.map(drop)
}

#[tokio::test]
async fn every_public_member_is_documented() -> Result<()> {
    npm_run("documented", "").await.map(drop)
}

#[test]
fn the_declarations_hold_no_any() {
    let package = folder().join("node_modules/acr-client-wasm");
    let mut declarations = String::new();
    for file in std::fs::read_dir(package).unwrap().map(Result::unwrap) {
        if file.file_name().to_string_lossy().ends_with(".d.ts") {
            declarations.push_str(&std::fs::read_to_string(file.path()).unwrap());
        }
    }
    let code = declarations.lines().filter(|line| !line.trim_start().starts_with(['*', '/']));
    let untyped: Vec<&str> = code
        .filter(|line| line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "any"))
        .collect();
    assert!(declarations.contains("class RegistryClient"));
    assert_eq!(untyped, Vec::<&str>::new());
}
