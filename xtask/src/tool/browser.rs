//! The browsers that tests run in, each with the driver that speaks WebDriver for it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{cargo_install, system_package};
use crate::tool;

const WHY: &str = "tests run in a real browser";
const CHROMIUM_ELSEWHERE: &str = "install Chromium or Chrome, and the chromedriver of the same version from https://googlechromelabs.github.io/chrome-for-testing/";

const WHY_FIREFOX: &str = "the journeys run in a second browser as well";
const FIREFOX_ELSEWHERE: &str =
    "install Firefox from https://www.mozilla.org/firefox/ so that `firefox` is on PATH";

/// A browser and the driver that speaks WebDriver for it.
pub(crate) struct Browser {
    /// The browser itself.
    pub(crate) binary: PathBuf,
    /// Its driver.
    pub(crate) driver: PathBuf,
}

/// Chromium and chromedriver of the same version, installed where missing.
pub(crate) fn chromium() -> Result<Browser> {
    if let Some(browser) = find_chromium() {
        return Ok(browser);
    }
    system_package::install(&["chromium", "chromium-driver"], WHY, CHROMIUM_ELSEWHERE)?;
    find_chromium()
        .with_context(|| format!("Chromium or chromedriver is missing ({WHY}): {CHROMIUM_ELSEWHERE}"))
}

fn find_chromium() -> Option<Browser> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let binary = names.into_iter().find_map(tool::find)?;
    Some(Browser { binary, driver: tool::find("chromedriver")? })
}

/// Firefox and geckodriver, installed where missing. Debian has no package of geckodriver; Mozilla publishes it on crates.io.
pub(crate) fn firefox() -> Result<Browser> {
    let binary = match find_firefox() {
        Some(binary) => binary,
        None => {
            system_package::install(&["firefox-esr"], WHY_FIREFOX, FIREFOX_ELSEWHERE)?;
            find_firefox()
                .with_context(|| format!("Firefox is missing ({WHY_FIREFOX}): {FIREFOX_ELSEWHERE}"))?
        }
    };
    Ok(Browser { binary, driver: cargo_install::geckodriver()? })
}

fn find_firefox() -> Option<PathBuf> {
    ["firefox-esr", "firefox"].into_iter().find_map(tool::find)
}
