//! Where things lie in this repository, and which versions its lockfile pins. Runs nothing.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The target that the client and the dashboard are built for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// Where native builds go: `CARGO_TARGET_DIR`, else `target`.
pub(crate) fn native_target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Where everything else that is built goes, whatever `CARGO_TARGET_DIR` says: the gateway embeds `target/dashboard`.
pub(crate) fn output() -> PathBuf {
    root().join("target")
}

/// Where builds for wasm32 go: a folder of their own, so that they neither wait for native builds nor evict them.
pub(crate) fn web_target() -> PathBuf {
    output().join("web")
}

/// The built dashboard: `index.html`, hashed assets, and a `.br` and `.gz` beside each.
pub(crate) fn dashboard() -> PathBuf {
    output().join("dashboard")
}

/// The toolchain that `rust-toolchain.toml` names.
pub(crate) fn toolchain() -> Result<String> {
    let file = root().join("rust-toolchain.toml");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let channel = text.lines().find_map(|line| line.strip_prefix("channel")).and_then(quoted);
    channel.with_context(|| format!("{} names no channel", file.display()))
}

/// The version of `package` in `Cargo.lock`; an error if there is none or more than one.
pub(crate) fn locked_version(package: &str) -> Result<String> {
    let file = root().join("Cargo.lock");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut versions = versions_in(&text, package);
    let version = versions.pop().with_context(|| format!("Cargo.lock does not hold {package}"))?;
    ensure!(versions.is_empty(), "Cargo.lock holds {package} more than once");
    Ok(version)
}

fn versions_in(lockfile: &str, package: &str) -> Vec<String> {
    let name = format!("name = \"{package}\"");
    let lines: Vec<&str> = lockfile.lines().collect();
    let pairs = lines.windows(2).filter_map(|pair| match pair {
        [first, second] if *first == name => second.strip_prefix("version").and_then(quoted),
        _ => None,
    });
    pairs.collect()
}

/// The first double-quoted string of `text`.
fn quoted(text: &str) -> Option<String> {
    text.split('"').nth(1).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_is_read_from_the_line_after_the_name() {
        let lockfile = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n\n[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.79\"\n";
        assert_eq!(versions_in(lockfile, "wasm-bindgen"), ["0.2.129"]);
        assert!(versions_in(lockfile, "wasm").is_empty());
    }

    #[test]
    fn the_toolchain_file_names_a_channel() {
        assert!(toolchain().unwrap().starts_with("1."));
    }

    #[test]
    fn the_lockfile_holds_one_wasm_bindgen() {
        assert!(locked_version("wasm-bindgen").unwrap().starts_with("0.2."));
    }
}
