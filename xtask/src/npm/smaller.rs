//! A build of a package with the standard library compiled along with it, for size, and with panics that trap without words. Nothing
//! stable does it, so cargo and rustc are told to take unstable options from the pinned toolchain. ARCHITECTURE.md says what it saves.

use std::process::Command;

use anyhow::Result;

use crate::process::without_local_paths;
use crate::tool;

/// Panics carry neither a message nor where they happened; `{:?}` writes nothing; and what of the standard library is generic is
/// compiled here, not taken as it was compiled for speed.
const RUSTC: &str =
    "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none -Zshare-generics=off";

/// Behind the `--` of wasm-pack, for cargo.
const CARGO: [&str; 3] = ["--", "-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];

/// Has a call of wasm-pack build so. Where the standard library's source cannot be had, it builds with the library as it is shipped, and
/// the package is a tenth larger.
pub(super) fn build(wasm_pack: &mut Command) -> Result<()> {
    if !tool::rust_source()? {
        return Ok(());
    }
    let flags = format!("{} {RUSTC}", without_local_paths());
    wasm_pack
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags)
        .env("RUSTC_BOOTSTRAP", "1")
        .args(CARGO);
    Ok(())
}
