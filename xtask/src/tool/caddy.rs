//! Caddy, a third-party server: the example of the static export runs in it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::system_package;
use crate::tool;

const WHY: &str = "the example of the static export is tested in it";
const ELSEWHERE: &str = "install it as https://caddyserver.com/docs/install says";

/// Caddy on PATH or from the system's packages.
pub(crate) fn caddy() -> Result<PathBuf> {
    if let Some(path) = tool::find("caddy") {
        return Ok(path);
    }
    system_package::install(&["caddy"], WHY, ELSEWHERE)?;
    tool::find("caddy").with_context(|| format!("Caddy is missing ({WHY}): {ELSEWHERE}"))
}
