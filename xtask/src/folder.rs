//! Folders read and removed with everything in them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Every file below a folder with its path relative to it, `/` between the parts, in the order of their names.
pub(crate) fn read(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        if entry.file_type().is_file() {
            let relative = entry.path().strip_prefix(folder)?;
            let name: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            let bytes =
                fs::read(entry.path()).with_context(|| format!("cannot read {}", entry.path().display()))?;
            files.push((name.join("/"), bytes));
        }
    }
    Ok(files)
}

/// Removes a folder with everything in it; one that does not exist is removed already.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}
