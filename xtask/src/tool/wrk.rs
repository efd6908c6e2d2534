//! wrk, which sends one request over and over on many connections and reports how long the answers took.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::system_package;
use crate::tool;

const WHY: &str = "it puts the load on gateway and nginx when they are measured";
const ELSEWHERE: &str = "install it as https://github.com/wg/wrk says";

/// wrk on PATH or from the system's packages.
pub(crate) fn wrk() -> Result<PathBuf> {
    if let Some(path) = tool::find("wrk") {
        return Ok(path);
    }
    system_package::install(&["wrk"], WHY, ELSEWHERE)?;
    tool::find("wrk").with_context(|| format!("wrk is missing ({WHY}): {ELSEWHERE}"))
}
