//! nginx, a third-party proxy: the gateway is measured next to it, and the example of the static export runs in it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::system_package;
use crate::tool;

const WHY: &str = "the gateway is measured next to it, and the example of the static export is tested in it";
const ELSEWHERE: &str = "install it as https://nginx.org/en/docs/install.html says";

/// Debian puts it where only root's PATH looks.
const SYSTEM: &str = "/usr/sbin/nginx";

/// nginx on PATH, from the system's own folder, or from its packages.
pub(crate) fn nginx() -> Result<PathBuf> {
    if let Some(path) = find() {
        return Ok(path);
    }
    system_package::install(&["nginx"], WHY, ELSEWHERE)?;
    find().with_context(|| format!("nginx is missing ({WHY}): {ELSEWHERE}"))
}

fn find() -> Option<PathBuf> {
    tool::find("nginx").or_else(|| Some(Path::new(SYSTEM).to_owned()).filter(|path| path.is_file()))
}
