//! What `cargo xtask test` names in the environment: the binaries and tools that a test starts.

use std::path::PathBuf;

use anyhow::{Context, Result};

/// The path in an environment variable, or an error that says which command sets it.
pub fn path(variable: &str) -> Result<PathBuf> {
    let value = std::env::var_os(variable).filter(|value| !value.is_empty());
    value
        .map(PathBuf::from)
        .with_context(|| format!("{variable} is not set: run `cargo xtask test`, which builds and names it"))
}
