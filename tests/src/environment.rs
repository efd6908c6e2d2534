//! What `cargo xtask test` names in the environment: the binaries and tools that a test starts, and the commands of the guide.

use std::path::PathBuf;

use anyhow::{Context, Result};

/// The path in an environment variable, or an error that says which command sets it.
pub fn path(variable: &str) -> Result<PathBuf> {
    let value = std::env::var_os(variable).filter(|value| !value.is_empty());
    value
        .map(PathBuf::from)
        .with_context(|| format!("{variable} is not set: run `cargo xtask test`, which builds and names it"))
}

/// The text in an environment variable, or an error that says which command sets it.
pub fn text(variable: &str) -> Result<String> {
    std::env::var(variable)
        .with_context(|| format!("{variable} is not set: run `cargo xtask test`, which names it"))
}
