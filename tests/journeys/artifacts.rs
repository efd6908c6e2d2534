//! Artifacts as other tools push them: each is shown as what it is, with the commands, sizes and referrers that it has.

mod pushed;

use acr_tests::browser::Browser::{self, Chromium, Firefox};
use acr_tests::browser::{visit, visit_in};
use acr_tests::demo;
use acr_tests::page::Page;
use acr_tests::service::{REGISTRY, Service};
use anyhow::{Context, Result};
use rstest::rstest;

use crate::accessibility::{NARROW, WIDE, assert_fine, axe, prefer, resize};
use pushed::REPOSITORY;

/// A tab of a manifest: the reference, the tab, what it shows, and what it must not show.
type Tab = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const TABS: &[Tab] = &[
    (
        "provider",
        "overview",
        &["Image index (Provider, OpenTofu)", "3 platforms", "oras pull"],
        &["docker pull"],
    ),
    ("provider", "platforms", &["linux/amd64", "linux/arm64", "darwin/arm64"], &["unknown"]),
    ("provider", "layers", &["archive/zip"], &["No layers"]),
    ("provider", "files", &["No files"], &["not read completely"]),
    ("cache", "overview", &["Build cache (BuildKit)", "2 layers", "oras manifest fetch"], &["docker"]),
    ("cache", "layers", &["application/vnd.buildkit.cacheconfig.v0"], &["No layers"]),
    ("nested", "platforms", &["Image index", "Image (no platform specified)"], &["unknown"]),
    ("nested", "history", &["COPY file:single /"], &["No history"]),
    ("multi", "commands", &["docker pull --platform linux/amd64", "By digest"], &["crictl pull --platform"]),
    ("1.2.3_build.7", "overview", &["Helm chart (with provenance)", "--version 1.2.3+build.7"], &["docker"]),
    ("1.2.3_build.7", "files", &["Chart.yaml"], &["not read completely"]),
    ("legacy", "overview", &["Image", "linux/amd64", "docker pull"], &["oras pull"]),
    ("legacy", "config", &["linux/amd64", "root (not set)"], &[]),
    ("schema1", "overview", &["linux/amd64", "3 layers, size unknown", "docker pull"], &["unknown/amd64"]),
    ("schema1", "layers", &["3 layers, size unknown", "Layer 3"], &["No layers"]),
    ("schema1", "files", &["etc", "Layer 1"], &["No files"]),
    ("schema1", "history", &["ADD file:base /", "ENV A=1", "no layer", "size unknown"], &["No history"]),
    ("schema1", "config", &["linux/amd64", "A"], &["No config"]),
    (
        "windows",
        "history",
        &["RUN setup.exe /quiet", "# Apply image 10.0.20348.1"],
        &["cmd /S /C", "powershell -Command"],
    ),
    ("windows", "config", &["ContainerAdministrator (not set)"], &["root (not set)"]),
    (
        "evidence",
        "referrers",
        &["SBOM (SPDX)", "Signature (cosign)", "Attestation (SLSA provenance v1)"],
        &["No referrers"],
    ),
];

async fn shows(page: &Page, (reference, tab, texts, absent): &Tab) -> Result<()> {
    page.open(&format!("/{REGISTRY}/{REPOSITORY}:{reference}?tab={tab}")).await?;
    demo::assert_shown(page).await?;
    for text in *texts {
        page.wait_for_text(text).await?;
    }
    let panel = page.evaluate("return document.querySelector('[role=tabpanel]').innerText").await?;
    let panel = panel.as_str().context("no text")?;
    for text in *absent {
        assert!(!panel.contains(text), "{text:?} in {panel}");
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn each_is_shown_as_what_it_is(#[values(Chromium, Firefox)] browser: Browser) -> Result<()> {
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    pushed::all(&emulator.url()).await?;
    visit_in(browser, &gateway.url(), async |page| {
        for tab in TABS {
            shows(&page, tab).await.with_context(|| format!("{}, {}", tab.0, tab.1))?;
        }
        Ok(())
    })
    .await
}

#[rstest]
#[case::light_wide("light", WIDE)]
#[case::dark_narrow("dark", NARROW)]
#[tokio::test]
async fn axe_finds_nothing_about_any_of_them(#[case] theme: &str, #[case] width: u32) -> Result<()> {
    let axe = axe()?;
    let emulator = Service::emulator(&["--seed", "empty"]).await?;
    let gateway = Service::open_gateway(&emulator.upstream()).await?;
    pushed::all(&emulator.url()).await?;
    visit(&gateway.url(), async |page| {
        prefer(&page, theme, "reduce").await?;
        resize(&page, width).await?;
        for tab in TABS {
            // A narrow window shows fewer columns.
            shows(&page, &(tab.0, tab.1, &[], &[])).await.with_context(|| format!("{}, {}", tab.0, tab.1))?;
            assert_fine(&page, &axe, &format!("{}, {}", tab.0, tab.1), width).await?;
        }
        Ok(())
    })
    .await
}
