//! The JavaScript that loads a wasm. wasm-bindgen is linked here as a library, at the version of the crate in the wasm.

use std::path::Path;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

/// Writes `NAME.js`, `NAME_bg.wasm` and the snippets of a linked wasm into `folder`. `shared` keeps what the linker exports: chunks find
/// what they share with the first one under those names.
pub(crate) fn bind(linked: &Path, name: &str, folder: &Path, shared: bool) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(linked).out_name(name).typescript(false).demangle(false).keep_lld_exports(shared);
    bindgen.omit_default_module_path(false);
    bindgen
        .web(true)?
        .generate(folder)
        .with_context(|| format!("cannot make the JavaScript of {}", linked.display()))
}
