//! Tools from crates.io, each at one version: as a binary with `cargo binstall` where that is available, else built with `cargo install
//! --locked`, into the user's cargo folder. Nothing is installed where the right version is found.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process::{cargo, command, read, run, say};
use crate::progress::step;
use crate::{search_path, tool, workspace};

const WASM_PACK: &str = "0.15.1";
const GECKODRIVER: &str = "0.37.1";
const MDBOOK: &str = "0.5.4";

/// Makes the JavaScript for the wasm. Its version and the library's must be equal, so the lockfile decides.
pub(crate) fn wasm_bindgen() -> Result<PathBuf> {
    let version = workspace::locked_version("wasm-bindgen")?;
    ensure("wasm-bindgen-cli", "wasm-bindgen", &version, "it makes the JavaScript that loads the wasm")
}

/// Builds the npm package and runs the tests in a browser.
pub(crate) fn wasm_pack() -> Result<PathBuf> {
    ensure("wasm-pack", "wasm-pack", WASM_PACK, "it builds the npm package and runs tests in a browser")
}

/// Speaks WebDriver for Firefox. One that is there already serves, whatever its version.
pub(super) fn geckodriver() -> Result<PathBuf> {
    match tool::find("geckodriver") {
        Some(path) => Ok(path),
        None => ensure("geckodriver", "geckodriver", GECKODRIVER, "journeys drive Firefox through it"),
    }
}

/// Makes the guide.
pub(crate) fn mdbook() -> Result<PathBuf> {
    ensure("mdbook", "mdbook", MDBOOK, "it makes the guide")
}

/// Checks licences, bans, sources and advisories. Never installed on its own: `tidy` says so when it is missing.
pub(crate) fn cargo_deny() -> Option<PathBuf> {
    tool::find("cargo-deny")
}

fn ensure(package: &str, program: &str, version: &str, why: &str) -> Result<PathBuf> {
    if let Some(path) = tool::find(program) {
        let found = read(command(&path).arg("--version")).unwrap_or_default();
        if is_version(&found, version) {
            return Ok(path);
        }
        say(format!("{} is {}, not {version}", path.display(), found.trim()));
    }
    let wanted = format!("{package}@{version}");
    if tool::find("cargo-binstall").is_some() {
        let purpose = format!("Install {package} {version}: {why}");
        let mut install = cargo();
        install.args(["binstall", "--no-confirm", "--force", &wanted]);
        if step(&purpose, || run(&mut install)).is_ok() {
            return installed(program);
        }
    }
    let how = format!("cargo install --locked {wanted}");
    let folder = workspace::output().join("tools").join("build");
    let mut install = cargo();
    install.args(["install", "--locked", "--force", &wanted]).env("CARGO_TARGET_DIR", folder);
    step(&format!("Build and install {package} {version} (minutes): {why}"), || run(&mut install))
        .with_context(|| format!("could not install {package}; try `{how}`"))?;
    installed(program)
}

fn installed(program: &str) -> Result<PathBuf> {
    let path = search_path::cargo_bin().join(program);
    if path.is_file() {
        Ok(path)
    } else {
        tool::find(program).with_context(|| format!("{program} was installed and is still not on PATH"))
    }
}

/// Whether the output of `--version`, such as `wasm-pack 0.15.1`, says exactly this version.
fn is_version(output: &str, version: &str) -> bool {
    output.split_whitespace().any(|word| word.trim_start_matches('v') == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_matched_as_a_whole_word() {
        assert!(is_version("wasm-bindgen 0.2.129\n", "0.2.129"));
        assert!(is_version("wasm-bindgen 0.2.129 (abcdef)", "0.2.129"));
        assert!(!is_version("wasm-bindgen 0.2.1290", "0.2.129"));
        assert!(!is_version("", "0.2.129"));
    }
}
