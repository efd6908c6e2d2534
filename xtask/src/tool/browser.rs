//! Chromium and its driver, which the tests in a browser and the journeys run in.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::system_package;
use crate::tool;

const WHY: &str = "tests run in a real browser";
const ELSEWHERE: &str = "install Chromium or Chrome, and the chromedriver of the same version from https://googlechromelabs.github.io/chrome-for-testing/";

/// A browser and the driver that speaks WebDriver for it.
pub(crate) struct Browser {
    /// Chromium or Chrome.
    pub(crate) binary: PathBuf,
    /// chromedriver of the same version.
    pub(crate) driver: PathBuf,
}

/// Chromium and chromedriver, installed where missing.
pub(crate) fn browser() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    system_package::install(&["chromium", "chromium-driver"], WHY, ELSEWHERE)?;
    find().with_context(|| format!("Chromium or chromedriver is missing ({WHY}): {ELSEWHERE}"))
}

fn find() -> Option<Browser> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let binary = names.into_iter().find_map(tool::find)?;
    Some(Browser { binary, driver: tool::find("chromedriver")? })
}
