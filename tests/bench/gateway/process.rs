//! What the system says of a process and its children: memory and open files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Bytes of memory that a process and its children hold. Pages that nginx's processes share are counted for each.
pub(crate) fn resident(id: u32) -> Result<u64> {
    family(id)?.into_iter().map(|id| field(id, "VmRSS:")).sum()
}

/// The most bytes of memory that one process ever held.
pub(crate) fn peak(id: u32) -> Result<u64> {
    family(id)?.into_iter().map(|id| field(id, "VmHWM:")).sum()
}

/// How many files and sockets a process has open.
pub(crate) fn open_files(id: u32) -> Result<usize> {
    Ok(fs::read_dir(format!("/proc/{id}/fd"))?.count())
}

fn field(id: u32, name: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).context("the process has ended")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("the system does not say")?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib << 10)
}

/// The process and its children.
fn family(id: u32) -> Result<Vec<u32>> {
    let mut members = vec![id];
    let children = Path::new("/proc").join(id.to_string()).join(format!("task/{id}/children"));
    let children = fs::read_to_string(children).context("the process has ended")?;
    for child in children.split_whitespace() {
        members.push(child.parse()?);
    }
    Ok(members)
}

/// Bytes as people read them.
pub(crate) fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// The one in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
