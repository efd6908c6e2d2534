//! What rustup adds to the pinned toolchain: the wasm32 target, and the components that `tidy` runs. Asked for by name, since
//! automatic installs may be switched off.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::process::{command, read, run, say};
use crate::{tool, workspace};

/// The standard library for wasm32.
pub(crate) fn wasm_target() -> Result<()> {
    let target = workspace::WASM_TARGET;
    if sysroot_has_target(target)? {
        return Ok(());
    }
    rustup("target", target, "the client and the dashboard are WebAssembly")
}

/// A component of the toolchain, looked for by the program that it contains.
pub(crate) fn rust_component(component: &str, program: &str) -> Result<()> {
    if read(command(program).arg("--version")).is_ok() {
        return Ok(());
    }
    rustup("component", component, "`cargo xtask tidy` runs it")
}

fn sysroot_has_target(target: &str) -> Result<bool> {
    Ok(rustlib()?.join(target).join("lib").is_dir())
}

/// Where a toolchain keeps its standard libraries.
fn rustlib() -> Result<PathBuf> {
    let sysroot = read(command("rustc").args(["--print", "sysroot"]))?;
    Ok(Path::new(sysroot.trim()).join("lib").join("rustlib"))
}

fn rustup(kind: &str, name: &str, why: &str) -> Result<()> {
    let toolchain = workspace::toolchain()?;
    let how = format!("rustup {kind} add {name} --toolchain {toolchain}");
    if tool::find("rustup").is_none() {
        bail!(
            "the Rust {kind} {name} is missing ({why}), and so is rustup: get it from https://rustup.rs and run `{how}`"
        );
    }
    say(format!("installing the Rust {kind} {name} ({why}): {how}"));
    run(command("rustup").args([kind, "add", name, "--toolchain", &toolchain]))
        .with_context(|| format!("could not install the Rust {kind} {name}; try `{how}`"))
}
