//! The npm packages of a folder: the versions of its lockfile, installed next to it.

use std::path::Path;

use anyhow::Result;

use crate::process::{self, command};
use crate::progress::step;
use crate::workspace;

/// Installs the packages of a folder below the workspace's root, unless those of its lockfile are there.
pub(crate) fn npm_packages(npm: &Path, folder: &str) -> Result<()> {
    let folder = workspace::root().join(folder);
    let lockfile = std::fs::metadata(folder.join("package-lock.json")).and_then(|file| file.modified());
    let installed =
        std::fs::metadata(folder.join("node_modules/.package-lock.json")).and_then(|file| file.modified());
    if let (Ok(lockfile), Ok(installed)) = (lockfile, installed)
        && installed >= lockfile
    {
        return Ok(());
    }
    let purpose = format!("Install the npm packages of {}", folder.display());
    step(&purpose, || process::run(command(npm).args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder)))
}
