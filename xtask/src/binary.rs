//! Native binaries of the workspace, built by cargo.

use std::path::PathBuf;

use anyhow::Result;

use crate::process::{self, cargo};
use crate::progress::step;
use crate::workspace;

/// How native binaries are built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For tests and the demo: quickest to build, and shared with what `cargo test` builds.
    Development,
    /// For people who build it to run it.
    Release,
    /// For releases: slower to build, faster to run.
    Shipped,
}

/// Builds the gateway, with the page of [`workspace::dashboard`] inside unless it is a development build, and returns the binary's path.
pub(crate) fn gateway(profile: Profile) -> Result<PathBuf> {
    binary("acr-gateway", profile)
}

/// Builds the binary of a package of the same name and returns its path.
pub(crate) fn binary(package: &str, profile: Profile) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--package", package, "--bin", package]);
    let (name, folder) = match profile {
        Profile::Development => ("dev", "debug"),
        Profile::Release => ("release", "release"),
        Profile::Shipped => ("dist", "dist"),
    };
    build.args(["--profile", name]);
    // What ships contains no emulator; the demo and the tests need it.
    if package == "acr-gateway" && profile != Profile::Shipped {
        build.args(["--features", "demo"]);
    }
    if profile != Profile::Development {
        build.env("CARGO_BUILD_RUSTFLAGS", process::without_local_paths());
    }
    step(&format!("Compile {package}"), || process::run(&mut build))?;
    Ok(workspace::native_target().join(folder).join(format!("{package}{}", std::env::consts::EXE_SUFFIX)))
}
