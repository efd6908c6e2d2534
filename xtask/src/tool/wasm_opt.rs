//! wasm-opt, which shrinks what ships. Trunk and wasm-pack download one of their own unless it is found on PATH.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::system_package;
use crate::process::{command, run, say};
use crate::tool;

const WHY: &str = "it shrinks the WebAssembly that ships";
const ELSEWHERE: &str = "install wasm-opt from https://github.com/WebAssembly/binaryen (macOS: brew install binaryen; npm: npm install --global binaryen)";

/// The version from npm, where the system's packages cannot be installed.
const NPM_BINARYEN: &str = "binaryen@132.0.0";

/// wasm-opt on PATH, from the system's packages, or from npm.
pub(crate) fn wasm_opt() -> Result<PathBuf> {
    if let Some(path) = tool::find("wasm-opt") {
        return Ok(path);
    }
    if let Err(error) = system_package::install(&["binaryen"], WHY, ELSEWHERE) {
        from_npm().with_context(|| format!("{error:#}"))?;
    }
    tool::find("wasm-opt").with_context(|| format!("wasm-opt is missing ({WHY}): {ELSEWHERE}"))
}

fn from_npm() -> Result<()> {
    let npm = tool::find("npm").context("npm, the other way to get it, is missing too")?;
    say(format!("installing {NPM_BINARYEN} with npm ({WHY})"));
    let install = ["install", "--no-audit", "--no-fund", "--prefix"];
    run(command(npm).args(install).arg(tool::npm_prefix()).arg(NPM_BINARYEN))
}
