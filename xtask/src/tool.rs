//! The tools that the commands need: found where they are, installed where they are not. One file a concern; each says what it
//! installs and why, and where it cannot install something it names it and how to get it.

mod browser;
mod caddy;
mod cargo_install;
mod helm;
mod nginx;
mod node;
mod rust_target;
mod skopeo;
mod system_package;
mod wasm_opt;
mod wrk;

use std::ffi::OsString;
use std::path::PathBuf;

pub(crate) use browser::{chromium, firefox};
pub(crate) use caddy::caddy;
pub(crate) use cargo_install::{cargo_deny, trunk, wasm_bindgen, wasm_pack};
pub(crate) use helm::helm;
pub(crate) use nginx::nginx;
pub(crate) use node::{node, npm};
pub(crate) use rust_target::{rust_component, rust_source, wasm_target};
pub(crate) use skopeo::skopeo;
pub(crate) use wasm_opt::wasm_opt;
pub(crate) use wrk::wrk;

use crate::workspace;

/// PATH between the folders that these commands and `cargo install` put programs into. Their own comes first, since what lies
/// there was found too old on PATH; cargo's counts as installed even where a shell does not look.
pub(crate) fn search_path() -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let known = std::iter::once(npm_bin()).chain(std::env::split_paths(&path)).chain([cargo_bin()]);
    std::env::join_paths(known).unwrap_or(path)
}

/// The program called `name` on [`search_path`].
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    which::which_in(name, Some(search_path()), workspace::root()).ok()
}

/// Where `cargo install` puts programs.
fn cargo_bin() -> PathBuf {
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
fn npm_prefix() -> PathBuf {
    workspace::output().join("tools")
}

fn npm_bin() -> PathBuf {
    npm_prefix().join("node_modules").join(".bin")
}
