//! `bench`: the bytes that ship. Prints measurements; asserts nothing, since a figure is not a test.

use std::fs;

use anyhow::{Context, Result};

use crate::{dist, workspace};

/// Builds what ships and prints its sizes.
pub(crate) fn run() -> Result<()> {
    dist::dashboard()?;
    let folder = workspace::dashboard();
    let mut total = 0;
    println!("{:>10} {:>10}  dashboard", "bytes", "brotli");
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let path = entry.path();
        let copy = path.extension().is_some_and(|extension| extension == "br" || extension == "gz");
        if !entry.file_type().is_file() || copy {
            continue;
        }
        let size = entry.metadata()?.len();
        let mut brotli = path.as_os_str().to_owned();
        brotli.push(".br");
        let sent = fs::metadata(brotli).map_or(size, |file| file.len());
        total += sent;
        println!("{size:>10} {sent:>10}  {}", path.strip_prefix(&folder)?.display());
    }
    println!("{:>10} {total:>10}  total", "");
    Ok(())
}
