//! The dashboard as it ships: built by Trunk, its wasm cut in two, each file named by the hash of its final bytes, compressed once; and
//! the gateway binary around it. The steps live in the modules below; this file is their order.

mod compress;
mod hashed_names;
mod split;
mod stamp;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::{self, cargo, command, say, web};
use crate::{folder, tool, workspace};

pub(crate) use split::is_later;

/// What the dashboard is made of. A build is skipped while none of it changes.
const INPUTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "rust-toolchain.toml",
    "index.html",
    "static",
    "dashboard",
    "client-wasm",
];

/// The profile that the page's wasm is built with, as `static/index.html` names it too.
const PROFILE: &str = "dashboard-release";

/// Builds everything for release and prints where it lies.
pub(crate) fn run() -> Result<()> {
    dashboard()?;
    let gateway = gateway(Profile::Shipped)?;
    println!("{}", workspace::dashboard().display());
    println!("{}", gateway.display());
    Ok(())
}

/// How native binaries are built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For tests: what `cargo test` has built already is used again.
    Development,
    /// For people who build it to run it.
    Release,
    /// For everybody else: slower to build, faster to run.
    Shipped,
}

/// Builds the gateway around [`workspace::dashboard`] and returns the binary's path.
pub(crate) fn gateway(profile: Profile) -> Result<PathBuf> {
    say("building acr-gateway");
    binary("acr-gateway", profile)
}

/// Builds the binary of a package of the same name.
pub(crate) fn binary(package: &str, profile: Profile) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--package", package, "--bin", package]);
    let (name, folder) = match profile {
        Profile::Development => ("dev", "debug"),
        Profile::Release => ("release", "release"),
        Profile::Shipped => ("dist", "dist"),
    };
    build.args(["--profile", name]);
    // What ships contains no emulator; what people try out and what tests run does.
    if package == "acr-gateway" && profile != Profile::Shipped {
        build.args(["--features", "demo"]);
    }
    if profile != Profile::Development {
        build.env("CARGO_BUILD_RUSTFLAGS", process::without_local_paths());
    }
    process::run(&mut build)?;
    Ok(workspace::native_target().join(folder).join(format!("{package}{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds the dashboard into [`workspace::dashboard`], unless nothing that it is made of has changed.
pub(crate) fn dashboard() -> Result<()> {
    let shipped = workspace::dashboard();
    let inputs = stamp::of(workspace::root(), INPUTS)?;
    let stamp_file = workspace::output().join("dashboard.stamp");
    if shipped.join("index.html").is_file()
        && fs::read_to_string(&stamp_file).is_ok_and(|stamp| stamp == inputs)
    {
        return Ok(());
    }
    tool::wasm_target()?;
    tool::wasm_bindgen()?;
    tool::wasm_opt()?;
    let trunk = tool::trunk()?;
    let staging = workspace::output().join("dashboard.build");
    // Trunk runs offline, so that it downloads no tools; the crates must be there.
    process::run(cargo().args(["fetch", "--quiet", "--locked", "--target", workspace::WASM_TARGET]))?;
    say("building the dashboard with trunk (a first build takes a few minutes)");
    let mut build = web(command(trunk));
    // Not --release: that would have Trunk shrink the whole wasm, of which the two halves are made before that.
    build.args(["build", "--offline", "--filehash=false", "--features", "split"]);
    build.args(["--cargo-profile", PROFILE, "--dist"]).arg(&staging);
    // Trunk reads NO_COLOR as a boolean and refuses the `1` that the convention allows.
    process::run(build.env_remove("NO_COLOR"))?;
    split::into_halves(&staging, PROFILE)?;
    ship(&staging, &shipped)?;
    fs::write(&stamp_file, inputs).with_context(|| format!("cannot write {}", stamp_file.display()))
}

/// Turns Trunk's output into what ships: hashed names, compressed copies. The folder is replaced as a whole.
fn ship(built: &Path, shipped: &Path) -> Result<()> {
    let mut files = folder::read(built)?;
    hashed_names::rename(&mut files)?;
    let next = shipped.with_extension("next");
    folder::remove(&next)?;
    for (name, bytes) in &files {
        let path = next.join(name);
        let parent = path.parent().unwrap_or(&next);
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        compress::beside(&path, bytes, &shipped.join(name))?;
    }
    folder::remove(shipped)?;
    fs::rename(&next, shipped).with_context(|| format!("cannot create {}", shipped.display()))
}
