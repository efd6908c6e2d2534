//! The Web Worker that reads image layers: a WebAssembly module of its own next to the page's, fetched when the files of an image are opened.

use std::path::Path;

use anyhow::Result;

use crate::process::{self, cargo, web};
use crate::progress::step;
use crate::{bundle, tool, workspace};

/// The package, its binary, and what its files are called.
pub(crate) const PACKAGE: &str = "acr-layers-worker";

/// The module that starts it, which lies in `static/`.
pub(crate) const START: &str = "layers-worker.js";

/// Every byte of a layer passes through the worker: this profile optimises for speed where it was measured to matter.
const PROFILE: &str = "wasm-release";

/// Writes the worker's JavaScript and wasm into `folder`: as it ships, or as the dashboard's build for the demo has left it.
pub(crate) fn build(folder: &Path, shipped: bool) -> Result<()> {
    if shipped {
        let mut build = web(cargo());
        build.args(["build", "--package", PACKAGE, "--bin", PACKAGE, "--target", workspace::WASM_TARGET]);
        build.args(["--profile", PROFILE]);
        step("Compile the layer reader to WebAssembly", || process::run(&mut build))?;
    }
    let (target, profile) =
        if shipped { (workspace::web_target(), PROFILE) } else { (workspace::native_target(), "debug") };
    let linked = target.join(workspace::WASM_TARGET).join(profile).join(format!("{PACKAGE}.wasm"));
    bundle::bind(&linked, PACKAGE, folder, false)?;
    if shipped {
        let wasm_opt = tool::wasm_opt()?;
        step("Make the layer reader smaller", || {
            bundle::shrink(&wasm_opt, &folder.join(format!("{PACKAGE}_bg.wasm")))
        })?;
    }
    Ok(())
}
