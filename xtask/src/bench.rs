//! `bench`: bytes and times, each next to its peer's of the same run. Prints measurements; asserts nothing, since a figure is not a
//! test.

mod gateway;
mod start;
mod typed;

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::binary::Profile;
use crate::dashboard::{self, Quality};
use crate::process::{cargo, command, show as run_command};
use crate::{bundle, npm, test, tool, workspace};

/// Options of `cargo xtask bench`.
#[derive(Args)]
pub(crate) struct Options {
    /// Which part to run [default: all]
    part: Option<Part>,
    #[command(flatten)]
    gateway: gateway::Options,
}

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The dashboard's bytes, and the npm package in a browser next to its peers
    Client,
    /// The gateway next to nginx, and alone for as long as --soak says
    Gateway,
    /// An inventory of 100 000 manifests with a million references, natively and in the page
    Inventory,
    /// Layers read natively, and in the page next to a reader in JavaScript
    Layers,
    /// A fresh clone with an empty CARGO_HOME, until the demo's page answers; never run without its name
    Start,
}

/// Measures the part asked for, or everything.
pub(crate) fn run(options: &Options) -> Result<()> {
    let wants = |part| options.part.is_none_or(|wanted| wanted == part);
    if options.part == Some(Part::Start) {
        return start::run();
    }
    if wants(Part::Client) {
        client()?;
    }
    if wants(Part::Gateway) {
        gateway::run(&options.gateway)?;
    }
    if wants(Part::Inventory) {
        inventory()?;
    }
    if wants(Part::Layers) {
        example("acr-layers", "measure", &[])?;
        dashboard::build(Quality::Shipped)?;
        run_command(&mut in_browser(&["layers::"])?)?;
    }
    Ok(())
}

/// Builds what ships, prints its sizes, and measures it in a browser.
fn client() -> Result<()> {
    dashboard_bytes()?;
    npm::tarball()?;
    tool::npm_packages(&tool::node()?, "tests/bench")?;
    let package = workspace::output().join("npm/acr-client-wasm");
    println!("\nbytes, brotli, npm package (with its glue) and its peer bundled for a browser");
    run_command(command("node").arg("tests/bench/bytes.mjs").arg(package))?;
    typed::build()?;
    println!();
    run_command(&mut in_browser(&["--skip", "layers::", "--skip", "inventory::"])?)
}

/// The graph of a large registry: built natively, then opened in the page from the snapshot that was written on the way.
fn inventory() -> Result<()> {
    let snapshot = workspace::output().join("bench.acr-inventory.jsonl");
    example("acr-inventory", "scale", &[snapshot.as_os_str()])?;
    dashboard::build(Quality::Shipped)?;
    run_command(in_browser(&["inventory::"])?.env("ACR_SNAPSHOT", &snapshot))?;
    fs::remove_file(&snapshot).with_context(|| format!("cannot remove {}", snapshot.display()))
}

/// Runs an example of a package that measures natively.
fn example(package: &str, name: &str, arguments: &[&OsStr]) -> Result<()> {
    let mut run = cargo();
    run.args(["run", "--release", "--package", package, "--example", name, "--"]).args(arguments);
    run_command(&mut run)
}

/// What measures in a browser what the arguments choose.
fn in_browser(chosen: &[&str]) -> Result<Command> {
    let arguments = [&["--release", "--", "--nocapture", "--quiet", "--test-threads=1"], chosen].concat();
    test::with_chromium("bench", &arguments, Profile::Release)
}

/// The bytes of each file of the dashboard, of what a first load fetches, and of what comes later.
fn dashboard_bytes() -> Result<()> {
    dashboard::build(Quality::Shipped)?;
    let folder = workspace::dashboard();
    let (mut first, mut later) = (0, 0);
    println!("{:>10} {:>10}  dashboard", "bytes", "brotli");
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let path = entry.path();
        let copy = path.extension().is_some_and(|extension| extension == "br" || extension == "gz");
        if !entry.file_type().is_file() || copy {
            continue;
        }
        let size = entry.metadata()?.len();
        let mut brotli = path.as_os_str().to_owned();
        brotli.push(".br");
        let sent = fs::metadata(brotli).map_or(size, |file| file.len());
        let name = path.strip_prefix(&folder)?.to_string_lossy();
        *if bundle::is_later(&name) { &mut later } else { &mut first } += sent;
        println!("{size:>10} {sent:>10}  {name}");
    }
    println!("{:>10} {first:>10}  first load", "");
    println!("{:>10} {later:>10}  later, when the first rows are there or a screen needs it", "");
    Ok(())
}
