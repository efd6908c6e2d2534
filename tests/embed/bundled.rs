//! Toolchains that move the package's script and leave its `.wasm` files where they are: where they work unconfigured, what the page can
//! say, and what the element says where none did.

use acr_tests::browser::{Browser, visit, visit_with_errors_in};
use acr_tests::embedded::Embedded;
use acr_tests::service::{REGISTRY, Service};
use acr_tests::static_site::StaticSite;
use acr_tests::toolchain::Toolchain;
use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use tokio::process::Command;

use crate::{Host, events, folder, npm_run};

const ELEMENT: &str = "acr-dashboard";

/// The page made by esbuild, in a folder without the package's other files.
async fn bundled() -> Result<Host> {
    npm_run("bundled").await?;
    Host::start(StaticSite::start(&folder()).await?, &[]).await
}

#[tokio::test]
async fn a_page_says_where_its_bundler_has_put_the_modules() -> Result<()> {
    let host = bundled().await?;
    visit(&host.site.url(), async |page| {
        for files in [
            "/node_modules/acr-dashboard-element",
            "/node_modules/acr-dashboard-element/acr_dashboard_element_bg.wasm",
        ] {
            page.open(&format!("/target/bundled/?endpoint={}&files={files}", host.endpoint())).await?;
            let element = Embedded::new(&page, ELEMENT);
            element.wait_for_heading("nginx").await?;
            // A later part of the module comes from there too.
            element.click("latest").await?;
            element.wait_for_heading("nginx:latest").await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn modules_that_are_not_there_are_named_with_what_to_do() -> Result<()> {
    let host = bundled().await?;
    visit_with_errors_in(Browser::Chromium, &host.site.url(), async |page| {
        page.open(&format!("/target/bundled/?endpoint={}&files=/elsewhere/", host.endpoint())).await?;
        let element = Embedded::new(&page, ELEMENT);
        let address = format!("{}/elsewhere/acr_dashboard_element_bg.wasm", host.site.url());
        for text in [&address, "404", "init()", "\"Toolchains\" in the README"] {
            element.wait_for_text(text).await?;
        }
        let error = events(&page, "acr-error").await?.pop().unwrap_or_default();
        assert!(error["why"].as_str().is_some_and(|why| why.contains(&address)), "{error}");
        page.wait_until("return globalThis.failure !== undefined").await?;
        let failure = page.evaluate("return [failure.message, failure.cause instanceof Error]").await?;
        assert_eq!(failure[1], json!(true), "the error's cause");
        assert!(failure[0].as_str().is_some_and(|message| message.contains(&address)), "{failure}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_development_server_of_vite_7_needs_no_configuration() -> Result<()> {
    let vite = Toolchain::start(Command::new("node").arg("bundled/vite7.mjs").current_dir(folder())).await?;
    let site = vite.pages().first().context("no address")?;
    let emulator = Service::emulator(&["--seed", "demo"]).await?;
    let gateway = Service::gateway(&emulator.upstream(), &["--cors-origins", site]).await?;
    visit(site, async |page| {
        page.open(&format!("/?endpoint={}/registries/{REGISTRY}", gateway.url())).await?;
        let element = Embedded::new(&page, ELEMENT);
        element.wait_for_heading("nginx").await?;
        element.click("latest").await?;
        element.wait_for_heading("nginx:latest").await
    })
    .await
}

#[tokio::test]
async fn publint_and_are_the_types_wrong_report_nothing() -> Result<()> {
    npm_run("publint").await?;
    npm_run("attw").await
}

#[tokio::test]
async fn every_public_member_is_documented() -> Result<()> {
    npm_run("documented").await
}

/// The declarations in projects with React 19, with Vue, and with neither, checked together with those of what they refer to.
#[tokio::test]
async fn the_types_fit_react_vue_and_a_project_with_neither() -> Result<()> {
    npm_run("types").await?;
    let alone = tempfile::tempdir()?;
    let package = alone.path().join("node_modules/acr-dashboard-element");
    std::fs::create_dir_all(&package)?;
    let installed = folder().join("node_modules/acr-dashboard-element");
    for name in ["package.json", "index.d.ts", "frame.d.ts", "frameworks.d.ts", "wasm.d.ts"] {
        std::fs::copy(installed.join(name), package.join(name))?;
    }
    std::fs::copy(folder().join("types/plain.ts"), alone.path().join("plain.ts"))?;
    let options = "--noEmit --strict --skipLibCheck false --target es2022 --module es2022 --moduleResolution bundler --lib es2022,dom,dom.iterable";
    let mut tsc = Command::new(folder().join("node_modules/.bin/tsc"));
    tsc.args(options.split(' ')).arg("plain.ts").current_dir(alone.path());
    let output = tsc.output().await?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// A page with `require-trusted-types-for 'script'` refuses HTML made of text. The markup of a view that never changes would become that.
#[test]
fn no_part_of_the_module_holds_markup() -> Result<()> {
    let mut markup = Vec::new();
    for file in std::fs::read_dir(folder().join("node_modules/acr-dashboard-element"))? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            markup.extend(markup_in(&std::fs::read(path)?));
        }
    }
    assert_eq!(markup, Vec::<String>::new());
    assert_eq!(markup_in(b"\0<kbd class=\"key\">/</kbd>\0<b>"), ["<kbd class>", "<b>"]);
    Ok(())
}

/// The start tags in these bytes, each up to its name's end or its first attribute's.
fn markup_in(bytes: &[u8]) -> Vec<String> {
    let tags = bytes.split(|byte| *byte == b'<').skip(1).filter_map(|after| {
        let text = String::from_utf8_lossy(&after[..after.len().min(60)]);
        let (name, rest) = text.split_at(text.find(|c: char| !c.is_ascii_lowercase())?);
        let attribute = rest.strip_prefix(' ').and_then(|rest| rest.split_once("=\""));
        match attribute {
            _ if name.is_empty() => None,
            Some((attribute, _)) if !attribute.contains(' ') => Some(format!("<{name} {attribute}>")),
            _ => rest.starts_with('>').then(|| format!("<{name}>")),
        }
    });
    tags.collect()
}
