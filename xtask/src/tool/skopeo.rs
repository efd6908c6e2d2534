//! skopeo, a third-party client: the journeys push real images with it, the peers copy, inspect, delete and sync with it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::system_package;
use crate::tool;

const WHY: &str = "tests push and pull images with it";
const ELSEWHERE: &str = "install it as https://github.com/containers/skopeo/blob/main/install.md says";

/// skopeo on PATH or from the system's packages.
pub(crate) fn skopeo() -> Result<PathBuf> {
    if let Some(path) = tool::find("skopeo") {
        return Ok(path);
    }
    system_package::install(&["skopeo"], WHY, ELSEWHERE)?;
    tool::find("skopeo").with_context(|| format!("skopeo is missing ({WHY}): {ELSEWHERE}"))
}
