//! wasm-opt, which shrinks what ships. Trunk and wasm-pack download one of their own unless it is found on PATH.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::system_package;
use crate::process::{command, read, run, say};
use crate::{search_path, tool};

const WHY: &str = "it shrinks the WebAssembly that ships";
const ELSEWHERE: &str = "install wasm-opt 116 or newer from https://github.com/WebAssembly/binaryen (macOS: brew install binaryen; npm: npm install --global binaryen)";

/// Older ones misread the table that wasm-bindgen keeps JavaScript values in: what they write fails when it is loaded
/// ("failed to grow table"). Debian 12 packages 108.
const OLDEST: u32 = 116;

/// The version from npm, where the system's is missing or too old.
const NPM_BINARYEN: &str = "binaryen@132.0.0";

/// wasm-opt on PATH where it is new enough, else from the system's packages, else from npm.
pub(crate) fn wasm_opt() -> Result<PathBuf> {
    if let Some(path) = new_enough() {
        return Ok(path);
    }
    match tool::find("wasm-opt") {
        Some(path) => {
            say(format!("{} is older than version {OLDEST}, or reports no version", path.display()))
        }
        None if system_package::install(&["binaryen"], WHY, ELSEWHERE).is_ok() => {
            if let Some(path) = new_enough() {
                return Ok(path);
            }
        }
        None => {}
    }
    let npm = tool::npm().with_context(|| format!("wasm-opt is missing ({WHY}): {ELSEWHERE}"))?;
    say(format!("installing {NPM_BINARYEN} with npm ({WHY})"));
    let install = ["install", "--no-audit", "--no-fund", "--no-save", "--prefix"];
    run(command(npm).args(install).arg(search_path::npm_prefix()).arg(NPM_BINARYEN))?;
    new_enough().with_context(|| format!("npm installed no wasm-opt that runs ({WHY}): {ELSEWHERE}"))
}

fn new_enough() -> Option<PathBuf> {
    tool::find("wasm-opt").filter(|path| version(path).is_some_and(|version| version >= OLDEST))
}

fn version(wasm_opt: &Path) -> Option<u32> {
    parse(&read(command(wasm_opt).arg("--version")).ok()?)
}

/// The number in `wasm-opt version 108 (version_108)`.
fn parse(output: &str) -> Option<u32> {
    output.split_whitespace().find_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_first_number() {
        assert_eq!(parse("wasm-opt version 108\n"), Some(108));
        assert_eq!(parse("wasm-opt version 132 (version_132)"), Some(132));
        assert_eq!(parse("command not found"), None);
    }
}
