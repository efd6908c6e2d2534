//! Chromium: how it is started, and the logs that it keeps of a visit.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};
use thirtyfour::cdp::Cdp;
use thirtyfour::prelude::*;
use thirtyfour::{LoggingPrefsLogLevel, WebDriverBuilder};

use super::Seen;
use crate::environment;

/// What chromedriver is started with.
pub(super) const DRIVER_ARGUMENTS: &[&str] = &["--port=0"];

/// Flags that keep a browser quiet and alone.
const FLAGS: &[&str] = &[
    "--headless",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    // The tests' certificates are their own, and the only hosts are of this machine.
    "--ignore-certificate-errors",
    "--no-default-browser-check",
    "--no-first-run",
    "--window-size=1280,900",
    // The user of a container is often root, which Chromium's sandbox refuses.
    "--no-sandbox",
];

/// A session of the chromedriver at this address, with its profile in this folder, that keeps logs where these are wanted.
pub(super) fn session(driver: &str, profile: &Path, logs: bool) -> Result<WebDriverBuilder> {
    let mut capabilities = DesiredCapabilities::chrome();
    let binary = environment::path("ACR_CHROMIUM")?;
    capabilities.set_binary(&binary.to_string_lossy())?;
    for flag in FLAGS {
        capabilities.add_arg(flag)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    if logs {
        capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All)?;
        capabilities.set_logging_prefs("performance", LoggingPrefsLogLevel::All)?;
    }
    Ok(WebDriver::builder(driver, capabilities))
}

/// What the logs hold. The console's includes what the Content-Security-Policy refused.
pub(super) async fn seen(session: &WebDriver) -> Result<Seen> {
    let mut seen = Seen::default();
    for entry in session.get_log("browser").await? {
        let network = entry.source.as_deref() == Some("network");
        if entry.level == "SEVERE" && !network {
            seen.errors.push(entry.message);
        }
    }
    for entry in session.get_log("performance").await? {
        let event: Value = serde_json::from_str(&entry.message)?;
        if event.pointer("/message/method").and_then(Value::as_str) == Some("Network.requestWillBeSent") {
            let address = event.pointer("/message/params/request/url").and_then(Value::as_str);
            seen.requests.push(address.unwrap_or_default().to_owned());
        }
    }
    Ok(seen)
}

/// No network at all, or all of it.
pub(super) async fn set_offline(session: &WebDriver, offline: bool) -> Result<()> {
    let conditions =
        json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
    let devtools = Cdp::new(session.handle().clone());
    devtools.send_raw("Network.emulateNetworkConditions", conditions).await?;
    Ok(())
}
