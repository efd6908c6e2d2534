//! Helm, as the library that Python's package index has: Debian has no Helm, and its own downloads are binaries.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::system_package;
use crate::process::{command, read, run, say};
use crate::{tool, workspace};

/// Helm 4.2 with a C interface.
const PACKAGE: &str = "helm-python-sdk==0.2.2";
const WHY: &str = "it lints and renders the chart of deploy/";
const ELSEWHERE: &str = "install Python 3.10 or newer with its venv module from https://www.python.org";

/// A Python that has the package, in an environment of its own.
pub(crate) fn helm() -> Result<PathBuf> {
    let folder = workspace::output().join("tools").join("helm");
    let python = folder.join("bin").join("python");
    if has_package(&python) {
        return Ok(python);
    }
    if tool::find("python3").is_none() || read(command("python3").args(["-m", "venv", "--help"])).is_err() {
        system_package::install(&["python3", "python3-venv"], WHY, ELSEWHERE)?;
    }
    say(format!("installing {PACKAGE} ({WHY}) into {}", folder.display()));
    run(command("python3").args(["-m", "venv"]).arg(&folder))
        .with_context(|| format!("cannot make a Python environment ({WHY}): {ELSEWHERE}"))?;
    run(command(&python).args(["-m", "pip", "--quiet", "--disable-pip-version-check", "install", PACKAGE]))?;
    Ok(python)
}

fn has_package(python: &PathBuf) -> bool {
    let version = PACKAGE.rsplit('=').next().unwrap_or_default();
    let look = "import importlib.metadata as m; print(m.version('helm-python-sdk'))";
    python.is_file() && read(command(python).args(["-c", look])).is_ok_and(|found| found.trim() == version)
}
