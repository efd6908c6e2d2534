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

/// The built dashboard: `index.html`, hashed assets, and a `.br` and `.gz` next to each.
pub(crate) fn dashboard() -> PathBuf {
    output().join("dashboard")
}

/// The folders of a package of this workspace and of those that it depends on, below the root.
pub(crate) fn folders_of(package: &str) -> Result<Vec<String>> {
    let mut waiting = vec![package.to_owned()];
    let mut folders = Vec::new();
    let workspace = manifest(Path::new("Cargo.toml"))?;
    while let Some(name) = waiting.pop() {
        let folder = folder_of(&workspace, &name)?;
        if folders.contains(&folder) {
            continue;
        }
        let manifest = manifest(&Path::new(&folder).join("Cargo.toml"))?;
        let mentioned = manifest.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
        waiting.extend(mentioned.filter(|name| folder_of(&workspace, name).is_ok()).map(str::to_owned));
        folders.push(folder);
    }
    folders.sort();
    Ok(folders)
}

/// The folder that the workspace's manifest gives a package.
fn folder_of(workspace: &str, package: &str) -> Result<String> {
    let start = format!("{package} = ");
    let entry = workspace.lines().find(|line| line.starts_with(&start) && line.contains("path = \""));
    let path = entry.and_then(|line| line.split("path = ").nth(1)).and_then(quoted);
    path.with_context(|| format!("Cargo.toml names no folder of {package}"))
}

fn manifest(path: &Path) -> Result<String> {
    let file = root().join(path);
    fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
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
    fn a_package_is_its_own_folder_and_those_of_what_it_depends_on() {
        let folders = folders_of("acr-dashboard").unwrap();
        assert!(folders.contains(&"dashboard".to_owned()) && folders.contains(&"client-wasm".to_owned()));
        assert!(!folders.contains(&"gateway".to_owned()), "{folders:?}");
        assert!(folders_of("no-such-package").is_err());
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
