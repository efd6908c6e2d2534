//! A page's worth of the Rust client, for the measurement of lists into typed Rust.

use anyhow::Result;

use crate::process::{cargo, command, run, say, web};
use crate::{tool, workspace};

/// The profile of what ships with the Rust client in it.
const PROFILE: &str = "dashboard-release";

/// Builds `client-wasm/examples/typed_list.rs` into `target/bench`, where the benchmark's page loads it from.
pub(crate) fn build() -> Result<()> {
    let wasm_bindgen = tool::wasm_bindgen()?;
    say("building a client into typed Rust");
    let mut build = web(cargo());
    build.args(["build", "--package", "acr-client-wasm", "--no-default-features", "--example", "typed_list"]);
    run(build.args(["--target", "wasm32-unknown-unknown", "--profile", PROFILE]))?;
    let built = workspace::web_target().join("wasm32-unknown-unknown").join(PROFILE);
    let mut bind = command(wasm_bindgen);
    bind.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(workspace::output().join("bench"));
    run(bind.arg(built.join("examples/typed_list.wasm")))
}
