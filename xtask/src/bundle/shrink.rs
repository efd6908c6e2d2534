//! wasm-opt, as everything that ships is made smaller with it.

use std::path::Path;

use anyhow::Result;

use crate::process::{self, command};

/// What browsers of the last years have, `.cargo/config.toml` asks for, and rustc writes.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
];

/// Functions that are called once stay functions: inlined, they are fewer bytes but compress to more.
const PASSES: &[&str] = &["-Oz", "--one-caller-inline-max-function-size=50"];

/// Replaces a module by a smaller equivalent, with the wasm-opt at `program`.
pub(crate) fn shrink(program: &Path, module: &Path) -> Result<()> {
    process::run(command(program).args(PASSES).args(FEATURES).arg(module).arg("-o").arg(module))
}
