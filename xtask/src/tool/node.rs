//! Node and npm, for the sign-in library in the page, the npm packages, and the tests that need a JavaScript runtime.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::system_package;
use crate::process::{command, read};
use crate::tool;

const WHY: &str = "it bundles the sign-in library into the page, and builds and tests the npm packages";
const ELSEWHERE: &str = "install Node 20 or newer, with npm, from https://nodejs.org";
const OLDEST: u32 = 20;

/// npm, with a Node that is new enough.
pub(crate) fn node() -> Result<PathBuf> {
    let npm = npm()?;
    let version = read(command("node").arg("--version"))
        .with_context(|| format!("Node is missing ({WHY}): {ELSEWHERE}"))?;
    if major(&version).is_none_or(|major| major < OLDEST) {
        bail!("Node is {}, which is older than {OLDEST} ({WHY}): {ELSEWHERE}", version.trim());
    }
    Ok(npm)
}

/// npm, with a Node of any version: enough to install a tool.
pub(crate) fn npm() -> Result<PathBuf> {
    if tool::find("node").is_none() || tool::find("npm").is_none() {
        system_package::install(&["nodejs", "npm"], WHY, ELSEWHERE)?;
    }
    tool::find("npm").with_context(|| format!("npm is missing ({WHY}): {ELSEWHERE}"))
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_the_number_after_the_v() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
        assert_eq!(major(""), None);
    }
}
