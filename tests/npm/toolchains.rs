//! A small app for each toolchain, made by `apps/run.mjs`: what it serves shows in Chromium what its registry lists.

use acr_tests::browser::visit;
use acr_tests::toolchain::Toolchain;
use anyhow::Result;
use rstest::rstest;
use tokio::process::Command;

use crate::folder;

/// Runs the script of the apps with these arguments.
async fn apps(arguments: &[&str]) -> Result<Toolchain> {
    let mut node = Command::new("node");
    Toolchain::start(node.arg("run.mjs").args(arguments).current_dir(folder().join("apps"))).await
}

#[rstest]
#[case::next("next")]
#[case::nuxt("nuxt")]
#[case::sveltekit("sveltekit")]
#[case::astro("astro")]
#[case::angular("angular")]
#[case::react_router("react-router")]
#[case::vite_5("vite-5")]
#[case::vite_6("vite-6")]
#[case::vite_7("vite-7")]
#[case::vite_8("vite-8")]
#[case::webpack("webpack")]
#[case::rspack("rspack")]
#[case::parcel("parcel")]
#[case::esbuild_inline("esbuild-inline")]
#[case::esbuild_file("esbuild-file")]
#[case::rollup("rollup-inline")]
#[case::vitest("vitest")]
#[case::jest("jest")]
#[case::bun("bun")]
#[case::deno("deno")]
#[case::workerd("workerd")]
#[tokio::test]
async fn the_package_works_in(#[case] name: &str) -> Result<()> {
    let toolchain = apps(&[name]).await?;
    for address in toolchain.pages() {
        visit(address, async |page| {
            page.open("/").await?;
            page.wait_for_heading("listed").await
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn every_app_is_tested() -> Result<()> {
    let source = std::fs::read_to_string(folder().join("toolchains.rs"))?;
    let names = apps(&[]).await?;
    let missing: Vec<_> =
        names.pages().iter().filter(|name| !source.contains(&format!("(\"{name}\")]"))).collect();
    assert!(!names.pages().is_empty() && missing.is_empty(), "{missing:?}");
    Ok(())
}
