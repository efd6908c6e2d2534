//! The tools that the commands need: found where they are, installed where they are not. One file a concern; each says what it
//! installs and why, and where it cannot install something it names it and how to get it.

mod browser;
mod caddy;
mod cargo_install;
mod helm;
mod nginx;
mod node;
mod npm_packages;
mod rust_target;
mod skopeo;
mod system_package;
mod wasm_opt;
mod wrk;

pub(crate) use browser::{chromium, firefox};
pub(crate) use caddy::caddy;
pub(crate) use cargo_install::{cargo_deny, mdbook, wasm_bindgen, wasm_pack};
pub(crate) use helm::helm;
pub(crate) use nginx::nginx;
pub(crate) use node::{node, npm};
pub(crate) use npm_packages::npm_packages;
pub(crate) use rust_target::{rust_component, wasm_target};
pub(crate) use skopeo::skopeo;
pub(crate) use wasm_opt::wasm_opt;
pub(crate) use wrk::wrk;

pub(crate) use crate::search_path::find;
