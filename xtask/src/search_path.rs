//! Where programs are looked for: PATH, and the folders that these commands install into.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::workspace;

/// PATH between the folders that these commands and `cargo install` put programs into. Their own comes first: it is filled only where
/// the program on PATH is too old. Cargo's is searched even where the user's shell does not.
pub(crate) fn variable() -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let known = std::iter::once(npm_bin()).chain(std::env::split_paths(&path)).chain([cargo_bin()]);
    std::env::join_paths(known).unwrap_or(path)
}

/// The program called `name` on [`variable`].
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    which::which_in(name, Some(variable()), workspace::root()).ok()
}

/// Where `cargo install` puts programs.
pub(crate) fn cargo_bin() -> PathBuf {
    cargo_home().join("bin")
}

/// Where cargo keeps what it fetches and installs.
pub(crate) fn cargo_home() -> PathBuf {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    home.unwrap_or_default()
}

/// Where the npm packages that stand in for system packages lie.
pub(crate) fn npm_prefix() -> PathBuf {
    workspace::output().join("tools")
}

fn npm_bin() -> PathBuf {
    npm_prefix().join("node_modules").join(".bin")
}
