//! npm packages packed into tarballs.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::{command, read};
use crate::workspace;

/// Packs the package in `folder` with the npm at `npm` and returns the path of its tarball in `target/npm`.
pub(crate) fn pack(npm: &Path, folder: &Path) -> Result<PathBuf> {
    let destination = workspace::output().join("npm");
    let mut pack = command(npm);
    pack.args(["pack", "--json", "--pack-destination"]).arg(&destination).current_dir(folder);
    Ok(destination.join(file_name(&read(&mut pack)?)?))
}

/// The tarball's name in the output of `npm pack --json`.
fn file_name(output: &str) -> Result<String> {
    let packed: Value = serde_json::from_str(output).context("npm pack did not answer JSON")?;
    let name = packed.pointer("/0/filename").and_then(Value::as_str);
    name.map(str::to_owned).context("npm pack named no file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tarballs_name_is_read_from_npms_answer() {
        assert_eq!(
            file_name(r#"[{"filename":"acr-client-wasm-0.1.0.tgz"}]"#).unwrap(),
            "acr-client-wasm-0.1.0.tgz"
        );
        assert!(file_name("[]").is_err());
    }
}
